//! ONNX models of one tree ensemble: what exporters make of XGBoost's, LightGBM's, CatBoost's and scikit-learn's models.
//!
//! An export's answers are not its trainer's: sums are made of 32-bit floats, base values come last. So the reference is the runtime that
//! people run such files with, onnxruntime, on one thread; where the specification leaves something open, it decides.

mod answers;
mod classic;
mod columns;
mod equals;
mod graph;
mod inputs;
mod messages;
mod outputs;
#[cfg(test)]
mod refusals;
mod splits;
mod tensor;
#[cfg(test)]
mod tests;
mod trees;
mod unified;
#[cfg(test)]
mod written;

use self::answers::Rule;
use self::columns::Column;
use self::graph::{Kind, Values};
use self::inputs::Inputs;
pub(super) use self::messages::recognises;
use self::splits::Splits;
use self::trees::{Ensemble, Node};
use super::source::{self, Frame, SourceTree};
use super::{Imported, Options};
use crate::error::{Result, invalid, unsupported};
use crate::finish::Finish;
use crate::forest::Base;
use crate::model::Model;
use crate::narrowing::Input;
use crate::numbers::Precision;
use crate::schema::{Feature, Schema};

/// How many trees a file may have beside one for each of so many bytes: the smallest with a branch takes 150.
const MOST_SMALL_TREES: usize = 1 << 16;
const BYTES_A_TREE: usize = 128;

/// Reads an ONNX file.
pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Imported> {
    let file = messages::Model::read(bytes)?;
    let values = Values::new(&file.graph)?;
    let (operator, kind) = values.ensemble()?;
    let [input] = operator.inputs[..] else {
        return Err(invalid(format_args!("the tree ensemble has {} inputs, not one", operator.inputs.len())));
    };
    let answer = outputs::answer(&values, operator, kind)?;
    // How the trees are read is the type's to say of what comes in; and where the file leaves its width open, that is theirs.
    let element = inputs::element(&values, input)?;
    let mut ensemble = match kind {
        Kind::Ensemble => unified::read(operator, element),
        _ => classic::read(operator, kind, element),
    }
    .map_err(|error| error.at(format_args!("{}", operator.kind)))?;
    // Every tree takes some hundred bytes of memory, so that trees of one leaf must not be all that a file has.
    if ensemble.trees.len() > MOST_SMALL_TREES + bytes.len() / BYTES_A_TREE {
        return Err(unsupported(format_args!("the file has {} trees, most of them of one leaf", ensemble.trees.len())));
    }
    let mut inputs = inputs::inputs(&values, input, ensemble.columns_needed())?;
    if !ensemble.is_double {
        // Whole numbers become 32-bit floats where they are compared with them.
        inputs.columns.iter_mut().for_each(Column::narrow);
    }
    equals::check_first_tree(&ensemble.trees)?;
    let rule = Rule::of(&ensemble, kind, &answer)?;
    let leaf_width = rule.leaf_width(&ensemble)?;
    let seen = seen_as(&ensemble, &inputs)?;
    let labels = std::mem::take(&mut ensemble.labels);
    let trees = source_trees(&mut ensemble, &inputs, &seen, &rule, leaf_width)?;
    let frame = Frame {
        feature_count: inputs.names.len(),
        leaf_width,
        precision: if ensemble.is_double { Precision::Double } else { Precision::Single },
        base_margins: rule.base_margins,
        base: Base::Last,
        finish: Finish { divisor: rule.divisor, ..Finish::PLAIN },
        link: rule.link,
        inputs: seen,
        steps: Vec::new(),
    };
    let missing: Vec<f64> = options.missing.filter(|missing| !missing.is_nan()).into_iter().collect();
    let features = inputs
        .names
        .into_iter()
        .map(|name| Feature { missing_codes: missing.clone(), ..Feature::named(name) })
        .collect();
    let (forest, leaf_covers) = source::forest(trees, frame)?;
    let schema = labels.name(Schema::new("", "", "", features)?)?;
    let model = Model::new(schema, forest)?;
    let origin = super::Origin::new(
        "ONNX",
        "",
        match kind {
            Kind::Classifier => "classifier",
            Kind::Regressor => "regressor",
            Kind::Ensemble => "ensemble",
        },
    );
    Ok(Imported { model: super::with_covers(model, leaf_covers)?, notes: vec![note(file.producer)], origin })
}

fn note(producer: &str) -> String {
    let what = if producer.is_empty() {
        String::new()
    } else {
        format!(" (this one is written by {})", crate::error::quoted(producer))
    };
    format!(
        "the answers are those of onnxruntime on one thread; the model that an ONNX file was made of{what} answers otherwise in the last bits: to \
         have its own answers, save it by its trainer's own means"
    )
}

/// The trees, with what their leaves add to the outputs.
fn source_trees(
    ensemble: &mut Ensemble,
    inputs: &Inputs,
    seen: &[Input],
    rule: &Rule,
    width: usize,
) -> Result<Vec<SourceTree>> {
    // Each goes when it is made: a large model is not there twice.
    let own = std::mem::take(&mut ensemble.trees);
    let mut splits = Splits::new(&own, &ensemble.sets, &inputs.columns, seen);
    let mut trees = Vec::with_capacity(own.len());
    for (index, tree) in own.into_iter().enumerate() {
        let mut values = Vec::with_capacity((tree.len() / 2 + 1) * width);
        let mut first_value: Vec<u32> = vec![0; tree.len()];
        let mut output = 0;
        for (node, first) in tree.iter().zip(&mut first_value) {
            let Node::Leaf { first_vote, end_vote } = *node else { continue };
            *first = u32::try_from(values.len())
                .map_err(|_| unsupported(format_args!("tree {index} has too many leaves")))?;
            values.resize(values.len() + width, 0.0);
            for vote in ensemble.votes_of(first_vote, end_vote) {
                match rule.only {
                    Some(only) if vote.target as usize == only => values[*first as usize] = vote.weight,
                    Some(_) => {}
                    None if width == 1 => {
                        output = vote.target;
                        values[*first as usize] = vote.weight;
                    }
                    None => values[*first as usize + vote.target as usize] = vote.weight,
                }
            }
        }
        let nodes = splits.nodes(&tree, &first_value).map_err(|error| error.at(format_args!("tree {index}")))?;
        trees.push(SourceTree { nodes, values, output, covers: Vec::new() });
    }
    Ok(trees)
}

/// How each feature is seen by the trees.
fn seen_as(ensemble: &Ensemble, inputs: &Inputs) -> Result<Vec<Input>> {
    let features = inputs.names.len();
    let mut seen: Vec<Option<Input>> = vec![None; features];
    for column in &inputs.columns {
        let input = column.input();
        if seen[column.feature].replace(input).is_some_and(|other| other != input) {
            return Err(unsupported(format_args!("the trees compare feature {} in 32 bits and in 64", column.feature)));
        }
    }
    let are_categories = equals::are_categories(ensemble, &inputs.columns, features);
    let as_asked = |(input, is_category): (Option<Input>, bool)| match input {
        Some(Input::Single) if is_category => Input::Exact,
        Some(input) => input,
        None => Input::Single,
    };
    Ok(seen.into_iter().zip(are_categories).map(as_asked).collect())
}
