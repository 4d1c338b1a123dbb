//! Flatbuffers for tests: each thing behind what refers to it.

/// A field's value.
#[derive(Clone)]
pub(crate) enum Value {
    Byte(u8),
    Integer(i32),
    Double(f64),
    /// A vector's elements and how many bytes each takes.
    Vector(Vec<u8>, usize),
    Text(&'static str),
    Table(Vec<(usize, Value)>),
    Tables(Vec<Vec<(usize, Value)>>),
    Texts(Vec<&'static str>),
}

/// The flatbuffer of a table with these fields.
pub(crate) fn built(fields: &[(usize, Value)]) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    let root = table(&mut bytes, fields);
    refer(&mut bytes, 0, root);
    bytes
}

fn refer(bytes: &mut [u8], from: usize, to: usize) {
    bytes[from..from + 4].copy_from_slice(&((to - from) as u32).to_le_bytes());
}

fn table(bytes: &mut Vec<u8>, fields: &[(usize, Value)]) -> usize {
    let count = fields.iter().map(|(field, _)| field + 1).max().unwrap_or(0);
    let head = bytes.len();
    bytes.resize(head + 4 + 2 * count, 0);
    let start = bytes.len();
    bytes.extend(((start - head) as i32).to_le_bytes());
    let mut later = Vec::new();
    for (field, value) in fields {
        let place = bytes.len();
        bytes[head + 4 + 2 * field..][..2].copy_from_slice(&((place - start) as u16).to_le_bytes());
        match value {
            Value::Byte(byte) => bytes.push(*byte),
            Value::Integer(integer) => bytes.extend(integer.to_le_bytes()),
            Value::Double(double) => bytes.extend(double.to_le_bytes()),
            _ => {
                bytes.extend([0; 4]);
                later.push((place, value));
            }
        }
    }
    let size = (bytes.len() - start) as u16;
    bytes[head..head + 2].copy_from_slice(&((4 + 2 * count) as u16).to_le_bytes());
    bytes[head + 2..head + 4].copy_from_slice(&size.to_le_bytes());
    for (place, value) in later {
        let made = reached(bytes, value);
        refer(bytes, place, made);
    }
    start
}

/// Appends what is reached through an offset; where it begins.
fn reached(bytes: &mut Vec<u8>, value: &Value) -> usize {
    let vector = |bytes: &mut Vec<u8>, elements: &[u8], count: usize| {
        let start = bytes.len();
        bytes.extend((count as u32).to_le_bytes());
        bytes.extend(elements);
        start
    };
    match value {
        Value::Vector(elements, width) => vector(bytes, elements, elements.len() / width),
        Value::Text(text) => {
            let start = vector(bytes, text.as_bytes(), text.len());
            bytes.push(0);
            start
        }
        Value::Table(fields) => table(bytes, fields),
        Value::Tables(tables) => {
            let start = vector(bytes, &vec![0; 4 * tables.len()], tables.len());
            for (index, fields) in tables.iter().enumerate() {
                let made = table(bytes, fields);
                refer(bytes, start + 4 + 4 * index, made);
            }
            start
        }
        Value::Texts(texts) => {
            let start = vector(bytes, &vec![0; 4 * texts.len()], texts.len());
            for (index, text) in texts.iter().enumerate() {
                let made = reached(bytes, &Value::Text(text));
                refer(bytes, start + 4 + 4 * index, made);
            }
            start
        }
        Value::Byte(_) | Value::Integer(_) | Value::Double(_) => bytes.len(),
    }
}
