//! Do the examples of docs/import.md do what the page says?
//!
//! An example is a block with a file, a block of TOML with a mapping, and a block of JSON lines
//! with the events, in this order; message ids are compared only where the page shows them.

use rapport_sync::{Conversion, Mapping};
use serde_json::Value;
use std::path::Path;

struct Block<'a> {
    language: &'a str,
    text: &'a str,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let fenced = page.split("\n```").skip(1).step_by(2);
    let parted = fenced.filter_map(|block| block.split_once('\n'));
    parted.map(|(language, text)| Block { language, text }).collect()
}

fn events(file: &Block<'_>, mapping: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, format!("{}\n", file.text)).unwrap();
    let mapping = Mapping::from_toml(mapping).unwrap();
    let chunks: Result<Vec<_>, _> = Conversion::new(&path, &mapping, 0).unwrap().collect();
    let chunks = chunks.unwrap();
    assert!(chunks.iter().all(|chunk| chunk.rejects.is_empty()), "{chunks:?}");
    let texts = chunks.iter().flat_map(|chunk| &chunk.events);
    texts.map(|event| serde_json::from_str(event).unwrap()).collect()
}

#[test]
fn every_example_gives_the_events_shown() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/import.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks = blocks(&page);
    let mut n_examples = 0;
    for window in blocks.windows(3) {
        let [file, mapping, shown] = window else { unreachable!("windows of three") };
        if mapping.language != "toml" {
            continue;
        }
        assert!(matches!(file.language, "csv" | "jsonl"), "{}", file.language);
        assert_eq!(shown.language, "jsonl");
        n_examples += 1;
        let shown: Vec<Value> =
            shown.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut found = events(file, mapping.text);
        for (found, shown) in found.iter_mut().zip(&shown) {
            if shown.get("messageId").is_none() {
                found.as_object_mut().unwrap().remove("messageId").expect("every event has an id");
            }
        }
        assert_eq!(found, shown, "{}", mapping.text);
    }
    assert_eq!(n_examples, 4, "an example that is not found is not tested");
}
