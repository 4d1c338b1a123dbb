//! `wardian card`.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wardian::Model;
use wardian::import::FileKind;

use crate::reading::Reading;
use crate::{files, inspect};

const SHIPPED_CARD: &str = include_str!("../../../models/diabetes/CARD.md");
const SHIPPED_CARD_JSON: &str = include_str!("../../../models/diabetes/card.json");
const NO_CARD: &str = "No card came with this model. This is what its file tells: nothing of what it is for, on whom it \
                       was trained and how good it is.";

#[derive(clap::Args)]
#[command(after_help = "Examples:
  wardian card
  wardian card --json
  wardian card --model model.ubj")]
pub(crate) struct Arguments {
    /// A model: .wardian, or a file of XGBoost, LightGBM, CatBoost, ONNX, a pickle (told by content, not by name); without it the shipped one
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// Print JSON instead of Markdown
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let text = match (&arguments.model, arguments.json) {
        (None, _) => shipped(arguments.json).to_owned(),
        (Some(path), as_json) => {
            let bytes = files::read(path)?;
            let place = || path.display().to_string();
            let kind = FileKind::of(&bytes).with_context(place)?;
            let model = arguments.reading.model_of(&bytes, path)?;
            let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            if is_shipped(&sha256)? {
                shipped(as_json).to_owned()
            } else {
                let known = known(&model, kind.name(), bytes.len(), &sha256);
                if as_json { serde_json::to_string_pretty(&known)? + "\n" } else { markdown(&known)? }
            }
        }
    };
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}

fn shipped(as_json: bool) -> &'static str {
    if as_json { SHIPPED_CARD_JSON } else { SHIPPED_CARD }
}

/// Whether a file with this hash is the shipped model, or the trainer's own file that it is made of.
fn is_shipped(sha256: &str) -> Result<bool> {
    let card: Value = serde_json::from_str(SHIPPED_CARD_JSON)?;
    Ok(sha256 == wardian::diabetes_sha256() || card["model"]["sha256"] == sha256)
}

/// What a model's file tells, under the names that the shipped card uses where it has the like.
fn known(model: &Model, format: &str, bytes: usize, sha256: &str) -> Value {
    let (schema, forest) = (model.schema(), model.forest());
    let inputs: Vec<Value> = schema
        .features()
        .iter()
        .enumerate()
        .map(|(index, feature)| {
            let (cuts, sets) = inspect::tests(forest, index);
            json!({
                "name": feature.name,
                "label": feature.label,
                "unit": feature.unit,
                "range": feature.range.map(|(low, high)| [low, high]),
                "missing_codes": feature.missing_codes,
                "categories": feature.categories,
                "cuts": cuts,
                "category_sets": sets,
            })
        })
        .collect();
    json!({
        "title": schema.title(),
        "notice": NO_CARD,
        "model": {
            "name": schema.name(),
            "output": schema.outcome(),
            "outputs": model.prediction_count(),
            "link": forest.link_name(),
            "trees": forest.trees().len(),
            "splits": forest.split_count(),
            "depth": forest.depth(),
            "format": format,
            "bytes": bytes,
            "sha256": sha256,
        },
        "inputs": inputs,
    })
}

/// The same for people.
fn markdown(known: &Value) -> Result<String> {
    let mut out = String::new();
    let model = &known["model"];
    let title = [&known["title"], &model["name"]].into_iter().filter_map(Value::as_str).find(|text| !text.is_empty());
    writeln!(out, "# Model card: {}\n\n**{NO_CARD}**\n", title.unwrap_or("a model without a name"))?;
    writeln!(out, "## Model details\n\n| | |\n|---|---|")?;
    let facts = [
        ("What it answers", cell(&model["output"])),
        ("Numbers in an answer", cell(&model["outputs"])),
        ("Link", cell(&model["link"])),
        ("Size", format!("{} trees, {} splits, depth {}", model["trees"], model["splits"], model["depth"])),
        ("File", format!("{}, {} bytes", cell(&model["format"]), model["bytes"])),
        ("SHA-256", format!("`{}`", cell(&model["sha256"]))),
    ];
    for (name, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
        writeln!(out, "| {name} | {fact} |")?;
    }
    writeln!(out, "\n## Inputs\n\n| input | unit | range in training | not measured | cuts | category sets |")?;
    writeln!(out, "|---|---|---|---|---:|---:|")?;
    for input in known["inputs"].as_array().into_iter().flatten() {
        let range = match input["range"].as_array().map(Vec::as_slice) {
            Some([low, high]) => format!("{} to {}", number(low), number(high)),
            _ => String::from("unknown"),
        };
        let codes: Vec<String> = input["missing_codes"].as_array().into_iter().flatten().map(number).collect();
        let [name, unit] = [&input["name"], &input["unit"]].map(cell);
        let [cuts, sets] = [&input["cuts"], &input["category_sets"]];
        writeln!(out, "| {name} | {unit} | {range} | {} | {cuts} | {sets} |", codes.join(" or "))?;
    }
    Ok(out)
}

/// A text or a number in a table: a bar in a name would begin another cell.
fn cell(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.replace('|', "\\|").replace(['\r', '\n'], " "))
}

/// `44`, not `44.0`.
fn number(value: &Value) -> String {
    value.as_f64().map_or_else(String::new, |number| number.to_string())
}
