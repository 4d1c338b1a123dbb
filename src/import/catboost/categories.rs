//! The names of categories: CatBoost's trees know hashes of them, and only a JSON file that was saved with its training data knows what they
//! are hashes of.

use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::forest::MAX_CATEGORY;

/// All categories of the training data, of whatever column.
pub(super) struct Categories {
    /// In the order of their codes.
    pub(super) names: Vec<String>,
    /// Hashes, ascending, and the code of each.
    codes: Vec<(u32, u32)>,
}

/// How to have a file with names.
pub(super) const SAVE_WITH_NAMES: &str = "save the model with them, model.save_model(\"model.json\", format=\"json\", pool=train_pool), where train_pool is the training data";

impl Categories {
    /// Those of a list of hashes and names. Whole numbers get their codes by size, so that 0, 1, 2 and so on are their own; others in the order
    /// of their characters.
    pub(super) fn of(entries: impl Iterator<Item = (i64, String)>) -> Result<Self> {
        let mut entries: Vec<(u32, String)> =
            entries.map(|(hash, name)| Ok((checked(hash)?, name))).collect::<Result<_>>()?;
        if entries.len() > MAX_CATEGORY as usize {
            return Err(unsupported(format_args!("{} categories; there are at most {MAX_CATEGORY}", entries.len())));
        }
        let are_whole = entries.iter().all(|(_, name)| whole(name).is_some());
        entries.sort_unstable_by(|(_, name), (_, other)| match are_whole {
            true => whole(name).cmp(&whole(other)),
            false => name.cmp(other),
        });
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].1 == pair[1].1) {
            return Err(invalid(format_args!("the category {} has two hashes", quoted(&pair[0].1))));
        }
        let mut codes: Vec<(u32, u32)> = entries.iter().zip(0..).map(|(&(hash, _), code)| (hash, code)).collect();
        codes.sort_unstable();
        if codes.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(invalid(format_args!("two categories have one hash")));
        }
        Ok(Self { names: entries.into_iter().map(|(_, name)| name).collect(), codes })
    }

    /// The code of the category with this hash; `called` names the column for an error.
    pub(super) fn code(&self, hash: i64, called: impl Fn() -> String) -> Result<u32> {
        let missing = || -> Error {
            let called = called();
            let lost =
                if self.names.is_empty() { "the names of its categories" } else { "the name of one of its categories" };
            unsupported(format_args!("feature {called} is categorical, and the file has not {lost}: {SAVE_WITH_NAMES}"))
        };
        let place = self.codes.binary_search_by_key(&checked(hash)?, |&(hash, _)| hash);
        place.map_or_else(|_| Err(missing()), |place| Ok(self.codes[place].1))
    }
}

/// A hash, of which some places write the highest bit as a sign.
fn checked(hash: i64) -> Result<u32> {
    let hash = u32::try_from(hash).ok().or_else(|| i32::try_from(hash).ok().map(|hash| hash as u32));
    hash.ok_or_else(|| invalid(format_args!("the hash of a category has more than 32 bits")))
}

/// The whole number that a name is, if it is written as one.
fn whole(name: &str) -> Option<u64> {
    let number: u64 = name.parse().ok()?;
    (number.to_string() == name).then_some(number)
}
