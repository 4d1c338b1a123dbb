//! A case as a WebAssembly module for databases: the module of `udf/`, with the model in its memory.
//!
//! The model becomes a data segment behind the memory that the module was built with, which grows by as many pages; a second segment writes
//! its address and length over the zeros of `WARDIAN_MODEL`. Code and all else stay byte for byte what was built.

use std::ops::Range;

use wasm_encoder::{ConstExpr, DataSection, MemorySection, MemoryType, Module, RawSection};
use wasmparser::{DataKind, ExternalKind, Operator, Parser, Payload};

use crate::case::wrong;
use crate::error::{Error, Result};

/// The bytes of a page of memory.
const PAGE: u64 = 65536;
/// The export that says where the model's address and length are to be written.
const PLACE: &str = "WARDIAN_MODEL";

/// The module with `model`, a `.wardian` file, sealed into it.
///
/// # Errors
/// If `module` is not the one of `udf/`.
pub(super) fn seal(module: &[u8], model: &[u8]) -> Result<Vec<u8>> {
    let parsed = Parsed::of(module)?;
    let address = parsed.pages * PAGE;
    let pages = (model.len() as u64).div_ceil(PAGE);
    let mut sealed = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(told)? {
            Payload::MemorySection(_) => {
                let mut memory = MemorySection::new();
                let minimum = parsed.pages + pages;
                memory.memory(MemoryType {
                    minimum,
                    maximum: None,
                    memory64: false,
                    shared: false,
                    page_size_log2: None,
                });
                sealed.section(&memory);
            }
            Payload::DataCountSection { count, .. } => {
                sealed.section(&wasm_encoder::DataCountSection { count: count + 2 });
            }
            Payload::DataSection(segments) => {
                let mut data = DataSection::new();
                for segment in segments {
                    data.raw(part(module, segment.map_err(told)?.range));
                }
                data.active(0, &ConstExpr::i32_const(address as i32), model.iter().copied());
                let place = [address as u32, model.len() as u32].map(u32::to_le_bytes).concat();
                data.active(0, &ConstExpr::i32_const(parsed.place), place);
                sealed.section(&data);
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    sealed.section(&RawSection { id, data: part(module, range) });
                }
            }
        }
    }
    Ok(sealed.finish())
}

/// The model that is sealed into a module.
///
/// # Errors
/// If there is none.
pub(super) fn sealed_model(module: &[u8]) -> Result<Vec<u8>> {
    Parsed::of(module)?.model.ok_or_else(|| wrong("", "no model is sealed into this module"))
}

/// What sealing asks of a module.
struct Parsed {
    /// The pages of its memory.
    pages: u64,
    /// Where the model's address and length are written.
    place: i32,
    /// The model, where one is sealed in.
    model: Option<Vec<u8>>,
}

impl Parsed {
    fn of(module: &[u8]) -> Result<Self> {
        let (mut pages, mut place, mut globals, mut segments) = (None, None, Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload.map_err(told)? {
                Payload::MemorySection(memories) => {
                    for memory in memories {
                        pages = Some(memory.map_err(told)?.initial);
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        globals.push(constant(&global.map_err(told)?.init_expr));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export.map_err(told)?;
                        if export.name == PLACE && export.kind == ExternalKind::Global {
                            place = Some(export.index as usize);
                        }
                    }
                }
                Payload::DataSection(section) => {
                    for segment in section {
                        let segment = segment.map_err(told)?;
                        if let DataKind::Active { offset_expr, .. } = segment.kind {
                            segments.push((constant(&offset_expr), segment.data));
                        }
                    }
                }
                _ => {}
            }
        }
        let place = place.and_then(|index| globals.get(index).copied().flatten());
        let (Some(pages), Some(place)) = (pages, place) else {
            return Err(wrong("", format!("this is no module for databases: it exports no {PLACE}")));
        };
        let model = match segments.as_slice() {
            [.., (_, model), (last, _)] if *last == Some(place) => Some(model.to_vec()),
            _ => None,
        };
        Ok(Self { pages, place, model })
    }
}

fn told(error: wasmparser::BinaryReaderError) -> Error {
    wrong("the module", error.to_string())
}

fn part(module: &[u8], range: Range<u64>) -> &[u8] {
    &module[range.start as usize..range.end as usize]
}

/// The number that a constant expression is.
fn constant(expression: &wasmparser::ConstExpr<'_>) -> Option<i32> {
    match expression.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{DataCountSection, ExportKind, ExportSection, GlobalSection, GlobalType, ValType};

    use super::*;

    /// A module as that of `udf/` is: memory of two pages, data, and the place that is written to.
    fn module(exports: &str) -> Vec<u8> {
        let mut memory = MemorySection::new();
        memory.memory(MemoryType { minimum: 2, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let mut globals = GlobalSection::new();
        let kind = GlobalType { val_type: ValType::I32, mutable: false, shared: false };
        globals.global(kind, &ConstExpr::i32_const(1024));
        let mut export = ExportSection::new();
        export.export(exports, ExportKind::Global, 0);
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(16), *b"data");
        let mut module = Module::new();
        module
            .section(&memory)
            .section(&globals)
            .section(&export)
            .section(&DataCountSection { count: 1 })
            .section(&data);
        module.finish()
    }

    #[test]
    fn what_is_set_in_is_found_again() {
        let module = module(PLACE);
        assert!(sealed_model(&module).expect_err("none is in it").to_string().contains("no model is sealed"));
        for length in [1, PAGE as usize, PAGE as usize + 1] {
            let model = vec![7; length];
            let sealed = seal(&module, &model).expect("a module");
            assert_eq!(sealed_model(&sealed).expect("a model"), model);
            assert_eq!(Parsed::of(&sealed).expect("a module").pages, 2 + (length as u64).div_ceil(PAGE));
            assert_eq!(sealed, seal(&module, &model).expect("a module"), "always the same");
        }
    }

    #[test]
    fn other_modules_are_refused() {
        for other in [module("other"), b"\0asm\x01\0\0\0".to_vec()] {
            assert!(seal(&other, b"model").expect_err("no place").to_string().contains("exports no WARDIAN_MODEL"));
        }
        assert!(seal(b"<html>", b"model").is_err());
    }
}
