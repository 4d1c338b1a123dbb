//! Files of rows: a plan that can be kept, rows that do not depend on how the file's bytes come, or an error of one line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wardian::Model;
use wardian::rows::{Block, Options, Plan, Reader, Vocabulary};

/// The rows' values as bits, and what is wrong, if anything is.
fn read(plan: &Plan, model: &Model, file: &[u8], piece: usize) -> (Vec<u64>, Option<String>) {
    let mut reader = Reader::new(plan, model.schema()).expect("the model's plan");
    let mut block = Block::default();
    for piece in file.chunks(piece) {
        reader.read(piece, false, &mut block);
        if block.fault.is_some() {
            break;
        }
    }
    if block.fault.is_none() {
        reader.read(&[], true, &mut block);
    }
    assert!(block.values.iter().all(|value| !value.is_infinite()));
    assert!(block.values.len().is_multiple_of(model.schema().features().len()));
    let fault = block.fault.map(|fault| fault.to_string());
    assert!(fault.as_ref().is_none_or(|fault| !fault.contains('\n')));
    (block.values.iter().map(|value| value.to_bits()).collect(), fault)
}

fuzz_target!(|input: &[u8]| {
    let Some((&piece, file)) = input.split_first() else { return };
    let (model, vocabulary) = (wardian::diabetes(), serde_json::from_str(wardian::diabetes_columns()).expect("JSON"));
    // A part of the file tells as much as it can; what it cannot is an error of a row.
    let start = &file[..file.len().min(200)];
    let whole = start.len() == file.len();
    let plan = match Plan::new(start, whole, model.schema(), &vocabulary, &Options::default()) {
        Ok(plan) => plan,
        Err(error) => return assert!(!error.to_string().contains('\n')),
    };
    let doubts = plan.doubts.iter().chain(&plan.notes);
    doubts.for_each(|doubt| assert!(!doubt.message.contains('\n'), "{}", doubt.message));
    let kept: Plan = serde_json::from_str(&serde_json::to_string(&plan).expect("JSON")).expect("a plan");
    let at_once = read(&plan, model, file, usize::MAX);
    assert_eq!(at_once, read(&kept, model, file, usize::from(piece).max(1)));
});
