//! The messages of an ONNX file, as far as they are needed: ONNX's own `onnx.proto` numbers their fields.
//!
//! What may be long stays in the file's bytes until it is asked for; what is kept for each message is counted first, so that a file
//! of empty messages takes no memory.

use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::import::protobuf::{Field, Message, Number, Numbers};
use crate::schema::MAX_FEATURES;

/// The most operators, and the most constants, of a graph: hundreds of times as many as any exporter writes around trees.
const MOST_OPERATORS: usize = 10_000;
/// The most attributes of an operator; tree ensembles have up to 30.
const MOST_ATTRIBUTES: usize = 64;
/// The most dimensions of a tensor.
const MOST_DIMENSIONS: usize = 8;

/// A whole file.
pub(super) struct Model<'a> {
    /// What wrote the file, as far as it says.
    pub(super) producer: &'a str,
    pub(super) graph: Graph<'a>,
}

/// Operators, and what goes in and comes out.
#[derive(Default)]
pub(super) struct Graph<'a> {
    pub(super) operators: Vec<Operator<'a>>,
    pub(super) constants: Vec<Tensor<'a>>,
    pub(super) inputs: Vec<Port<'a>>,
    pub(super) outputs: Vec<Port<'a>>,
}

/// One operator: a node of the graph, which is not to be taken for a tree's.
pub(super) struct Operator<'a> {
    pub(super) inputs: Vec<&'a str>,
    pub(super) outputs: Vec<&'a str>,
    pub(super) kind: &'a str,
    pub(super) domain: &'a str,
    attributes: Vec<Attribute<'a>>,
}

/// An input or output of the graph.
pub(super) struct Port<'a> {
    pub(super) name: &'a str,
    /// The type of a tensor's numbers, 0 where the file does not say.
    pub(super) element: i64,
    /// A tensor's dimensions; `None` for one that the file leaves open.
    pub(super) shape: Vec<Option<i64>>,
}

/// A named setting of an operator.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    body: Message<'a>,
}

/// A constant.
#[derive(Clone, Copy)]
pub(super) struct Tensor<'a> {
    pub(super) name: &'a str,
    element: i64,
    body: Message<'a>,
}

/// ONNX's numbers for types of tensors' elements.
pub(super) mod element {
    pub(in super::super) const SINGLE: i64 = 1;
    pub(in super::super) const BYTE: i64 = 2;
    pub(in super::super) const INT32: i64 = 6;
    pub(in super::super) const INT64: i64 = 7;
    pub(in super::super) const DOUBLE: i64 = 11;

    /// ONNX's word for a type.
    pub(in super::super) fn name(element: i64) -> String {
        const NAMES: [&str; 17] = [
            "undefined",
            "float",
            "uint8",
            "int8",
            "uint16",
            "int16",
            "int32",
            "int64",
            "string",
            "bool",
            "float16",
            "double",
            "uint32",
            "uint64",
            "complex64",
            "complex128",
            "bfloat16",
        ];
        let name = usize::try_from(element).ok().and_then(|element| NAMES.get(element));
        name.map_or_else(|| format!("type {element}"), |name| (*name).to_owned())
    }
}

impl<'a> Model<'a> {
    /// Reads a file.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self> {
        let (mut producer, mut graph) = ("", None);
        for field in Message::new(bytes).fields() {
            let field = field?;
            match field.number {
                2 => producer = field.text()?,
                7 => once(&mut graph, Graph::read(field.message()?)?, "graph")?,
                25 => {
                    return Err(unsupported(format_args!(
                        "the file defines operators of its own (functions), which are not evaluated"
                    )));
                }
                _ => {}
            }
        }
        let graph = graph.ok_or_else(|| invalid(format_args!("the file has no graph")))?;
        Ok(Self { producer, graph })
    }
}

/// Whether a file that begins so is an ONNX model: its version, then only what such a file has before its graph.
pub(in crate::import) fn recognises(beginning: &[u8]) -> bool {
    /// Versions of the format are whole numbers from 1 up, one a year.
    const LATEST: i64 = 99;
    const GRAPH: u64 = 7;
    let mut fields = Message::new(beginning).fields();
    let Some(Ok(version)) = fields.next() else { return false };
    if version.number != 1 || !version.whole().is_ok_and(|version| (1..=LATEST).contains(&version)) {
        return false;
    }
    loop {
        if fields.is_next(GRAPH) {
            return true;
        }
        let Some(Ok(field)) = fields.next() else { return false };
        let is_expected = match field.number {
            2..=4 | 6 => field.text().is_ok(),
            5 => field.whole().is_ok(),
            8 | 14 => field.message().is_ok(),
            _ => false,
        };
        if !is_expected {
            return false;
        }
    }
}

impl<'a> Graph<'a> {
    fn read(body: Message<'a>) -> Result<Self> {
        let mut graph = Self::default();
        for field in body.fields() {
            let field = field?;
            match field.number {
                1 => add(&mut graph.operators, Operator::read(field)?, MOST_OPERATORS, "operators")?,
                5 => add(&mut graph.constants, Tensor::read(field)?, MOST_OPERATORS, "constants")?,
                11 => add(&mut graph.inputs, Port::read(field)?, MAX_FEATURES + MOST_OPERATORS, "inputs")?,
                12 => add(&mut graph.outputs, Port::read(field)?, MOST_OPERATORS, "outputs")?,
                _ => {}
            }
        }
        Ok(graph)
    }
}

impl<'a> Operator<'a> {
    fn read(field: Field<'a>) -> Result<Self> {
        let mut operator =
            Self { inputs: Vec::new(), outputs: Vec::new(), kind: "", domain: "", attributes: Vec::new() };
        for field in field.message()?.fields() {
            let field = field?;
            match field.number {
                1 => operator.inputs.push(field.text()?),
                2 => operator.outputs.push(field.text()?),
                4 => operator.kind = field.text()?,
                5 => add(
                    &mut operator.attributes,
                    Attribute::read(field)?,
                    MOST_ATTRIBUTES,
                    "attributes of one operator",
                )?,
                // The standard operators' domain has two names.
                7 => operator.domain = Some(field.text()?).filter(|&domain| domain != "ai.onnx").unwrap_or(""),
                _ => {}
            }
        }
        for (index, attribute) in operator.attributes.iter().enumerate() {
            if operator.attributes[..index].iter().any(|other| other.name == attribute.name) {
                let message = format_args!("the attribute {} is there twice", quoted(attribute.name));
                return Err(invalid(message).at(format_args!("operator {}", quoted(operator.kind))));
            }
        }
        Ok(operator)
    }

    /// Whether it is this operator of ONNX's machine learning domain.
    pub(super) fn is_learned(&self, kind: &str) -> bool {
        self.domain == "ai.onnx.ml" && self.kind == kind
    }

    /// The attribute of this name.
    pub(super) fn attribute(&self, name: &str) -> Option<Attribute<'a>> {
        self.attributes.iter().find(|attribute| attribute.name == name).copied()
    }

    /// All of its attributes.
    pub(super) fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> {
        self.attributes.iter().copied()
    }

    /// The whole numbers of an attribute; none where it is not there.
    pub(super) fn wholes(&self, name: &str) -> Result<Numbers<'a, i64>> {
        self.numbers(name, 8)
    }

    /// Likewise the 32-bit floats.
    pub(super) fn singles(&self, name: &str) -> Result<Numbers<'a, f32>> {
        self.numbers(name, 7)
    }

    fn numbers<N: Number>(&self, name: &str, number: u64) -> Result<Numbers<'a, N>> {
        let body = self.attribute(name).map_or(Message::new(&[]), |attribute| attribute.body);
        body.numbers(number).map_err(|error| error.at(format_args!("{name}")))
    }

    /// The one whole number of an attribute.
    pub(super) fn whole(&self, name: &str) -> Result<Option<i64>> {
        self.last(name, 3, Field::whole)
    }

    /// The one 32-bit float of an attribute.
    pub(super) fn single(&self, name: &str) -> Result<Option<f32>> {
        self.last(name, 2, Field::single)
    }

    /// The one text of an attribute.
    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>> {
        self.last(name, 4, Field::text)
    }

    /// The tensor of an attribute.
    pub(super) fn tensor(&self, name: &str) -> Result<Option<Tensor<'a>>> {
        self.last(name, 5, Tensor::read)
    }

    /// The value of a field that is there once; of several the last, as everywhere in protocol buffers.
    fn last<T>(&self, name: &str, number: u64, value: impl Fn(Field<'a>) -> Result<T>) -> Result<Option<T>> {
        let Some(attribute) = self.attribute(name) else { return Ok(None) };
        let mut last = None;
        for field in attribute.body.fields() {
            let field = field?;
            if field.number == number {
                last = Some(value(field).map_err(|error| error.at(format_args!("{name}")))?);
            }
        }
        Ok(last)
    }

    /// The texts of an attribute, which were not looked at yet.
    pub(super) fn texts(&self, name: &str) -> impl Iterator<Item = Result<&'a str>> + use<'a> {
        let body = self.attribute(name).map_or(Message::new(&[]), |attribute| attribute.body);
        body.fields().filter_map(|field| match field {
            Ok(field) => (field.number == 9).then(|| field.text()),
            Err(error) => Some(Err(error)),
        })
    }
}

impl<'a> Attribute<'a> {
    fn read(field: Field<'a>) -> Result<Self> {
        let body = field.message()?;
        let mut name = "";
        for field in body.fields() {
            let field = field?;
            match field.number {
                1 => name = field.text()?,
                21 => return Err(invalid(format_args!("an attribute refers to one of a function, and there is none"))),
                _ => {}
            }
        }
        Ok(Self { name, body })
    }
}

impl<'a> Port<'a> {
    fn read(field: Field<'a>) -> Result<Self> {
        let mut port = Self { name: "", element: 0, shape: Vec::new() };
        for field in field.message()?.fields() {
            let field = field?;
            match field.number {
                1 => port.name = field.text()?,
                2 => port.read_type(field.message()?)?,
                _ => {}
            }
        }
        Ok(port)
    }

    fn read_type(&mut self, body: Message<'a>) -> Result<()> {
        for tensor in of_number(body, 1) {
            for field in tensor?.message()?.fields() {
                let field = field?;
                match field.number {
                    1 => self.element = field.whole()?,
                    2 => {
                        for dimension in of_number(field.message()?, 1) {
                            let mut size = None;
                            for value in of_number(dimension?.message()?, 1) {
                                size = Some(value?.whole()?);
                            }
                            add(&mut self.shape, size, MOST_DIMENSIONS, "dimensions")?;
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

impl<'a> Tensor<'a> {
    fn read(field: Field<'a>) -> Result<Self> {
        let body = field.message()?;
        let mut tensor = Self { name: "", element: 0, body };
        let mut is_elsewhere = false;
        for field in body.fields() {
            let field = field?;
            match field.number {
                2 => tensor.element = field.whole()?,
                8 => tensor.name = field.text()?,
                13 => is_elsewhere = true,
                14 => is_elsewhere |= field.whole()? != 0,
                _ => {}
            }
        }
        if is_elsewhere {
            return Err(unsupported(format_args!(
                "the numbers of {} are in another file (external data); save the model as one file: onnx.save(model, path)",
                quoted(tensor.name)
            )));
        }
        Ok(tensor)
    }

    /// The type of its numbers.
    pub(super) fn element(&self) -> i64 {
        self.element
    }

    /// The last of its dimensions; `None` if it has none.
    pub(super) fn last_dimension(&self) -> Result<Option<i64>> {
        Ok(self.body.numbers::<i64>(1)?.last())
    }

    /// Its whole numbers.
    pub(super) fn wholes(&self) -> Result<Vec<i64>> {
        match self.element {
            element::INT64 => self.numbers(7, i64::from_le_bytes),
            element::INT32 => self.numbers(5, |bytes| i32::from_le_bytes(bytes).into()),
            element::BYTE => self.numbers(5, |[byte]| byte.into()),
            other => Err(self.odd(other, "whole numbers")),
        }
    }

    /// Its floats, in 64 bits.
    pub(super) fn floats(&self) -> Result<Vec<f64>> {
        match self.element {
            element::SINGLE => {
                let singles = self.numbers(4, f32::from_le_bytes)?;
                Ok(singles.into_iter().map(f64::from).collect())
            }
            element::DOUBLE => self.numbers(10, f64::from_le_bytes),
            other => Err(self.odd(other, "floats")),
        }
    }

    fn odd(&self, element: i64, wanted: &str) -> Error {
        let message = format_args!(
            "the numbers of the tensor {} are {}, not {wanted}",
            quoted(self.name),
            element::name(element)
        );
        unsupported(message)
    }

    /// Its numbers: raw, or in the field of this number.
    fn numbers<N: Number, const WIDTH: usize>(&self, number: u64, of_raw: impl Fn([u8; WIDTH]) -> N) -> Result<Vec<N>> {
        let mut raw = None;
        for field in of_number(self.body, 9) {
            raw = Some(field?.message()?.bytes());
        }
        let numbers: Vec<N> = match raw {
            Some(raw) => {
                let (numbers, rest) = raw.as_chunks();
                if !rest.is_empty() {
                    return Err(
                        self.fault(format_args!("it has {} bytes, which are no whole numbers' of {WIDTH}", raw.len()))
                    );
                }
                numbers.iter().map(|&bytes| of_raw(bytes)).collect()
            }
            None => self.body.numbers(number)?.collect(),
        };
        let mut size = Some(1_u64);
        for dimension in self.body.numbers::<i64>(1)? {
            size = size.zip(u64::try_from(dimension).ok()).and_then(|(size, dimension)| size.checked_mul(dimension));
        }
        if size != Some(numbers.len() as u64) {
            return Err(self.fault(format_args!("it has {} numbers, not as many as its dimensions say", numbers.len())));
        }
        Ok(numbers)
    }

    fn fault(&self, message: std::fmt::Arguments<'_>) -> Error {
        invalid(message).at(format_args!("tensor {}", quoted(self.name)))
    }
}

/// The fields of one number, and what is no field.
fn of_number(body: Message<'_>, number: u64) -> impl Iterator<Item = Result<Field<'_>>> {
    body.fields().filter(move |field| field.as_ref().map_or(true, |field| field.number == number))
}

fn add<T>(list: &mut Vec<T>, item: T, most: usize, what: &str) -> Result<()> {
    if list.len() == most {
        return Err(unsupported(format_args!("the graph has more than {most} {what}: no tree model has")));
    }
    list.push(item);
    Ok(())
}

fn once<T>(slot: &mut Option<T>, value: T, what: &str) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(invalid(format_args!("the file has two of {what}"))),
    }
}
