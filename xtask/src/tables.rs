//! Tables that commands print, written into the documents that show them: between `<!-- NAME -->` and `<!-- /NAME -->`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::shell::root;

/// Runs a command, shows what it prints, and gives the lines of the table in it.
pub(crate) fn printed(command: &mut Command) -> Result<Vec<String>> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("what prints a table")?;
    let mut table = Vec::new();
    for line in BufReader::new(child.stdout.take().context("its output")?).lines() {
        let line = line?;
        println!("{line}");
        if line.starts_with('|') {
            table.push(line);
        }
    }
    ensure!(child.wait()?.success(), "what prints a table failed; its output is above");
    ensure!(table.len() > 2, "no table was printed");
    Ok(table)
}

/// Writes a table into a document.
pub(crate) fn write(document: &str, name: &str, table: &[String]) -> Result<()> {
    let path = root().join(document);
    let text = fs::read_to_string(&path).with_context(|| document.to_owned())?;
    fs::write(&path, with(&text, name, table).with_context(|| document.to_owned())?)?;
    println!("written: {document}, {name}");
    Ok(())
}

fn with(text: &str, name: &str, table: &[String]) -> Result<String> {
    let (opens, closes) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&opens).with_context(|| format!("there is no {}", opens.trim()))?;
    let (_, after) = rest.split_once(&closes).with_context(|| format!("there is no {closes}"))?;
    Ok(format!("{before}{opens}{}\n{closes}{after}", table.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_put_between_its_comments() {
        let table = ["| a |".to_owned(), "|---|".to_owned(), "| 1 |".to_owned()];
        let text = "x\n<!-- spark -->\n| old |\n<!-- /spark -->\ny";
        assert_eq!(
            with(text, "spark", &table).expect("written"),
            "x\n<!-- spark -->\n| a |\n|---|\n| 1 |\n<!-- /spark -->\ny"
        );
        with(text, "python", &table).expect_err("another name");
    }

    #[test]
    fn every_table_that_a_command_writes_has_its_place() {
        let text = fs::read_to_string(root().join(crate::wheels::ENGINES)).expect("the document");
        for name in crate::wheels::TABLES {
            with(&text, name, &[]).expect(name);
        }
    }
}
