//! How does a question of the API become an answer?

use crate::{Desk, failure, schema};
use api::sql::{SqlBytes, SqlDesk, SqlForm, SqlQuestion, SqlSchema};
use app::access::Caller;
use base::Error;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt};
use sql::write::{Form, write};

impl SqlDesk for Desk {
    fn ask<'a>(
        &'a self,
        caller: &'a Caller,
        question: SqlQuestion,
    ) -> BoxFuture<'a, Result<SqlBytes, Error>> {
        async move {
            let viewer = self.viewer(caller, "http");
            let SqlQuestion { query, rows_max, form } = question;
            // Who asks for more than the bound is told so, as everybody who meets it.
            let rows_max = rows_max.filter(|&rows| rows < self.sql.limits().rows_max);
            let answer = self.sql.query_up_to(&viewer, &query, rows_max).await.map_err(failure)?;
            let answer = answer.begun().await.map_err(failure)?;
            let form = match form {
                SqlForm::Json => Form::Json,
                SqlForm::Csv => Form::Csv,
                SqlForm::Arrow => Form::Arrow,
            };
            Ok(write(answer, form, rows_max).map_err(std::io::Error::other).boxed())
        }
        .boxed()
    }

    fn plan<'a>(
        &'a self,
        caller: &'a Caller,
        query: &'a str,
    ) -> BoxFuture<'a, Result<String, Error>> {
        async move {
            let viewer = self.viewer(caller, "http");
            self.sql.explain(&viewer, query).await.map_err(failure)
        }
        .boxed()
    }

    fn schema(&self) -> SqlSchema {
        schema::schema(self.port)
    }
}
