//! `docs/case.schema.json` is made of the types that read `case.json`.

use std::fs;
use std::path::Path;

use wardian::case::CaseFile;

#[test]
fn the_schema_in_the_docs_is_current() {
    let schema = schemars::schema_for!(CaseFile);
    let schema = serde_json::to_value(&schema).expect("JSON");
    let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/case.schema.json");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &text).expect("the schema is written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "docs/case.schema.json is not that of the types: BLESS=1 cargo test --features case-schema --test case_schema"
    );
}
