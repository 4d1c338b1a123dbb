//! The values of each feature that were observed, of which one is enough for all that no tree tells apart: what is told where one is
//! missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::file::{CaseFile, FileOr};
use super::kept::Memo;
use super::read::{file_or, wrong};
use super::{Files, Table};
use crate::error::Result;
use crate::model::Model;
use crate::unknown::Observed;

/// The most values of all features together: a document of a megabyte.
const MOST: usize = 100_000;

/// Values of a feature that were observed, ascending: of those that no tree tells apart the least.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "case-schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "case-schema", schemars(rename = "Observed"))]
#[serde(deny_unknown_fields)]
pub struct ObservedEntry {
    /// The values; of categories their codes.
    pub values: Vec<f64>,
    /// For how many rows each of them stands.
    pub counts: Vec<u64>,
}

/// What rows tell, and a note where it is too much to be told.
pub(super) type Told = (Option<Entries>, Option<String>);

/// By feature.
pub(super) type Entries = BTreeMap<String, ObservedEntry>;

/// Takes in what stands in a file of the folder.
pub(super) fn take_in(file: &mut CaseFile, files: &Files) -> Result<()> {
    if let Some(observed) = file.observed.take() {
        file.observed = Some(FileOr::Here(file_or(observed, "observed", files)?));
    }
    Ok(())
}

/// Fills in what rows tell; without rows checks what is said.
pub(super) fn tell(
    file: &mut CaseFile,
    model: &Model,
    table: Option<&Table>,
    memo: (&mut Memo<Told>, &str),
    notes: &mut Vec<String>,
) -> Result<()> {
    let Some(table) = table else { return check(file, model) };
    let (entries, note) = memo.0.of(memo.1, || of_rows(model, table))?;
    notes.extend(note);
    file.observed = entries.map(FileOr::Here);
    Ok(())
}

/// What rows tell, and a note where it is too much to be told.
fn of_rows(model: &Model, table: &Table) -> Result<Told> {
    let observed = Observed::of_rows(model, &table.values)?;
    let count: usize = observed.features().iter().map(|own| own.values.len()).sum();
    if count > MOST {
        let message = "the rows have {} values that trees tell apart, more than {}: what an answer could be if a missing value were measured is not told";
        let note = message.replacen("{}", &count.to_string(), 1).replacen("{}", &MOST.to_string(), 1);
        return Ok((None, Some(note)));
    }
    let named = model.schema().features().iter().zip(observed.features());
    let said = named.filter(|(_, own)| !own.values.is_empty()).map(|(feature, own)| {
        // A zero's sign says nothing.
        let values = own.values.iter().map(|value| value + 0.0).collect();
        (feature.name.clone(), ObservedEntry { values, counts: own.counts.clone() })
    });
    let said: Entries = said.collect();
    Ok((Some(said).filter(|said| !said.is_empty()), None))
}

fn check(file: &CaseFile, model: &Model) -> Result<()> {
    let Some(FileOr::Here(said)) = &file.observed else { return Ok(()) };
    if said.values().map(|own| own.values.len()).sum::<usize>() > MOST {
        return Err(wrong("observed", format!("it has more than {MOST} values")));
    }
    for (name, ObservedEntry { values, counts }) in said {
        let place = format!("observed.{name}");
        if model.schema().index_of(name).is_err() {
            return Err(wrong(&place, "the model has no such feature"));
        }
        if values.len() != counts.len() || counts.contains(&0) {
            return Err(wrong(&place, "there is not one count, of at least 1, for each value"));
        }
        if !values.iter().all(|value| (*value as f32).is_finite()) || !values.is_sorted_by(|one, next| one < next) {
            return Err(wrong(&place, "its values are not finite numbers in ascending order"));
        }
    }
    Ok(())
}
