//! Do answers arrive as they were made, in every form?

use crate::testing::{texts, world};
use crate::write::{Form, write};
use crate::{Folds, SqlLimits};
use datafusion::arrow::ipc::reader::StreamReader;
use futures::{StreamExt, TryStreamExt};

const SQL: &str =
    "SELECT * FROM (VALUES (1, 'a\"b', TRUE, 1.5, NULL, TIMESTAMPTZ '2026-01-01T00:00:00Z'),
    (2, 'c,d', FALSE, 'NaN'::DOUBLE, 'x', NULL)) t(n, t, b, f, z, at)";

async fn written(form: Form) -> Vec<u8> {
    let world = world().await;
    let answer = world.engine.query(&world.viewer, SQL).await.unwrap();
    write(answer, form, None).map_ok(|bytes| bytes.to_vec()).try_concat().await.unwrap()
}

#[tokio::test]
async fn json_is_json() {
    let text = String::from_utf8(written(Form::Json).await).unwrap();
    let plain = without_time(&text);
    assert_eq!(
        plain,
        r#"{"columns":[{"name":"n","type":"BIGINT"},{"name":"t","type":"TEXT"},{"name":"b","type":"BOOLEAN"},{"name":"f","type":"DOUBLEPRECISION"},{"name":"z","type":"TEXT"},{"name":"at","type":"TIMESTAMPTZ"}],"rows":[[1,"a\"b",true,1.5,null,"2026-01-01T00:00:00Z"],[2,"c,d",false,null,"x",null]],"n_rows":2,"is_cut":false,"took_ms":_,"error":null}"#
    );
}

/// Without blanks, and without how long it took.
fn without_time(text: &str) -> String {
    let plain: String = text.split_whitespace().collect();
    let (head, tail) = plain.split_once("\"took_ms\":").expect("it says how long it took");
    let tail = tail.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{head}\"took_ms\":_{tail}")
}

#[tokio::test]
async fn what_nobody_wants_more_of_is_cut_without_an_error() {
    let world = world().await;
    for (n, is_cut) in [(1, true), (4, true), (499, true), (500, false), (501, false)] {
        let sql = "SELECT customer_id FROM customers ORDER BY 1";
        let answer = world.engine.query_up_to(&world.viewer, sql, Some(n)).await.unwrap();
        let parts: Vec<_> = write(answer, Form::Json, Some(n)).try_collect().await.unwrap();
        let text: String = parts.iter().map(|part| String::from_utf8_lossy(part)).collect();
        let n_rows = n.min(500);
        let tail =
            format!("\"n_rows\":{n_rows},\"is_cut\":{is_cut},\"took_ms\":_,\"error\":null}}");
        assert!(without_time(&text).ends_with(&tail), "{n}: {text}");
    }
}

#[tokio::test]
async fn json_says_where_it_was_cut_short() {
    let limits = SqlLimits { rows_max: 3, ..SqlLimits::default() };
    let world = crate::testing::world_with(limits, &Folds::default()).await;
    let answer = world.engine.query(&world.viewer, "SELECT customer_id FROM customers ORDER BY 1");
    let parts: Vec<_> = write(answer.await.unwrap(), Form::Json, None).try_collect().await.unwrap();
    let text: String = parts.iter().map(|part| String::from_utf8_lossy(part)).collect();
    let plain: String = text.split_whitespace().collect();
    assert!(plain.contains(r#""rows":[[1],[2],[3]],"n_rows":3,"is_cut":true"#), "{text}");
    assert!(text.contains("more than 3 rows"), "{text}");
}

#[tokio::test]
async fn csv_is_csv() {
    let text = String::from_utf8(written(Form::Csv).await).unwrap();
    assert_eq!(
        text,
        "n,t,b,f,z,at\n1,\"a\"\"b\",true,1.5,,2026-01-01T00:00:00Z\n2,\"c,d\",false,NaN,x,\n"
    );
}

#[tokio::test]
async fn arrow_is_arrow() {
    let bytes = written(Form::Arrow).await;
    let reader = StreamReader::try_new(&bytes[..], None).unwrap();
    let batches: Vec<_> = reader.map(Result::unwrap).collect();
    let rows = texts(&batches);
    assert_eq!(rows[0][..2], ["1", "a\"b"]);
    assert_eq!(rows.len(), 2);
}

#[tokio::test]
async fn csv_and_arrow_do_not_hide_that_they_were_cut_short() {
    let limits = SqlLimits { rows_max: 3, ..SqlLimits::default() };
    let world = crate::testing::world_with(limits, &Folds::default()).await;
    for form in [Form::Csv, Form::Arrow] {
        let answer = world.engine.query(&world.viewer, "SELECT * FROM events").await.unwrap();
        let last = write(answer, form, None).collect::<Vec<_>>().await.pop();
        assert!(matches!(last, Some(Err(_))), "{form:?}");
    }
}
