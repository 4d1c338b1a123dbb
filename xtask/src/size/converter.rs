//! What the bytes of the module that converts are: by importer, of a build that keeps the names of its functions.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use super::packed;
use crate::package::CONVERTER;
use crate::page;
use crate::shell::{command, run_quietly, target};
use crate::wasm::{self, Module};

/// The parts, and what the names of their functions hold; a function is of the first part that fits.
const PARTS: [(&str, &[&str]); 15] = [
    ("ONNX, with protobuf", &["import::onnx", "import::protobuf"]),
    ("LightGBM", &["import::lightgbm"]),
    ("CatBoost, with flatbuffers", &["import::catboost", "import::flatbuffer"]),
    ("XGBoost", &["import::xgboost", "import::pickled::booster"]),
    ("scikit-learn", &["import::sklearn"]),
    ("pickles", &["import::pickle"]),
    ("JSON and UBJSON", &["import::reader"]),
    ("`schema.json`", &["import::schema_file"]),
    ("`.wardian`, read and written", &["wardian::format"]),
    (
        "what a file is, gzip and zlib",
        &[
            "import::packed",
            "import::read_noting",
            "import::FileKind",
            "import::foreign",
            "flate2",
            "miniz_oxide",
            "adler",
        ],
    ),
    ("trees to forest, schema, errors, `exp` and `log`", &["wardian"]),
    ("floats as texts", &["flt2dec", "dec2flt", "bignum"]),
    ("maps and sets", &["btree", "hashbrown"]),
    ("JavaScript and memory", &["js_sys", "wasm_bindgen", "dlmalloc"]),
    ("the rest of the standard library", &[""]),
];

/// Prints the table.
pub(crate) fn print() -> Result<()> {
    let module = fs::read(named()?)?;
    let (mut imports, mut bodies, mut names, mut data) = (0, Vec::new(), Vec::new(), Vec::new());
    let part = |range: std::ops::Range<u64>| {
        module.get(range.start as usize..range.end as usize).context("a section is not within the module")
    };
    for payload in Parser::new(0).parse_all(&module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imports += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(part(body.range())?),
            Payload::DataSection(section) => data.extend_from_slice(part(section.range())?),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(entries) = section.as_known() else { continue };
                for entry in entries {
                    let Name::Function(functions) = entry? else { continue };
                    for function in functions {
                        let function = function?;
                        names.push((function.index as usize, function.name.to_owned()));
                    }
                }
            }
            _ => {}
        }
    }
    let mut parts = vec![Vec::new(); PARTS.len()];
    for (index, name) in names {
        // Imported functions have names and no bodies.
        let Some(body) = index.checked_sub(imports).and_then(|index| bodies.get(index)) else { continue };
        let fits = |(_, words): &(&str, &[&str])| words.iter().any(|word| without_hashes(&name).contains(word));
        if let Some(part) = PARTS.iter().position(fits) {
            parts[part].extend_from_slice(body);
        }
    }
    println!("| part | bytes | by itself after gzip -9 |\n|---|---:|---:|");
    for ((part, _), code) in PARTS.iter().zip(&parts).chain([(&("data: texts and tables", &[][..]), &data)]) {
        println!("| {part} | {} | {} |", code.len(), packed(code)?);
    }
    Ok(())
}

/// `wardian[99e27e]::import` → `wardian::import`.
fn without_hashes(name: &str) -> String {
    let mut out = String::new();
    for (place, part) in name.split('[').enumerate() {
        let hash = part
            .find(']')
            .filter(|&end| place > 0 && end > 7 && part[..end].bytes().all(|byte| byte.is_ascii_hexdigit()));
        match hash {
            Some(end) => out.push_str(&part[end + 1..]),
            None => out.push_str(part),
        }
    }
    out
}

/// The optimised module, with names.
fn named() -> Result<PathBuf> {
    let folder = target().join("bound-named");
    let module = wasm::Toolchain::ready()?.build_named(Module::Convert)?;
    run_quietly(
        command(wasm::bindgen()?.join("wasm-bindgen"))
            .args(["--keep-debug", "--target", "web", "--out-name", "convert", "--out-dir"])
            .arg(&folder)
            .arg(module),
    )?;
    let named = folder.join("named.wasm");
    page::optimise_with(&folder.join(CONVERTER), &named, &["-g"])?;
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_left_out_of_names() {
        assert_eq!(
            without_hashes("<wardian[99e27e37baa689f9]::A as core[0123456789]::B<[u8]>>"),
            "<wardian::A as core::B<u8]>>"
        );
    }
}
