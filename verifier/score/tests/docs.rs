//! `docs/signals.md` is made from the table of detectors. To write it anew: `UPDATE_DOCS=1 cargo test -p touchstone-score --test docs`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{env, fs, path::Path};

use touchstone_score::detectors_as_markdown;

#[test]
fn the_documentation_of_the_signals_is_the_table_of_detectors() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/signals.md");
    let text = format!("{HEAD}{}", detectors_as_markdown());
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        text,
        "the table changed: run with UPDATE_DOCS=1"
    );
}

const HEAD: &str = "\
# Signals

Made from the table of detectors in `verifier/score/src/detectors`; every one is asked in every assessment. *Tier* is what a finding
may do: **A** alone may push the score to 0.1 or below; **B** needs two different causes to go below 0.5; **C** is context that only
supports another finding; **M**, behaviour, alone may go to 0.3. Of one *cause* only the strongest finding counts. *Costs* is what the
source asks of the browser; `performance.md` has the figures.

";
