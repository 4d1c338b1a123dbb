//! What every reader of a trainer's file must do with any bytes.

use wardian::import::{self, FileKind};
use wardian::{Model, format};

/// Rows that trees can tell apart: the bytes themselves, as numbers.
fn rows(bytes: &[u8], width: usize) -> Vec<f64> {
    const ROWS: usize = 19;
    let numbers = bytes.iter().rev().cycle().map(|&byte| match byte {
        0xff => f64::NAN,
        _ => f64::from(byte as i8) * 0.75,
    });
    numbers.take(ROWS * width).collect()
}

/// A row is answered alone as it is among others.
fn answers_rows_as_batches(model: &Model, bytes: &[u8]) {
    let width = model.schema().features().len();
    if width > 1000 || model.forest().output_count() > 1000 {
        return;
    }
    let rows = rows(bytes, width);
    let bits = |rows: &[f64]| -> Vec<u64> {
        let Ok(answers) = model.predict_many(rows) else { panic!("finite values") };
        answers.iter().map(|answer| if answer.is_nan() { 0 } else { answer.to_bits() }).collect()
    };
    let single: Vec<u64> = rows.chunks(width).flat_map(bits).collect();
    assert_eq!(bits(&rows), single);
}

/// A file of this kind, which no other reader is given: an error of one line, or a model that can be written and read.
pub fn check(bytes: &[u8], kind: FileKind) {
    if FileKind::of(bytes) != Ok(kind) {
        return;
    }
    match import::read(bytes) {
        Ok(model) => {
            let written = format::write(&model);
            let read = format::read(&written).expect("what was written");
            assert_eq!(format::write(&read), written);
            answers_rows_as_batches(&model, bytes);
        }
        Err(error) => assert!(!error.to_string().contains('\n')),
    }
}
