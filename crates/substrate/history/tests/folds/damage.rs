//! What does a question say when a file is damaged or missing?

use crate::recorder::{Recorder, resolved};
use crate::shop::Shop;
use base::ErrorKind;
use base::hash::mix64;
use rapport_history::HistoryError;
use std::sync::Arc;
use timeline::{Ask, Field, Label, View, Window};

fn ask() -> Ask {
    let label = |field| Label { field, view: View::Whole };
    let labels = vec![
        label(Field::Name),
        label(Field::Property("currency".into())),
        label(Field::Property("odd".into())),
        label(Field::Context("page.url".into())),
    ];
    let numbers = vec![Field::Property("revenue".into())];
    Ask { labels, numbers, ..Ask::every(Window::EVER) }
}

async fn answer(shop: &Shop) -> Result<Vec<String>, HistoryError> {
    let folded = shop.history.fold(Arc::new(Recorder(ask())), shop.options(2)).await?;
    Ok(resolved(&ask(), &folded.total, &folded.texts))
}

/// Files of both sorts: some rows in mixed runs, others merged, with columns of fields.
async fn stocked(folder: &std::path::Path) -> Shop {
    let mut shop = Shop::new(folder);
    for round in 0..3 {
        let of = |n: u64| (1 + mix64(n) % 30, (mix64(n + 1_000 * round) % 5_000) as i64);
        shop.add(&(0..1_500).map(of).collect::<Vec<_>>());
        shop.flush(shop.rewrite()).await;
        if round == 1 {
            shop.compact_all(true, &shop.rewrite()).await;
        }
    }
    shop
}

#[test]
fn damage_is_named_and_never_a_panic() {
    crate::model::runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut shop = stocked(folder.path()).await;
        let right = answer(&shop).await.unwrap();
        let paths = shop.paths();
        assert!(paths.len() > 2);
        let mut n_refused = 0;
        for n in 0..150 {
            let r = mix64(n);
            let path = &paths[n as usize % paths.len()];
            let file = folder.path().join(path);
            let whole = std::fs::read(&file).unwrap();
            let mut bytes = whole.clone();
            // Half of the damage goes to the footer.
            let start = if r & 1 == 0 { whole.len() * 7 / 8 } else { 0 };
            let place = start + (r >> 8) as usize % (whole.len() - start);
            bytes[place] ^= 1 << (r >> 60 & 7);
            std::fs::write(&file, &bytes).unwrap();
            shop.restart(folder.path());
            if let Err(error) = answer(&shop).await {
                assert!(error.to_string().contains(path.as_str()), "{error:?}");
                assert_eq!(error.kind(), ErrorKind::Corrupt, "{error:?}");
                n_refused += 1;
            }
            std::fs::write(&file, &whole).unwrap();
        }
        assert!(n_refused > 20, "{n_refused}");
        shop.restart(folder.path());
        assert_eq!(answer(&shop).await.unwrap(), right);
        std::fs::remove_file(folder.path().join(&paths[0])).unwrap();
        shop.restart(folder.path());
        assert!(matches!(answer(&shop).await, Err(HistoryError::Missing { .. })));
    });
}
