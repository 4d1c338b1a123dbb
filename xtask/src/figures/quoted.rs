//! Figures that commands have written into documents, to be quoted elsewhere.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::{document, grouped};
use crate::{marks, seen};

/// Each by its name.
pub(super) fn all() -> Result<BTreeMap<String, String>> {
    let mut figures = BTreeMap::new();
    let mut add = |name: &str, text: String| figures.insert(name.to_owned(), text);
    let benchmarks = document("docs/BENCHMARKS.md")?;
    let (_, batch) = benchmarks.split_once("## A batch").context("BENCHMARKS.md has no batch")?;
    let xgboost = bracketed(batch, "XGBoost")?;
    add("batch/shapes", xgboost.len().to_string());
    add("batch/xgboost", range(&xgboost)?);
    let (_, peers) = benchmarks.split_once("## The peers, of the same trees").context("the peers of BENCHMARKS.md")?;
    add("batch/onnxruntime-web", range(&bracketed(peers, "onnxruntime-web")?)?);
    for (name, title) in [("onnxruntime", "onnxruntime 1"), ("treelite", "GTIL"), ("tl2cgen", "TL2cgen")] {
        add(&format!("bits/{name}"), shares(&benchmarks, title)?);
    }
    let page = document("docs/PAGE.md")?;
    for (name, title) in [("wardian", "Wardian"), ("onnxruntime-web", "onnxruntime-web")] {
        let row = row(&page, title)?;
        let milliseconds: f64 = number(row.get(2).context("slow 4G")?)?;
        let seconds = milliseconds / 1000.0;
        add(
            &format!("first-answer/{name}"),
            if seconds < 10.0 { format!("{seconds:.1} s") } else { format!("{seconds:.0} s") },
        );
        add(&format!("first-answer/{name}/bytes"), format!("{:.1} MB", number(row.get(3).context("bytes")?)? / 1e6));
    }
    let files = document("docs/FILES.md")?;
    add("files/wardian", format!("{} s", row(&files, "`wardian predict --csv`")?.get(1).context("seconds")?));
    add("files/pandas", format!("{} s", row(&files, "`read_csv` and")?.get(1).context("seconds")?));
    let service = document("docs/SERVICE.md")?;
    let requests = |title: &str| -> Result<f64> { number(row(&service, title)?.get(1).context("requests")?) };
    add("service/wardian", whole(requests("wardian serve")?));
    add(
        "service/flask",
        whole(requests("Flask, gunicorn, one worker |")?.max(requests("Flask, gunicorn, one worker of")?)),
    );
    figures.extend(of_oracle(&document(seen::PROOF)?)?);
    Ok(figures)
}

/// What the oracle has seen, as PROOF.md has it.
pub(crate) fn of_oracle(proof: &str) -> Result<BTreeMap<String, String>> {
    let mut figures = BTreeMap::new();
    let fresh = marks::said(proof, seen::KIND, "oracle")?;
    for (name, unit) in
        [("models", " models of "), ("versions", " versions"), ("margins", " margins"), ("predictions", " predictions")]
    {
        let said = before(&fresh, unit)?;
        let millions = number(said)? / 1e6;
        let text = if millions < 1.0 { said.to_owned() } else { format!("{} million", millions.floor()) };
        figures.insert(format!("oracle/{name}"), text);
    }
    let explained = marks::said(proof, seen::KIND, "contributions-xgboost")?;
    figures.insert("oracle/contributions".to_owned(), before(&explained, " of the margins' scale")?.to_owned());
    Ok(figures)
}

/// The ratios in brackets of a table's column.
fn bracketed(text: &str, column: &str) -> Result<Vec<f64>> {
    let mut lines = text.lines().skip_while(|line| !line.starts_with('|'));
    let heads = cells(lines.next().context("a table")?);
    let place =
        heads.iter().position(|head| head.starts_with(column)).with_context(|| format!("no column {column}"))?;
    let cells =
        lines.skip(1).take_while(|line| line.starts_with('|')).filter_map(|line| cells(line).get(place).copied());
    cells.filter_map(|cell| cell.split_once('(')).map(|(_, ratio)| number(ratio.trim_end_matches("×)"))).collect()
}

/// `6.5–36.5 %` as `6 to 37 %`: rounded outwards.
fn shares(text: &str, title: &str) -> Result<String> {
    let (_, text) =
        text.split_once("| | answers with XGBoost's bits").context("BENCHMARKS.md has no shares of bits")?;
    let row = row(text, title)?;
    let said = row.get(1).context("a share")?.trim_end_matches(" %");
    let (least, most) = said.split_once('–').with_context(|| said.to_owned())?;
    Ok(format!("{:.0} to {:.0} %", number(least)?.floor(), number(most)?.ceil()))
}

/// The first row of a table that begins so; its cells.
fn row<'a>(text: &'a str, title: &str) -> Result<Vec<&'a str>> {
    let beginning = format!("| {title}");
    let line = text.lines().find(|line| line.starts_with(&beginning)).with_context(|| format!("no row {title}"))?;
    Ok(cells(line))
}

fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}

/// The number at a cell's beginning.
fn number(cell: &str) -> Result<f64> {
    let digits = cell.split_whitespace().next().unwrap_or_default().replace(',', "");
    digits.parse().with_context(|| format!("{cell} is no number"))
}

/// The word before a unit.
fn before<'a>(text: &'a str, unit: &str) -> Result<&'a str> {
    let (head, _) = text.split_once(unit).with_context(|| format!("PROOF.md says nothing of{unit}"))?;
    head.split_whitespace().next_back().with_context(|| unit.to_owned())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "requests in a second")]
fn whole(number: f64) -> String {
    grouped(number.round() as usize)
}

/// The least and the most, as `3.1 to 15.9`.
fn range(ratios: &[f64]) -> Result<String> {
    let least = ratios.iter().copied().reduce(f64::min).context("no ratio")?;
    let most = ratios.iter().copied().reduce(f64::max).context("no ratio")?;
    let short = |ratio: f64| if ratio < 20.0 { format!("{ratio:.1}") } else { format!("{ratio:.0}") };
    Ok(format!("{} to {}", short(least), short(most)))
}
