use super::written::{
    array, bytes, call, dictionary, dtype, float, global, integer, list, none, object, objects, pickle, records,
};
use super::written::{text, tuple, with_state};
use super::*;

fn message(bytes: &[u8]) -> String {
    Pickle::read(bytes).expect_err("a fault").to_string()
}

/// What a pickle is, as far as its root tells.
fn told(bytes: &[u8]) -> String {
    let pickle = Pickle::read(bytes).expect("a pickle");
    let values = &pickle.values;
    match values.get(pickle.root) {
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Text(text) => format!("'{text}'"),
        Value::Bytes(bytes) => format!("{bytes:?}"),
        Value::LargeInteger => "large".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::List(items) => format!("list of {}", items.len()),
        Value::Tuple(items) => format!("tuple of {}", items.len()),
        Value::Set(items) => format!("set of {}", items.len()),
        Value::Dictionary(entries) => format!("dictionary of {}", entries.len()),
        _ => values.described(pickle.root),
    }
}

#[test]
fn every_opcode_makes_its_value() {
    let cases: &[(&[u8], &str)] = &[
        (b"N.", "None"),
        (b"\x80\x02\x88.", "true"),
        (b"I01\n.", "true"),
        (b"I00\n.", "false"),
        (b"I-12\n.", "-12"),
        (b"L12L\n.", "12"),
        (b"L123456789012345678901L\n.", "large"),
        (b"K\xff.", "255"),
        (b"M\xff\xff.", "65535"),
        (b"J\xfe\xff\xff\xff.", "-2"),
        (b"\x8a\x00.", "0"),
        (b"\x8a\x01\xff.", "-1"),
        (b"\x8a\x02\xff\x00.", "255"),
        (b"\x8b\x09\x00\x00\x00123456789.", "large"),
        (b"F1.5e-05\n.", "1.5e-5"),
        (b"Fnan\n.", "NaN"),
        (b"F-inf\n.", "-inf"),
        (b"G\x3f\xe0\x00\x00\x00\x00\x00\x00.", "0.5"),
        (b"S'a\\x41\\n\\''\n.", "'aA\n''"),
        (b"S\"a\"\n.", "'a'"),
        (b"Va\\u00e9\\U0001F600\\ud800\n.", "'a\u{e9}\u{1f600}\u{fffd}'"),
        (b"V\xe9\n.", "'\u{e9}'"),
        (b"U\x01\xe9.", "'\u{e9}'"),
        (b"T\x01\x00\x00\x00a.", "'a'"),
        (b"X\x02\x00\x00\x00\xc3\xa9.", "'\u{e9}'"),
        (b"\x8c\x01a.", "'a'"),
        (b"\x8d\x01\x00\x00\x00\x00\x00\x00\x00a.", "'a'"),
        (b"C\x01\x07.", "[7]"),
        (b"B\x01\x00\x00\x00\x07.", "[7]"),
        (b"\x8e\x01\x00\x00\x00\x00\x00\x00\x00\x07.", "[7]"),
        (b"\x96\x01\x00\x00\x00\x00\x00\x00\x00\x07.", "[7]"),
        (b"].", "list of 0"),
        (b"(K\x01K\x02l.", "list of 2"),
        (b"]K\x01a.", "list of 1"),
        (b"](K\x01K\x02e.", "list of 2"),
        (b").", "tuple of 0"),
        (b"(K\x01t.", "tuple of 1"),
        (b"K\x01\x85.", "tuple of 1"),
        (b"K\x01K\x02\x86.", "tuple of 2"),
        (b"K\x01K\x02K\x03\x87.", "tuple of 3"),
        (b"}.", "dictionary of 0"),
        (b"(K\x01K\x02d.", "dictionary of 1"),
        (b"}K\x01K\x02s.", "dictionary of 1"),
        (b"}(K\x01K\x02K\x03K\x04u.", "dictionary of 2"),
        (b"\x8f(K\x01K\x02\x90.", "set of 2"),
        (b"(K\x01\x91.", "set of 1"),
        (b"ca\nB\n.", "a.B"),
        (b"\x8c\x01a\x8c\x01B\x93.", "a.B"),
        (b"ca\nB\n)R.", "a.B"),
        (b"ca\nB\n)\x81.", "a.B"),
        (b"ca\nB\n)}\x92.", "a.B"),
        (b"(ca\nB\nK\x01o.", "a.B"),
        (b"(K\x01ia\nB\n.", "a.B"),
        // As protocols 0 and 1 make objects.
        (b"ccopy_reg\n_reconstructor\n(ca\nB\nc__builtin__\nobject\nNtR.", "a.B"),
        (b"c__builtin__\nset\n.", "builtins.set"),
        // The memo, frames, and what is thrown away.
        (b"K\x07q\x050h\x05.", "7"),
        (b"K\x07r\x05\x00\x00\x000j\x05\x00\x00\x00.", "7"),
        (b"K\x07p5\n0g5\n.", "7"),
        (b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00K\x07\x940h\x00.", "7"),
        (b"K\x01(K\x02K\x031.", "1"),
        (b"K\x01(0.", "1"),
        (b"K\x012\x86.", "tuple of 2"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(told(bytes), *expected, "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn what_is_wrong_has_its_offset() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "the file ends early, at byte 0: copy it again (1 bytes are due at byte 0, 0 are left)"),
        (
            b"X\x05\x00\x00\x00ab.",
            "the file ends early, at byte 8: copy it again (5 bytes are due at byte 5, 3 are left)",
        ),
        (b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff.", "bytes are due at byte 9, 1 are left)"),
        (b"I12", "the file ends early, at byte 3: copy it again (the line at byte 1 does not end)"),
        (b"Iab\n.", "\"ab\" is not a whole number"),
        (b"Fab\n.", "\"ab\" is not a number"),
        (b"Sab\n.", "a text is not written as Python writes one"),
        (b".", "a value is due on the stack, and there is none"),
        (b"K\x01(.", "a value is due on the stack, and there is none"),
        (b"t.", "a mark is due on the stack, and there is none"),
        (b"}(K\x01u.", "a key has no value"),
        (b"K\x01K\x01a.", "values are appended to a whole number"),
        (b"]K\x01K\x02s.", "a key is set in a list"),
        (b"]}b.", "a state is given to a list, which is no object"),
        (b"h\x00.", "place 0 of the memo is empty"),
        (b"K\x01r\xff\xff\xff\x7f.", "is beyond any that the file can have filled"),
        (b"K\x01K\x02\x93.", "a class is named by a whole number"),
        (b"(o.", "an object has no class"),
        (b"\xff", "is no opcode of a pickle"),
        (b"\x80\x06N.", "the pickle is of protocol 6"),
        (b"Pid\n.", "persistent ids"),
        (b"NQ.", "persistent ids"),
        (b"\x82\x01.", "extension codes"),
        (b"\x97.", "keeps its arrays outside the file"),
        (b"N.N.", "2 bytes follow the first pickle, which ends at offset 2"),
    ];
    for (bytes, expected) in cases {
        let message = message(bytes);
        assert!(message.contains(expected), "{message} for {:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn nothing_is_called_and_everything_that_would_have_been_is_told() {
    let bytes = pickle(call("os.system", [text("rm -rf /")]));
    let pickle = Pickle::read(&bytes).expect("a pickle");
    assert_eq!(pickle.globals(), ["os.system"]);
    assert_eq!(pickle.values.class(pickle.root).as_deref(), Some("os.system"));
}

#[test]
fn circles_end_and_depth_is_nothing() {
    // A list that holds itself, and an object whose state is itself.
    let circle = b"]q\x00h\x00a.";
    assert_eq!(told(circle), "list of 1");
    let bytes = b"ca\nB\n)\x81q\x00h\x00b.";
    let itself = Pickle::read(bytes).expect("a pickle");
    assert_eq!(itself.values.attribute(itself.root, "x"), Ok(None));
    let deep = [&b"]".repeat(100_000)[..], &b"a".repeat(99_999), b"."].concat();
    assert_eq!(told(&deep), "list of 1");
}

#[test]
fn many_small_values_are_too_many_for_the_file() {
    for opcode in [&b"]"[..], b"}", b"\x8f", b"N"] {
        let bytes = opcode.repeat(20_000_000 / opcode.len());
        assert!(message(&bytes).contains("more small values than any model's file"), "{opcode:?}");
    }
}

/// Two numbers, in an array of this kind.
fn numbers_of(code: &str, is_fortran: bool, shape: &[i64], data: &[u8]) -> Option<Vec<f64>> {
    let bytes = pickle(array(shape, dtype(code), is_fortran, bytes(data)));
    let pickle = Pickle::read(&bytes).expect("a pickle");
    Array::of(&pickle.values, pickle.root).expect("an array").expect("an array").numbers()
}

#[test]
fn arrays_are_read_in_their_order_and_type() {
    assert_eq!(numbers_of("u1", false, &[2], &[1, 255]), Some(vec![1.0, 255.0]));
    assert_eq!(numbers_of("i1", false, &[2], &[1, 255]), Some(vec![1.0, -1.0]));
    assert_eq!(numbers_of("b1", false, &[2], &[1, 0]), Some(vec![1.0, 0.0]));
    assert_eq!(numbers_of("f4", false, &[1], &0.5_f32.to_le_bytes()), Some(vec![0.5]));
    assert_eq!(numbers_of("f8", false, &[], &0.5_f64.to_le_bytes()), Some(vec![0.5]));
    assert_eq!(numbers_of("u8", false, &[1], &u64::MAX.to_le_bytes()), None);
    let counted = [0, 1, 2, 3, 4, 5];
    assert_eq!(numbers_of("u1", true, &[2, 3], &counted), Some(vec![0.0, 2.0, 4.0, 1.0, 3.0, 5.0]));
    assert_eq!(numbers_of("u1", true, &[3, 2, 1], &counted), Some(vec![0.0, 3.0, 1.0, 4.0, 2.0, 5.0]));
    assert_eq!(numbers_of("u1", true, &[0, 2], &[]), Some(vec![]));
}

#[test]
fn arrays_of_all_protocols_and_of_joblib_are_the_same() {
    let in_text = call("_codecs.encode", [text("\u{1}\u{e9}"), text("latin1")]);
    let buffer =
        call("numpy._core.numeric._frombuffer", [bytes(&[1, 0xe9]), dtype("u1"), tuple([integer(2)]), text("C")]);
    let wrapper = |dtype: Vec<u8>, shape: &[i64], alignment: Vec<u8>| {
        object(
            "joblib.numpy_pickle.NumpyArrayWrapper",
            [
                ("subclass", global("numpy.ndarray")),
                ("shape", tuple(shape.iter().map(|&length| integer(length)))),
                ("order", text("C")),
                ("dtype", dtype),
                ("numpy_array_alignment_bytes", alignment),
            ],
        )
    };
    let padded = [wrapper(dtype("u1"), &[2], integer(16)), vec![3, 0xff, 0xff, 0xff, 1, 0xe9]].concat();
    let plain = [wrapper(dtype("u1"), &[2], none()), vec![1, 0xe9]].concat();
    let within = pickle(objects(&[2], [integer(1), integer(0xe9)]));
    let nested = [wrapper(dtype("O8"), &[2], integer(16)), within].concat();
    for value in [array(&[2], dtype("u1"), false, in_text), buffer, padded, plain] {
        let bytes = pickle(tuple([value, text("behind")]));
        let pickle = Pickle::read(&bytes).expect("a pickle");
        let items = pickle.values.sequence(pickle.root).expect("a tuple");
        assert_eq!(pickle.values.text(items[1]), Some("behind"));
        let array = Array::of(&pickle.values, items[0]).expect("an array").expect("an array");
        assert_eq!(array.integers(), Some(vec![1, 0xe9]));
    }
    let bytes = pickle(nested);
    let pickle = Pickle::read(&bytes).expect("a pickle");
    let array = Array::of(&pickle.values, pickle.root).expect("an array").expect("an array");
    assert_eq!(array.names(&pickle.values), Some(vec!["1".to_owned(), "233".to_owned()]));
}

#[test]
fn records_and_names() {
    let fields = [("a", "i4", 0), ("b", "f8", 8)];
    let data: Vec<u8> = [(7_i32, 0.5_f64), (-1, 1.5)]
        .iter()
        .flat_map(|(a, b)| [&a.to_le_bytes()[..], &[0; 4], &b.to_le_bytes()].concat())
        .collect();
    let bytes_of = pickle(array(&[2], records(&fields, 16), false, bytes(&data)));
    let read = Pickle::read(&bytes_of).expect("a pickle");
    let array_of = Array::of(&read.values, read.root).expect("an array").expect("an array");
    assert_eq!(array_of.field_integers("a"), Some(vec![7, -1]));
    assert_eq!(array_of.field_numbers("b"), Some(vec![0.5, 1.5]));
    assert_eq!((array_of.field_numbers("c"), array_of.numbers()), (None, None));
    let names = |value| {
        let bytes = pickle(value);
        let read = Pickle::read(&bytes).expect("a pickle");
        let array = Array::of(&read.values, read.root).expect("an array").expect("an array");
        array.names(&read.values).map(|names| names.join(","))
    };
    let wide: Vec<u8> = "aé".chars().chain("b\0".chars()).flat_map(|sign| u32::from(sign).to_le_bytes()).collect();
    assert_eq!(names(array(&[2], dtype("U2"), false, bytes(&wide))).as_deref(), Some("aé,b"));
    assert_eq!(names(array(&[2], dtype("b1"), false, bytes(&[0, 1]))).as_deref(), Some("False,True"));
    assert_eq!(names(objects(&[3], [text("x"), float(1.0), integer(-3)])).as_deref(), Some("x,1.0,-3"));
    assert_eq!(names(objects(&[1], [none()])), None);
}

#[test]
fn arrays_that_cannot_be_are_refused() {
    let fault = |value| {
        let bytes = pickle(value);
        let pickle = Pickle::read(&bytes).expect("a pickle");
        Array::of(&pickle.values, pickle.root).expect_err("a fault").to_string()
    };
    let of = |shape: &[i64], code: &str| fault(array(shape, dtype(code), false, bytes(&[0; 8])));
    assert_eq!(of(&[2], "f8"), "an array of shape [2] has 8 bytes or objects");
    assert_eq!(of(&[-1], "f8"), "an array's shape is no list of counts");
    assert_eq!(of(&[i64::MAX, 0, i64::MAX], "f8"), "an array's shape is no list of counts");
    assert_eq!(of(&[1], "c16"), "arrays of numpy's dtype \"c16\" are not read");
    assert_eq!(of(&[i64::MAX], "U0"), "arrays of numpy's dtype \"U0\" are not read");
    let outside = records(&[("a", "f8", 8)], 8);
    assert_eq!(fault(array(&[1], outside, false, bytes(&[0; 8]))), "the field \"a\" ends beyond its record");
    // Records within records, which may go round in circles.
    let inner = records(&[("a", "V8", 0)], 8);
    assert_eq!(fault(array(&[1], inner, false, bytes(&[0; 8]))), "arrays of numpy's dtype \"V8\" are not read");
}

#[test]
fn numbers_may_be_numpys() {
    let scalar = call("numpy.core.multiarray.scalar", [dtype("f8"), bytes(&0.25_f64.to_le_bytes())]);
    let truth = call("numpy._core.multiarray.scalar", [dtype("b1"), bytes(&[1])]);
    let bytes = pickle(list([scalar, truth, integer(3)]));
    let pickle = Pickle::read(&bytes).expect("a pickle");
    let items = pickle.values.sequence(pickle.root).expect("a list");
    assert_eq!(pickle.values.number(items[0]), Some(0.25));
    assert_eq!(pickle.values.boolean(items[1]), Some(true));
    assert_eq!((pickle.values.number(items[2]), pickle.values.integer(items[0])), (Some(3.0), None));
}

#[test]
fn attributes_are_in_a_state_its_slots_or_entries() {
    let slots = tuple([dictionary([("a", integer(1)), ("a", integer(2))]), dictionary([("b", integer(3))])]);
    let bytes = pickle(with_state(call("m.C", []), slots));
    let pickle = Pickle::read(&bytes).expect("a pickle");
    let attribute =
        |name| pickle.values.attribute(pickle.root, name).expect("paid for").and_then(|id| pickle.values.integer(id));
    assert_eq!([attribute("a"), attribute("b"), attribute("c")], [Some(2), Some(3), None]);
    assert_eq!(pickle.values.required(pickle.root, "c").expect_err("none").to_string(), "m.C has no c");
}

#[test]
fn the_same_large_value_is_looked_at_some_few_times_only() {
    // A table of 2^19 entries, which each look goes through.
    let entries: Vec<u8> = b"K\x01N".repeat(1 << 19);
    let bytes = [b"}(", &entries[..], b"u."].concat();
    let pickle = Pickle::read(&bytes).expect("a pickle");
    let looks = (0..1000).take_while(|_| pickle.values.entry(pickle.root, "x").is_ok()).count();
    assert!((10..80).contains(&looks), "{looks}");
}
