//! `.wardian` files: an error, or a model that answers a batch as it answers its rows, and is the same model when it has
//! been written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wardian::{Model, format};

const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// A file of these sections. Without the right length and checksum nothing behind the header would be reached.
fn file(sections: &[u8]) -> Vec<u8> {
    let mut file = b"WARDIAN\x01".to_vec();
    file.extend((16 + sections.len() as u32).to_le_bytes());
    file.extend(CRC.checksum(sections).to_le_bytes());
    file.extend(sections);
    file
}

/// Rows that the trees can tell apart: the bytes themselves, as numbers.
fn rows(bytes: &[u8], width: usize) -> Vec<f32> {
    const ROWS: usize = 37;
    let numbers = bytes.iter().cycle().map(|&byte| match byte {
        0xff => f32::NAN,
        _ => f32::from(byte as i8) * 1.5,
    });
    numbers.take(ROWS * width).collect()
}

fn answers_rows_as_batches(model: &Model, bytes: &[u8]) {
    let width = model.schema().features().len();
    if width > 1000 {
        return;
    }
    let rows = rows(bytes, width);
    let bits = |rows: &[f32]| -> Vec<u64> {
        model.margins_many(rows).expect("finite values").iter().map(|margin| margin.to_bits()).collect()
    };
    let single: Vec<u64> = rows.chunks(width).flat_map(bits).collect();
    assert_eq!(bits(&rows), single);
}

fuzz_target!(|sections: &[u8]| {
    let Ok(model) = format::read(&file(sections)) else { return };
    answers_rows_as_batches(&model, sections);
    let written = format::write(&model);
    let read = format::read(&written).expect("what was written");
    assert_eq!(format::write(&read), written);
});
