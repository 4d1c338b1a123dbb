//! ONNX files written by hand, for tests.

/// A field that holds bytes: a text, a message, packed numbers.
pub(crate) fn field(number: u64, content: &[u8]) -> Vec<u8> {
    let mut out = varint(number << 3 | 2);
    out.extend(varint(content.len() as u64));
    out.extend(content);
    out
}

/// A field that holds a whole number.
pub(crate) fn whole(number: u64, value: i64) -> Vec<u8> {
    let mut out = varint(number << 3);
    out.extend(varint(value as u64));
    out
}

fn single(number: u64, value: f32) -> Vec<u8> {
    let mut out = varint(number << 3 | 5);
    out.extend(value.to_le_bytes());
    out
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// An attribute of an operator: its name, and the bytes of its message.
pub(crate) type Attribute = (&'static str, Vec<u8>);

pub(crate) fn ints(name: &'static str, values: &[i64]) -> Attribute {
    (name, values.iter().flat_map(|&value| whole(8, value)).collect())
}

pub(crate) fn int(name: &'static str, value: i64) -> Attribute {
    (name, whole(3, value))
}

pub(crate) fn floats(name: &'static str, values: &[f32]) -> Attribute {
    (name, values.iter().flat_map(|&value| single(7, value)).collect())
}

pub(crate) fn float(name: &'static str, value: f32) -> Attribute {
    (name, single(2, value))
}

pub(crate) fn text(name: &'static str, value: &str) -> Attribute {
    (name, field(4, value.as_bytes()))
}

pub(crate) fn texts(name: &'static str, values: &[&str]) -> Attribute {
    (name, values.iter().flat_map(|value| field(9, value.as_bytes())).collect())
}

pub(crate) fn tensor(name: &'static str, element: i64, count: usize, raw: &[u8]) -> Attribute {
    (name, field(5, &tensor_message("", element, &[count as i64], raw)))
}

pub(crate) fn singles(name: &'static str, values: &[f32]) -> Attribute {
    tensor(name, 1, values.len(), &values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
}

pub(crate) fn doubles(name: &'static str, values: &[f64]) -> Attribute {
    tensor(name, 11, values.len(), &values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
}

fn tensor_message(name: &str, element: i64, dimensions: &[i64], raw: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = dimensions.iter().flat_map(|&dimension| whole(1, dimension)).collect();
    out.extend(whole(2, element));
    out.extend(field(8, name.as_bytes()));
    out.extend(field(9, raw));
    out
}

/// A constant of 64-bit whole numbers.
pub(crate) fn constant(name: &str, values: &[i64]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    field(5, &tensor_message(name, 7, &[values.len() as i64], &raw))
}

/// A constant of 32-bit floats.
pub(crate) fn constant_floats(name: &str, values: &[f32]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    field(5, &tensor_message(name, 1, &[values.len() as i64], &raw))
}

/// An operator; of the machine learning domain where its name says so.
pub(crate) fn operator(kind: &str, inputs: &[&str], outputs: &[&str], attributes: &[Attribute]) -> Vec<u8> {
    const LEARNED: [&str; 7] = [
        "TreeEnsembleClassifier",
        "TreeEnsembleRegressor",
        "TreeEnsemble",
        "ZipMap",
        "Scaler",
        "Imputer",
        "ArrayFeatureExtractor",
    ];
    let mut out: Vec<u8> = inputs.iter().flat_map(|name| field(1, name.as_bytes())).collect();
    out.extend(outputs.iter().flat_map(|name| field(2, name.as_bytes())));
    out.extend(field(4, kind.as_bytes()));
    for (name, body) in attributes {
        let mut attribute = field(1, name.as_bytes());
        attribute.extend(body);
        out.extend(field(5, &attribute));
    }
    if LEARNED.contains(&kind) {
        out.extend(field(7, b"ai.onnx.ml"));
    }
    field(1, &out)
}

/// An input of rows: of this type, and this many columns where they are said.
pub(crate) fn input(name: &str, element: i64, columns: Option<i64>) -> Vec<u8> {
    let dimension = |size: Option<i64>| field(1, &size.map_or_else(|| field(2, b"N"), |size| whole(1, size)));
    let mut tensor = whole(1, element);
    tensor.extend(field(2, &[dimension(None), dimension(columns)].concat()));
    field(11, &[field(1, name.as_bytes()), field(2, &field(1, &tensor))].concat())
}

/// An output.
pub(crate) fn output(name: &str) -> Vec<u8> {
    field(12, &field(1, name.as_bytes()))
}

/// A file of a graph that has these parts.
pub(crate) fn file(parts: &[Vec<u8>]) -> Vec<u8> {
    [whole(1, 8), field(2, b"a test"), field(7, &parts.concat())].concat()
}
