//! Tensors: constants of the graph, and attributes that hold many numbers.

use super::messages::of_number;
use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::import::protobuf::{Field, Message, Number};

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

impl<'a> Tensor<'a> {
    /// Reads its message.
    pub(super) fn read(field: Field<'a>) -> Result<Self> {
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
