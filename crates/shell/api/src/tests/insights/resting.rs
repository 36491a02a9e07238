//! Do the events of customers whose data rest count for nothing, and is that said?

use super::{asked, behind, selected, shop, week};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_data_rest_is_in_no_answer_until_they_are_used_again() {
    let server = shop().await;
    let question = json!({
        "period": week(), "within": 604_800,
        "steps": [selected("Product Viewed"), selected("Order Completed")],
    });
    let steps = async || {
        let answer = asked(&server, "funnel", &question).await;
        let n = |step: usize| answer["all"]["steps"][step]["n"].as_u64().unwrap();
        let said = answer["explained"]["left_out"].as_array().unwrap().clone();
        let said = said.into_iter().filter(|one| one.as_str().unwrap().contains("rest"));
        let looked_at = answer["explained"]["n_customers"].as_u64().unwrap();
        ((n(0), n(1)), looked_at, said.collect::<Vec<Value>>())
    };
    let reached = json!({"question": question, "step": 1, "side": "reached"});
    let viewed = async || {
        let path = "/api/catalogue/events?q=viewed";
        server.get(path).await.json()["events"][0]["n_events"].clone()
    };
    assert_eq!(steps().await, ((2, 1), 3, Vec::new()));
    assert_eq!(viewed().await, json!(3));

    let anna = server.get("/api/lookup?kind=user_id&value=anna").await.json();
    let path = format!("/api/customers/{}/suspension", anna["customer_id"].as_str().unwrap());
    server.admin("POST", &path, r#"{"reason":"disputed"}"#).await;
    let said = "1 customer whose data rest is left out, with all of their events: processing is \
                suspended.";
    assert_eq!(steps().await, ((1, 0), 2, vec![json!(said)]));
    assert_eq!(behind(&server, "funnel", &reached).await, ["ben"]);
    assert_eq!(viewed().await, json!(2), "the catalogue counts alike");
    let traits = server.get("/api/catalogue/traits").await.json();
    assert_eq!(traits["n_looked_at"], 2);

    server.admin("DELETE", &path, "").await;
    assert_eq!(steps().await, ((2, 1), 3, Vec::new()));
    assert_eq!(behind(&server, "funnel", &reached).await, ["anna", "ben"]);
    assert_eq!(viewed().await, json!(3));
}
