//! Are files of each sort recognised, and is every choice explained?

use super::*;
use crate::inspect;
use crate::mapping::{Call, Rows};
use serde_json::Value;
use std::fmt::Write;

fn looked_at(name: &str, text: &str) -> crate::Inspection {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let inspection = inspect(&path).unwrap();
    let mapping = &inspection.proposal.mapping;
    let read_back = Mapping::from_toml(&mapping.to_toml().unwrap());
    if mapping.check().is_ok() {
        assert_eq!(&read_back.unwrap(), mapping, "a proposal can be saved and read");
    }
    inspection
}

fn events(inspection: &crate::Inspection) -> Vec<Value> {
    inspection.preview.events.iter().map(|event| serde_json::from_str(event).unwrap()).collect()
}

#[test]
fn order_lines() {
    let mut text = String::from(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n",
    );
    for n in 0..30 {
        let (order, sign) = (n / 3, if n / 3 == 4 { "-" } else { "" });
        let customer = if order == 2 { String::new() } else { format!("{}.0", 17_850 + order) };
        let _ = writeln!(
            text,
            "{},S{n},Thing {n},{sign}2,2010-12-01 08:{n:02}:00,1.25,{customer},United Kingdom",
            536_365 + order
        );
    }
    let found = looked_at("Online Retail.csv", &text);
    assert_eq!(found.proposal.shape, Shape::OrderLines);
    assert_eq!(found.proposal.mapping.name, "online_retail");
    let events = events(&found);
    assert_eq!(events.len(), 10);
    assert_eq!(events[0]["userId"], "17850");
    assert_eq!(events[0]["properties"]["products"].as_array().unwrap().len(), 3);
    assert_eq!(events[0]["properties"]["total"], 7.5);
    assert_eq!(events[0]["properties"]["currency"], "GBP");
    assert_eq!(events[2]["anonymousId"], "invoice-536367");
    assert_eq!(
        (&events[4]["event"], &events[4]["properties"]["total"]),
        (&"Order Refunded".into(), &7.5.into())
    );
    assert!(found.proposal.reasons.iter().all(|reason| !reason.words.is_empty()));
    assert!(found.proposal.warnings.iter().any(|w| w.contains("GBP was assumed")));
}

#[test]
fn german_orders() {
    let mut text = String::from("Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag;Land\n");
    for n in 1..20 {
        let _ = writeln!(
            text,
            "B-{n};K{};{:02}.0{}.2026 10:00;1.{n:03},50 €;DE",
            n % 7,
            n + 3,
            1 + n / 10
        );
    }
    let found = looked_at("bestellungen.csv", &text);
    assert_eq!(found.proposal.shape, Shape::Orders);
    let event = &events(&found)[0];
    assert_eq!(event["event"], "Order Completed");
    assert_eq!(event["timestamp"], "2026-01-04T10:00:00Z");
    assert_eq!(event["properties"]["total"], 1001.5);
    assert_eq!(event["userId"], "K1");
}

#[test]
fn event_log() {
    let mut text = String::new();
    for n in 0..20 {
        let _ = writeln!(
            text,
            "{{\"eventId\":\"e{n}\",\"event\":\"Video Played\",\"user_id\":{user},\"timestamp\":{},\"properties\":{{\"seconds\":{n},\"ok\":true}}}}",
            1_760_000_000_000u64 + n,
            user = n + 1,
        );
    }
    let found = looked_at("log.jsonl", &text);
    assert_eq!(found.proposal.shape, Shape::EventLog);
    assert_eq!(found.proposal.mapping.id, ["eventId"]);
    let event = &events(&found)[3];
    assert_eq!(event["event"], "Video Played");
    assert_eq!(event["userId"], "4");
    assert_eq!(event["timestamp"], "2025-10-09T08:53:20.003Z");
    assert_eq!(event["properties"], serde_json::json!({"seconds": 3, "ok": true}));
}

#[test]
fn customers() {
    let text = "Email,First Name,Birthday,Country,Phone\n\
        ann@example.com,Ann,1980-01-02,DE,+49 30 1234567\nbob@example.com,Bob,1981-01-02,FR,+33 1 2345678\n";
    let found = looked_at("contacts.csv", text);
    assert_eq!(found.proposal.shape, Shape::Customers);
    assert_eq!(found.proposal.mapping.events[0].call, Call::Identify);
    let event = &events(&found)[0];
    assert_eq!(event["type"], "identify");
    assert_eq!(event.get("timestamp"), None);
    let traits = serde_json::json!({
        "email": "ann@example.com", "phone": "+49301234567", "first_name": "Ann", "birthday": "1980-01-02",
        "country": "DE",
    });
    assert_eq!(event["traits"], traits);
}

#[test]
fn segment_events() {
    let text = "{\"type\":\"track\",\"event\":\"A\",\"userId\":\"u\",\"timestamp\":\"2026-01-01T00:00:00Z\"}\n";
    let found = looked_at("dump.jsonl", text);
    assert_eq!(found.proposal.shape, Shape::SegmentEvents);
    assert_eq!(found.proposal.mapping.rows, Rows::Segment);
    assert_eq!(events(&found)[0]["event"], "A");
}

#[test]
fn nobody_is_no_customer() {
    let found = looked_at("weather.csv", "place,degrees\nKiel,3\nRome,12\n");
    assert_eq!(found.proposal.shape, Shape::Unknown);
    assert_eq!(found.proposal.confidence, Confidence::Low);
    assert!(found.proposal.mapping.check().is_err());
    assert!(!found.proposal.warnings.is_empty());
    assert_eq!(found.preview, crate::Preview::default());
}

fn time_format(days: &[&str]) -> (String, bool) {
    let rows: String = days.iter().map(|day| format!("u1,\"{day}\",9\n")).collect();
    let found = looked_at("t.csv", &format!("user_id,date,amount\n{rows}"));
    let unsure = found.proposal.warnings.iter().any(|w| w.contains("can be read as"));
    (found.proposal.mapping.time.unwrap().format, unsure)
}

#[test]
fn day_and_month_are_told_apart_by_the_data() {
    let check = |days: &[&str], format: &str, unsure| {
        assert_eq!(time_format(days), (format.to_owned(), unsure), "{days:?}");
    };
    check(&["01/02/2026", "13/02/2026"], "%d/%m/%Y", false);
    check(&["01/02/2026", "02/13/2026"], "%m/%d/%Y", false);
    // Both fit; only one of them lets the file run forwards.
    check(&["01/11/2026", "02/11/2026", "01/12/2026"], "%d/%m/%Y", false);
    check(&["11/01/2026", "11/02/2026", "12/01/2026"], "%m/%d/%Y", false);
    // Nothing tells them apart: said, and the more usual order of the world taken.
    check(&["01/02/2026", "01/02/2026"], "%d/%m/%Y", true);
    check(&["1.2.2026 8:05", "28.2.2026 9:00"], "%d.%m.%Y %H:%M", false);
    check(&["Dec 1, 2026", "Dec 31, 2026"], "%b %d, %Y", false);
}

#[test]
fn names_are_taken_apart() {
    assert_eq!(tokens("CustomerID"), ["customer", "id"]);
    assert_eq!(tokens("unit_price (EUR)"), ["unit", "price", "eur"]);
    assert_eq!(tokens("§"), [""; 0]);
}
