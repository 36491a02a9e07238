//! Who may sign in?

use crate::cli::UserAction;
use crate::client::Client;
use crate::config::Config;
use anyhow::Result;
use base::{Error, ErrorKind};
use serde_json::{Value, json};

/// Carries out one action on people.
pub async fn run(config: &Config, action: &UserAction) -> Result<()> {
    let client = Client::connect(config).await?;
    let acted = act(&client, action);
    client.close().await?;
    acted
}

fn act(client: &Client, action: &UserAction) -> Result<()> {
    match action {
        UserAction::Invite { email, role } => {
            let body = json!({ "email": email, "role": role });
            print_link(&client.post("/api/users/invite", &body)?);
        }
        UserAction::List => list(client)?,
        UserAction::Reset { email } => {
            let id = find(client, email)?;
            print_link(&client.post(&format!("/api/users/{id}/reset"), &json!({}))?);
        }
        UserAction::Role { email, role } => {
            let id = find(client, email)?;
            client.patch(&format!("/api/users/{id}"), &json!({ "role": role }))?;
            println!("{email} is {role} now");
        }
        UserAction::Disable { email } => {
            let id = find(client, email)?;
            client.patch(&format!("/api/users/{id}"), &json!({ "disabled": true }))?;
            println!("{email} can no longer sign in");
        }
    }
    Ok(())
}

fn list(client: &Client) -> Result<()> {
    for user in client.list("/api/users")? {
        let word = |name: &str| user[name].as_str().unwrap_or("").to_owned();
        let note = if user["disabled"] == Value::Bool(true) { "  disabled" } else { "" };
        println!("{:<9} {:<32} {}{note}", word("role"), word("email"), word("name"));
    }
    Ok(())
}

fn find(client: &Client, email: &str) -> Result<String> {
    let users = client.list("/api/users")?;
    let found = users.iter().find(|u| u["email"].as_str().is_some_and(|e| e == email));
    let id = found.and_then(|user| user["id"].as_str()).map(str::to_owned);
    id.ok_or_else(|| {
        let error = Error::new(ErrorKind::NotFound, format!("nobody signs in as {email}"));
        error.with_hint("`rapport user list` names everybody").into()
    })
}

fn print_link(answer: &Value) {
    println!("{}", answer["invite_url"].as_str().unwrap_or_default());
    if let Some(until) = answer["expires_at"].as_str() {
        eprintln!("The link works once, until {until}.");
    }
}
