//! Small pickles for tests, written as Python writes them: each function gives the opcodes of a value.

pub(crate) type Opcodes = Vec<u8>;

/// A whole pickle of protocol 4.
pub(crate) fn pickle(value: Opcodes) -> Vec<u8> {
    [b"\x80\x04", &value[..], b"."].concat()
}

pub(crate) fn text(text: &str) -> Opcodes {
    [b"X", &(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat()
}

pub(crate) fn integer(number: i64) -> Opcodes {
    [b"\x8a\x08", &number.to_le_bytes()[..]].concat()
}

pub(crate) fn float(number: f64) -> Opcodes {
    [b"G", &number.to_be_bytes()[..]].concat()
}

pub(crate) fn bytes(bytes: &[u8]) -> Opcodes {
    [b"B", &(bytes.len() as u32).to_le_bytes()[..], bytes].concat()
}

pub(crate) fn none() -> Opcodes {
    b"N".to_vec()
}

pub(crate) fn list(items: impl IntoIterator<Item = Opcodes>) -> Opcodes {
    [b"](", &items.into_iter().collect::<Vec<_>>().concat()[..], b"e"].concat()
}

pub(crate) fn tuple(items: impl IntoIterator<Item = Opcodes>) -> Opcodes {
    [b"(", &items.into_iter().collect::<Vec<_>>().concat()[..], b"t"].concat()
}

pub(crate) fn dictionary<'a>(entries: impl IntoIterator<Item = (&'a str, Opcodes)>) -> Opcodes {
    let entries: Vec<Opcodes> = entries.into_iter().map(|(key, value)| [text(key), value].concat()).collect();
    [b"}(", &entries.concat()[..], b"u"].concat()
}

pub(crate) fn global(name: &str) -> Opcodes {
    let (module, name) = name.rsplit_once('.').expect("a module and a name");
    [text(module), text(name), b"\x93".to_vec()].concat()
}

/// A call that makes a value.
pub(crate) fn call(name: &str, arguments: impl IntoIterator<Item = Opcodes>) -> Opcodes {
    [global(name), tuple(arguments), b"R".to_vec()].concat()
}

/// The same value, with a state.
pub(crate) fn with_state(object: Opcodes, state: Opcodes) -> Opcodes {
    [object, state, b"b".to_vec()].concat()
}

/// An object of a class, with attributes.
pub(crate) fn object<'a>(class: &str, attributes: impl IntoIterator<Item = (&'a str, Opcodes)>) -> Opcodes {
    with_state([global(class), b")\x81".to_vec()].concat(), dictionary(attributes))
}

pub(crate) fn dtype(code: &str) -> Opcodes {
    let made = call("numpy.dtype", [text(code), b"\x89".to_vec(), b"\x88".to_vec()]);
    let state = [integer(3), text("<"), none(), none(), none(), integer(-1), integer(-1), integer(0)];
    with_state(made, tuple(state))
}

/// A description of records: of each field its name, dtype and place.
pub(crate) fn records(fields: &[(&str, &str, i64)], size: i64) -> Opcodes {
    let made = call("numpy.dtype", [text(&format!("V{size}")), b"\x89".to_vec(), b"\x88".to_vec()]);
    let names = tuple(fields.iter().map(|(name, ..)| text(name)));
    let table = dictionary(fields.iter().map(|&(name, code, place)| (name, tuple([dtype(code), integer(place)]))));
    let state = [integer(3), text("|"), none(), names, table, integer(size), integer(1), integer(16)];
    with_state(made, tuple(state))
}

/// An array as numpy's `__reduce__` writes it.
pub(crate) fn array(shape: &[i64], dtype: Opcodes, is_fortran: bool, data: Opcodes) -> Opcodes {
    let made = call("numpy.core.multiarray._reconstruct", [global("numpy.ndarray"), tuple([integer(0)]), bytes(b"b")]);
    let is_fortran = if is_fortran { b"\x88" } else { b"\x89" }.to_vec();
    let shape = tuple(shape.iter().map(|&length| integer(length)));
    with_state(made, tuple([integer(1), shape, dtype, is_fortran, data]))
}

pub(crate) fn floats(shape: &[i64], numbers: &[f64]) -> Opcodes {
    let data: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    array(shape, dtype("f8"), false, bytes(&data))
}

pub(crate) fn integers(numbers: &[i64]) -> Opcodes {
    let data: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    array(&[numbers.len() as i64], dtype("i8"), false, bytes(&data))
}

pub(crate) fn objects(shape: &[i64], items: impl IntoIterator<Item = Opcodes>) -> Opcodes {
    array(shape, dtype("O8"), false, list(items))
}

/// The fields of a node of scikit-learn's histogram trees: name, type, and where it begins.
pub(crate) const HISTOGRAM_NODE: [(&str, &str, i64); 13] = [
    ("value", "f8", 0),
    ("count", "u4", 8),
    ("feature_idx", "i8", 12),
    ("num_threshold", "f8", 20),
    ("missing_go_to_left", "u1", 28),
    ("left", "u4", 29),
    ("right", "u4", 33),
    ("gain", "f8", 37),
    ("depth", "u4", 45),
    ("is_leaf", "u1", 49),
    ("bin_threshold", "u1", 50),
    ("is_categorical", "u1", 51),
    ("bitset_idx", "u4", 52),
];
