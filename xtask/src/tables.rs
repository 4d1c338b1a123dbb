//! Tables that commands print, written into the documents that show them.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::marks;
use crate::shell::{Stream, root, run_taking};

/// Runs a command, shows what it prints, and gives the lines of the table in it.
pub(crate) fn printed(command: &mut Command) -> Result<Vec<String>> {
    let table = run_taking(command, Stream::Output, |line| line.starts_with('|').then(|| line.to_owned()))?;
    ensure!(table.len() > 2, "no table was printed");
    Ok(table)
}

/// Writes a table into a document.
pub(crate) fn write(document: &str, name: &str, table: &[String]) -> Result<()> {
    let path = root().join(document);
    let text = fs::read_to_string(&path).with_context(|| document.to_owned())?;
    fs::write(&path, marks::with_lines(&text, name, table).with_context(|| document.to_owned())?)?;
    println!("written: {document}, {name}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_that_a_command_writes_has_its_place() {
        let text = fs::read_to_string(root().join(crate::wheels::ENGINES)).expect("the document");
        for name in crate::wheels::TABLES {
            marks::with_lines(&text, name, &[]).expect(name);
        }
    }
}
