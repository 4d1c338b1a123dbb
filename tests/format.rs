//! docs/FORMAT.md beside what is written.

use wardian::{diabetes, format};

const DOCUMENT: &str = include_str!("../docs/FORMAT.md");

/// The rows of the header's table: offset, bytes, what.
fn header_table() -> Vec<(usize, Option<usize>, &'static str)> {
    let table = DOCUMENT.split("## Header").nth(1).and_then(|rest| rest.split("\n\n").nth(1)).expect("the table");
    let rows = table.lines().skip(2);
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [offset, bytes, what] = cells[..] else {
            panic!("{line}");
        };
        (offset.parse().expect("an offset"), bytes.parse().ok(), what)
    })
    .collect()
}

#[test]
fn the_header_is_as_documented() {
    let file = format::write(diabetes());
    let table = header_table();
    let [magic, version, length, checksum, sections] = table[..] else {
        panic!("{table:?}");
    };
    for pair in table.windows(2) {
        assert_eq!(pair[0].0 + pair[0].1.expect("a size"), pair[1].0, "{:?} is followed by {:?}", pair[0], pair[1]);
    }
    let bytes = |(offset, size, _): (usize, Option<usize>, &str)| &file[offset..offset + size.expect("a size")];
    let number = |row| u32::from_le_bytes(bytes(row).try_into().expect("four bytes"));
    assert_eq!(magic.2, format!("magic: `{}`", str::from_utf8(bytes(magic)).expect("ASCII")));
    assert_eq!(version.2, format!("version: {}", bytes(version)[0]));
    assert_eq!(number(length) as usize, file.len());
    let body = &file[sections.0..];
    assert_eq!(number(checksum), crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(body));
    assert_eq!(&body[..4], b"SCHM");
    let schema_length = u32::from_le_bytes(body[4..8].try_into().expect("four bytes")) as usize;
    assert_eq!(&body[8 + schema_length..][..4], b"TREE");
}

#[test]
fn an_optional_section_is_skipped_and_a_needed_one_refused() {
    let with_section = |tag: &[u8; 4]| {
        let mut file = format::write(diabetes());
        file.extend(tag);
        file.extend(3_u32.to_le_bytes());
        file.extend(b"abc");
        let length = file.len() as u32;
        file[8..12].copy_from_slice(&length.to_le_bytes());
        let checksum = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&file[16..]);
        file[12..16].copy_from_slice(&checksum.to_le_bytes());
        format::read(&file)
    };
    assert_eq!(with_section(b"covr").as_ref(), Ok(diabetes()));
    let error = with_section(b"COVR").expect_err("a section that must be understood");
    assert!(error.to_string().ends_with("section \"COVR\" is unknown"), "{error}");
    let error = with_section(b"TREE").expect_err("a second forest");
    assert!(error.to_string().contains("offset"), "{error}");
}
