//! docs/FORMAT.md beside what is written.

use wardian::{Feature, Forest, Link, Model, Parts, Schema, diabetes, diabetes_covers, format};

const DOCUMENT: &str = include_str!("../docs/FORMAT.md");

/// The rows of the table under a heading: offset, bytes, what.
fn table_of(heading: &str) -> Vec<(usize, Option<usize>, &'static str)> {
    let section = DOCUMENT.split(heading).nth(1).expect("the heading");
    let table = section.split("\n\n").find(|part| part.starts_with("| offset")).expect("the table");
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
    let table = table_of("## Header");
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

/// A file and one section more.
fn with_section(mut file: Vec<u8>, tag: &[u8; 4], payload: &[u8]) -> wardian::Result<Model> {
    file.extend(tag);
    file.extend((payload.len() as u32).to_le_bytes());
    file.extend(payload);
    let length = file.len() as u32;
    file[8..12].copy_from_slice(&length.to_le_bytes());
    let checksum = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&file[16..]);
    file[12..16].copy_from_slice(&checksum.to_le_bytes());
    format::read(&file)
}

#[test]
fn an_optional_section_is_skipped_and_a_needed_one_refused() {
    let with_section = |tag| with_section(format::write(diabetes()), tag, b"abc");
    assert_eq!(with_section(b"card").as_ref(), Ok(diabetes()));
    let error = with_section(b"covr").expect_err("covers twice");
    assert!(error.to_string().contains("section \"covr\""), "{error}");
    let error = with_section(b"COVR").expect_err("a section that must be understood");
    assert!(error.to_string().ends_with("section \"COVR\": it is unknown"), "{error}");
    let error = with_section(b"TREE").expect_err("a second forest");
    assert!(error.to_string().contains("offset"), "{error}");
}

/// A file with the section `covr` holding these bytes.
fn with_covers(payload: &[u8]) -> wardian::Result<Model> {
    with_section(format::write(&diabetes().clone().without_covers()), b"covr", payload)
}

#[test]
fn classes_are_texts_where_they_would_read_as_something_else() {
    let named = |names: [&str; 2]| {
        let schema = diabetes().schema().clone().with_classes(names.map(str::to_owned).to_vec()).expect("two classes");
        format::write(&diabetes().clone().with_schema(schema).expect("a model"))
    };
    for names in [["0", "1"], ["-1.5", "1e3"], ["False", "True"], ["nan", "0"]] {
        assert!(!format::read(&named(names)).expect("a model").schema().classes_are_texts(), "{names:?}");
        let told = with_section(named(names), b"text", b"").expect("a model");
        assert!(told.schema().classes_are_texts(), "{names:?}");
        assert_eq!(format::read(&format::write(&told)).as_ref(), Ok(&told));
        // A description of its inputs leaves its classes as they are.
        let schema = Schema::of_names(told.schema().features().iter().map(|feature| feature.name.clone()));
        assert!(told.with_schema(schema.expect("names")).expect("a model").schema().classes_are_texts(), "{names:?}");
    }
    let error = with_section(named(["0", "one"]), b"text", b"").expect_err("a word");
    assert_eq!(error.to_string(), "section \"text\": no class reads as anything but a text");
    assert!(with_section(format::write(diabetes()), b"text", b"").is_err(), "no classes");
    let error = with_section(named(["0", "1"]), b"text", b"x").expect_err("it is empty");
    assert!(error.to_string().contains("there are bytes after its end"), "{error}");
}

#[test]
fn covers_are_one_for_each_leaf_and_no_nonsense() {
    let covers = &diabetes_covers()[16..];
    assert_eq!(with_covers(covers).as_ref(), Ok(diabetes()));
    let leaves = covers.len() / 4;
    let altered = |leaf: usize, cover: f32| {
        let mut altered = covers.to_vec();
        // The lowest bytes of all, then the second ones.
        for (plane, byte) in cover.to_le_bytes().into_iter().enumerate() {
            altered[plane * leaves + leaf] = byte;
        }
        altered
    };
    for (payload, expected) in [
        (covers[4..].to_vec(), format!("{} covers for {leaves} leaves", leaves - 1)),
        (covers[1..].to_vec(), "section \"covr\": there are bytes after its end".to_owned()),
        (altered(5, -0.5), "leaf 5: its cover is negative or not finite".to_owned()),
        (altered(0, f32::INFINITY), "leaf 0: its cover is negative or not finite".to_owned()),
    ] {
        let error = with_covers(&payload).expect_err("bad covers");
        assert!(error.to_string().ends_with(&expected), "{error}, not {expected}");
    }
}

#[test]
fn covers_by_themselves_are_as_documented_and_fit_one_file_only() {
    let shipped = format::write(&diabetes().clone().without_covers());
    let file = format::write_covers(diabetes()).expect("it has covers");
    assert_eq!(file, diabetes_covers(), "diabetes.covers is stale: run cargo xtask bless");
    let table = table_of("## Covers by themselves");
    let [magic, version, model, checksum, covers] = table[..] else {
        panic!("{table:?}");
    };
    let bytes = |(offset, size, _): (usize, Option<usize>, &str)| &file[offset..offset + size.expect("a size")];
    assert_eq!(magic.2, format!("magic: `{}`", str::from_utf8(bytes(magic)).expect("ASCII")));
    assert_eq!(version.2, format!("version: {}", bytes(version)[0]));
    assert_eq!(bytes(model), &shipped[12..16]);
    let sum = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&file[covers.0..]);
    assert_eq!(bytes(checksum), sum.to_le_bytes());

    let read = |bytes: &[u8], model: &[u8]| format::read_covers(bytes, model).map_err(|error| error.to_string());
    assert_eq!(read(&file, &shipped).expect("its own").as_slice(), diabetes().covers().expect("covers").leaves());
    let edited = |offset: usize| {
        let mut file = file.clone();
        file[offset] ^= 1;
        read(&file, &shipped).expect_err("an edited file")
    };
    assert_eq!(edited(0), "this is not a file of covers: it does not begin with WARDCOV");
    assert_eq!(edited(7), "the covers are of format version 0; this build reads version 1");
    assert_eq!(edited(8), "offset 8: the covers belong to another model");
    assert_eq!(edited(20), "offset 12: the checksum does not match: the covers are damaged");
    assert_eq!(read(&file, &format::write(diabetes())).expect_err("another"), edited(8));
    for length in 0..17 {
        read(&file[..length], &shipped).expect_err("a file cut short");
    }
}

#[test]
fn a_file_that_was_damaged_is_refused() {
    let file = wardian::format::write(wardian::diabetes());
    for place in [16, file.len() / 2, file.len() - 1] {
        let mut damaged = file.clone();
        damaged[place] ^= 0x10;
        let error = wardian::format::read(&damaged).expect_err("another file").to_string();
        assert_eq!(error, "offset 12: the checksum does not match: the file is damaged");
    }
}

/// A model of one feature that means "not measured" by these numbers, and no trees.
fn with_numbers(missing_codes: Vec<f64>, range: (f64, f64)) -> Model {
    let feature = Feature { missing_codes, range: Some(range), ..Feature::named("a") };
    let forest = Forest::new(Parts {
        columns: Vec::new(),
        nodes: Vec::new(),
        leaves: Vec::<f32>::new().into(),
        tree_outputs: Vec::new(),
        base_margins: vec![0.25_f32].into(),
        base: wardian::Base::First,
        link: Link::Identity,
        dialect: Default::default(),
    });
    Model::new(Schema::new("", "", "", vec![feature]).expect("a schema"), forest.expect("no trees")).expect("a model")
}

#[test]
fn numbers_come_back_to_the_last_bit() {
    // But for -0.0, which is 0.0 as a code or a bound.
    let edge = f64::from(1 << 30);
    let numbers = [
        0.0,
        1.0,
        -1.0,
        -999.0,
        0.1,
        -0.1,
        0.1 + 0.2,
        34.25,
        -34.25,
        123_456.789,
        1e-15,
        -1e-15,
        1.5e-15,
        1e-16,
        1e15,
        1e300,
        -1e300,
        5e-324,
        f64::MAX,
        edge,
        edge - 1.0,
        edge + 1.0,
        -edge,
        1.0 - edge,
        (edge - 1.0) / 1e3,
        edge / 1e3,
        -edge / 1e15,
    ];
    let model = with_numbers(numbers.to_vec(), (-7.125, 1e9));
    let read = format::read(&format::write(&model)).expect("what was written");
    let feature = &read.schema().features()[0];
    let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&feature.missing_codes), bits(&numbers));
    assert_eq!(feature.range, Some((-7.125, 1e9)));
    // What people write is short: its decimals and its digits, a byte or five.
    let length = |number| format::write(&with_numbers(vec![number], (0.0, 1.0))).len();
    assert_eq!(length(34.2) - length(1.0), 1);
    assert_eq!(length(0.1 + 0.2) - length(1.0), 7);
}
