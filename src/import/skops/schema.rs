//! `schema.json` → the values of a pickle.
//!
//! Every object is a node: its class and module, the name of what would load it, and its content. Nodes become the values that a pickle of the
//! same object has; a node of an unknown loader becomes an object of its class without a state, which whoever reads it refuses.

use std::borrow::Cow;
use std::collections::HashMap;

use super::numpy::{File, Items};
use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::import::decimal::Decimal;
use crate::import::pickle::{Id, Value, Values};
use crate::import::reader::take::Fill;
use crate::import::reader::{self, Reader, Token};

/// The name of the file.
pub(super) const NAME: &str = "schema.json";

type Files<'f> = HashMap<String, Cow<'f, [u8]>>;

/// The values that a schema describes, and that of the whole.
pub(super) fn read<'f>(schema: &[u8], files: &'f Files<'_>, bytes: usize) -> Result<(Values<'f>, Id)> {
    /// What a value takes, about; and the most that all may, beside eight times the file.
    const VALUE: usize = 64;
    const SPARE: usize = 1 << 26;
    let mut building = Building { values: Values::of_parts(bytes), files, left: (SPARE + 8 * bytes) / VALUE };
    let mut source = Reader::json(schema);
    let root = building.node(&mut source).and_then(|root| source.end().map(|()| root));
    Ok((building.values, root.map_err(|error| error.at(format_args!("{NAME}")))?))
}

/// The values so far.
struct Building<'f> {
    values: Values<'f>,
    files: &'f Files<'f>,
    /// How many more there may be.
    left: usize,
}

/// What a node says.
#[derive(Default)]
struct Parts {
    class: String,
    module: String,
    loader: Option<String>,
    kind: String,
    file: Option<String>,
    content: Option<Id>,
    shape: Option<Id>,
    call: Option<Id>,
}

/// The value of what is no text, list or object.
fn plain<'f>(token: &Token<'_>) -> Result<Value<'f>> {
    Ok(match token {
        Token::Null => Value::None,
        Token::Truth(truth) => Value::Boolean(*truth),
        Token::Whole(number) => Value::Integer(*number),
        Token::Large(_) => Value::LargeInteger,
        Token::Float(number) => Value::Float(*number),
        Token::Decimal(number) => Value::Float(f64::of_text(number).unwrap_or(f64::NAN)),
        Token::Text(_) | Token::List(_) | Token::Object(_) => {
            return Err(invalid(format_args!("it is no plain value")));
        }
    })
}

/// A text that may be absent.
fn text_of(reader: &mut Reader<'_>) -> Result<String> {
    let mut text = None::<String>;
    text.fill(reader)?;
    Ok(text.unwrap_or_default())
}

impl<'f> Building<'f> {
    /// The value that is next.
    fn node(&mut self, reader: &mut Reader<'_>) -> Result<Id> {
        let value = match reader.token()? {
            Token::List(items) => {
                let mut list = Vec::new();
                reader.items(items, &mut |reader| {
                    list.push(self.node(reader)?);
                    Ok(())
                })?;
                Value::List(list)
            }
            Token::Object(items) => return self.entries(reader, items),
            Token::Text(text) => return self.text(&text),
            other => plain(&other)?,
        };
        self.add(value)
    }

    /// The value of an object that has begun.
    fn entries(&mut self, reader: &mut Reader<'_>, items: reader::Items) -> Result<Id> {
        let mut parts = Parts::default();
        let mut plain = Vec::new();
        reader.entries(items, &mut |reader, key| {
            match key {
                "__class__" => parts.class = text_of(reader)?,
                "__module__" => parts.module = text_of(reader)?,
                "__loader__" => parts.loader = Some(text_of(reader)?),
                "type" => parts.kind = text_of(reader)?,
                "file" => parts.file = Some(text_of(reader)?),
                "content" => parts.content = Some(self.node(reader)?),
                "shape" => parts.shape = Some(self.node(reader)?),
                "__reduce__" => parts.call = Some(self.node(reader)?),
                // What is said again, or for skops alone.
                "key_types" | "is_json" | "__id__" | "protocol" | "_skops_version" => reader.skip()?,
                _ => {
                    let value = self.node(reader)?;
                    plain.push((self.text(key)?, value));
                }
            }
            Ok(true)
        })?;
        if let Some(loader) = parts.loader.take() {
            return self.value(&loader, parts);
        }
        // An attribute may be called as a part of a node is.
        for (name, part) in [("content", parts.content), ("shape", parts.shape)] {
            if let Some(value) = part {
                plain.push((self.text(name)?, value));
            }
        }
        self.add(Value::Dictionary(plain))
    }

    fn add(&mut self, value: Value<'f>) -> Result<Id> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or_else(|| invalid(format_args!("it has more values than any model of this size")))?;
        Ok(self.values.add_part(value))
    }

    fn text(&mut self, text: &str) -> Result<Id> {
        self.add(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn global(&mut self, module: &str, name: &str) -> Result<Id> {
        let (module, name) = (self.text(module)?, self.text(name)?);
        self.add(Value::Global { module, name })
    }

    /// An object: what would have been called, with what, and its state.
    fn object(&mut self, callable: (&str, &str), arguments: Vec<Id>, state: Option<Id>) -> Result<Id> {
        let callable = self.global(callable.0, callable.1)?;
        let arguments = self.add(Value::Tuple(arguments))?;
        self.add(Value::Object { callable, arguments, state, more: None })
    }

    /// The value of a node.
    fn value(&mut self, loader: &str, parts: Parts) -> Result<Id> {
        let fault = |what: &str| invalid(format_args!("a {} has {what}", quoted(loader)));
        match loader {
            "JsonNode" => {
                let text = parts.content.and_then(|content| self.values.text(content)).map(str::to_owned);
                self.json(&text.ok_or_else(|| fault("no text"))?)
            }
            "ListNode" | "DictNode" | "OrderedDictNode" | "DefaultDictNode" => {
                parts.content.ok_or_else(|| fault("no content"))
            }
            "TupleNode" | "SetNode" => {
                let items = parts.content.and_then(|content| self.values.sequence(content)).map(<[Id]>::to_vec);
                let items = items.ok_or_else(|| fault("no members"))?;
                self.add(if loader == "TupleNode" { Value::Tuple(items) } else { Value::Set(items) })
            }
            "TypeNode" | "FunctionNode" => self.global(&parts.module, &parts.class),
            "ObjectNode" | "TreeNode" | "LossNode" | "ReduceNode" | "ConstructorFromReduceNode" => {
                let arguments = match parts.call {
                    Some(call) => self.values.entry(call, "args")?,
                    None => None,
                };
                let arguments =
                    arguments.and_then(|arguments| self.values.sequence(arguments)).unwrap_or_default().to_vec();
                self.object((&parts.module, &parts.class), arguments, parts.content)
            }
            "BytesNode" | "BytearrayNode" => {
                let bytes = self.file(&parts)?;
                self.add(Value::Bytes(bytes))
            }
            "NdArrayNode" if parts.kind == "numpy" => self.array(&parts),
            "NdArrayNode" => {
                let shape = parts.shape.ok_or_else(|| fault("no shape"))?;
                let content = parts.content.ok_or_else(|| fault("no content"))?;
                let dtype = self.dtype("O", 0)?;
                let content = self.objects(shape, content)?;
                self.made_array(shape, dtype, false, content)
            }
            "DTypeNode" => match parts.content.and_then(|content| self.dtype_of(content)) {
                Some(dtype) => Ok(dtype),
                None => Err(fault("no dtype")),
            },
            _ => self.object((&parts.module, &parts.class), Vec::new(), None),
        }
    }

    /// The objects of an array, which are in lists in each other, as many deep as it has dimensions.
    fn objects(&mut self, shape: Id, content: Id) -> Result<Id> {
        let dimensions = self.values.sequence(shape).map_or(1, <[Id]>::len);
        if dimensions < 2 {
            return Ok(content);
        }
        let mut items = vec![content];
        for _ in 0..dimensions {
            let members: usize = items.iter().map(|&item| self.values.sequence(item).map_or(0, <[Id]>::len)).sum();
            // Nothing is in two lists: so there are fewer than there are values.
            self.values.look_at(members)?;
            items = items.iter().flat_map(|&item| self.values.sequence(item).unwrap_or_default()).copied().collect();
        }
        self.add(Value::List(items))
    }

    /// What a text of JSON says, as Python writes it.
    fn json(&mut self, text: &str) -> Result<Id> {
        let value = match text {
            "NaN" => Value::Float(f64::NAN),
            "Infinity" => Value::Float(f64::INFINITY),
            "-Infinity" => Value::Float(f64::NEG_INFINITY),
            // A number of more digits than any model has.
            _ if text.len() > 18 && text.bytes().all(|byte| byte.is_ascii_digit()) => Value::LargeInteger,
            _ => {
                let mut source = Reader::json(text.as_bytes());
                let value = match source.token() {
                    Ok(Token::Text(text)) => Ok(Value::Text(Cow::Owned(text.into_owned()))),
                    Ok(other) => plain(&other),
                    Err(error) => Err(error),
                };
                let value = value.and_then(|value| source.end().map(|()| value));
                value.map_err(|_| invalid(format_args!("{} is no value of JSON", quoted(text))))?
            }
        };
        self.add(value)
    }

    fn file(&self, parts: &Parts) -> Result<&'f [u8]> {
        let name = parts.file.as_deref().unwrap_or_default();
        let file = self.files.get(name);
        file.map(|file| -> &[u8] { file }).ok_or_else(|| invalid(format_args!("the zip has no {}", quoted(name))))
    }

    /// numpy's description of items.
    fn dtype(&mut self, code: &str, size: usize) -> Result<Id> {
        let order = if code.starts_with('>') { ">" } else { "<" };
        let code = self.text(code.trim_start_matches(['<', '>', '|', '=']))?;
        let order = self.text(order)?;
        let none = self.add(Value::None)?;
        let version = self.add(Value::Integer(3))?;
        let size = self.add(Value::Integer(size as i64))?;
        let state = self.add(Value::Tuple(vec![version, order, none, none, none, size]))?;
        self.object(("numpy", "dtype"), vec![code], Some(state))
    }

    /// The same of records.
    fn records(&mut self, fields: &[(String, String)]) -> Result<Id> {
        let mut offset = 0_usize;
        let (mut names, mut table) = (Vec::new(), Vec::new());
        for (name, code) in fields {
            let digits = code.trim_start_matches(|character: char| !character.is_ascii_digit());
            let size = digits.parse::<u16>().ok().filter(|&size| size > 0);
            let size = size.ok_or_else(|| unsupported(format_args!("records with {} are not read", quoted(code))))?;
            // What has no name fills a gap.
            if !name.is_empty() {
                let (dtype, place) = (self.dtype(code, size.into())?, self.add(Value::Integer(offset as i64))?);
                let field = self.add(Value::Tuple(vec![dtype, place]))?;
                let name = self.text(name)?;
                names.push(name);
                table.push((name, field));
            }
            offset += usize::from(size);
        }
        let code = self.text(&format!("V{offset}"))?;
        let (names, table) = (self.add(Value::Tuple(names))?, self.add(Value::Dictionary(table))?);
        let (version, order, none) = (self.add(Value::Integer(3))?, self.text("|")?, self.add(Value::None)?);
        let size = self.add(Value::Integer(offset as i64))?;
        let state = self.add(Value::Tuple(vec![version, order, none, names, table, size]))?;
        self.object(("numpy", "dtype"), vec![code], Some(state))
    }

    /// An array in a file of its own, or one number of numpy's.
    fn array(&mut self, parts: &Parts) -> Result<Id> {
        let name = parts.file.clone().unwrap_or_default();
        let place = |error: Error| error.at(format_args!("{}", quoted(&name)));
        let File { items, is_fortran, shape, data } = File::read(self.file(parts)?).map_err(place)?;
        let dtype = match &items {
            Items::One(code) => self.dtype(code, 0)?,
            Items::Records(fields) => self.records(fields).map_err(place)?,
        };
        let data = self.add(Value::Bytes(data))?;
        if parts.class != "ndarray" && shape.is_empty() {
            return self.object(("numpy.core.multiarray", "scalar"), vec![dtype, data], None);
        }
        let mut lengths = Vec::with_capacity(shape.len());
        for length in shape {
            lengths.push(self.add(Value::Integer(length.into()))?);
        }
        let shape = self.add(Value::Tuple(lengths))?;
        self.made_array(shape, dtype, is_fortran, data)
    }

    /// An array as numpy's own pickles have it.
    fn made_array(&mut self, shape: Id, dtype: Id, is_fortran: bool, data: Id) -> Result<Id> {
        let (version, is_fortran) = (self.add(Value::Integer(1))?, self.add(Value::Boolean(is_fortran))?);
        let state = self.add(Value::Tuple(vec![version, shape, dtype, is_fortran, data]))?;
        self.object(("numpy.core.multiarray", "_reconstruct"), Vec::new(), Some(state))
    }

    /// The description of an array's items: what a dtype is written as is an array without any.
    fn dtype_of(&self, array: Id) -> Option<Id> {
        let Value::Object { state: Some(state), .. } = self.values.get(array) else { return None };
        self.values.sequence(*state)?.get(2).copied()
    }
}
