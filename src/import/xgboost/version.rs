//! The version that wrote a file, and what it computes otherwise than the others. A file is answered as its own version
//! answers it, whatever later ones make of it; `docs/PROOF.md` has the whole list.

use crate::error::{Result, unsupported};
use crate::forest::Base;

/// The versions, major and minor, whose answers `cargo xtask oracle` compares with ours.
const COMPARED: [(i64, i64); 15] = [
    (1, 0),
    (1, 1),
    (1, 2),
    (1, 3),
    (1, 4),
    (1, 5),
    (1, 6),
    (1, 7),
    (2, 0),
    (2, 1),
    (3, 0),
    (3, 1),
    (3, 2),
    (3, 3),
    (3, 4),
];

/// A version of XGBoost.
#[derive(Clone, Copy)]
pub(super) struct Version {
    /// Major and minor. A file that says none is taken for one of the newest.
    numbers: (i64, i64),
    is_said: bool,
}

impl Version {
    /// The version that a file names.
    ///
    /// # Errors
    /// `unsupported_model` unless it is 1, 2 or 3.
    pub(super) fn of(said: Option<&[i64]>) -> Result<Self> {
        match said {
            None | Some([]) => Ok(Self { numbers: COMPARED[COMPARED.len() - 1], is_said: false }),
            Some(&[major @ 1..=3, ref rest @ ..]) => {
                Ok(Self { numbers: (major, rest.first().copied().unwrap_or(0)), is_said: true })
            }
            Some(other) => {
                Err(unsupported(format_args!("the file was written by XGBoost {other:?}; versions 1 to 3 are read")))
            }
        }
    }

    /// Whether it is this version or a later one.
    pub(super) fn is_from(self, major: i64, minor: i64) -> bool {
        self.numbers >= (major, minor)
    }

    /// What a user should know who trusts its answers.
    pub(super) fn note(self) -> Option<String> {
        let (major, minor) = self.numbers;
        let newest = COMPARED[COMPARED.len() - 1];
        if !self.is_said {
            return Some(format!(
                "the file does not say which version of XGBoost wrote it: it is read as one of {}.{}",
                newest.0, newest.1
            ));
        }
        (!COMPARED.contains(&self.numbers)).then(|| {
            format!(
                "the file was written by XGBoost {major}.{minor}, whose answers Wardian was never compared with (1.0 to {}.{} \
                 were): compare some yourself before you trust the rest",
                newest.0, newest.1
            )
        })
    }

    /// Where base margins come into a sum: last in all versions before 1.3, and before 1.4 for `dart`. Since then they come
    /// first, which gives other last bits. From 1.7 to 3.2 the wrapper, and `inplace_predict`, count a row's own once for
    /// every tree of a `dart`.
    ///
    /// Where there are no trees, the sum of none makes 0.0 of a base margin of -0.0: but not of `gbtree` from 1.1 on.
    pub(super) fn base(self, is_dart: bool, has_no_trees: bool) -> Base {
        let is_last = !self.is_from(1, if is_dart { 4 } else { 3 });
        if is_last && has_no_trees && !is_dart && self.is_from(1, 1) {
            Base::First
        } else if is_last {
            Base::Last
        } else if is_dart && self.is_from(1, 7) && !self.is_from(3, 3) {
            Base::Fixed
        } else {
            Base::First
        }
    }

    /// How a tree of `dart` adds a leaf.
    pub(super) fn dart(self) -> Dart {
        if self.is_from(1, 4) && !self.is_from(3, 3) { Dart::AroundBase } else { Dart::Product }
    }

    /// Whether its logistic function keeps away from 0: since 1.6.
    pub(super) fn caps_logistic(self) -> bool {
        self.is_from(1, 6)
    }

    /// Whether the base score of `binary:logitraw` is a probability, as of the other logistic objectives: before 1.3.
    pub(super) fn takes_raw_base_for_probability(self) -> bool {
        !self.is_from(1, 3)
    }

    /// Whether it keeps a probability that is a base score a millionth away from 0 and 1: since 3.2. Before, 0 and 1 were
    /// refused, and others taken as they are.
    pub(super) fn clamps_base(self) -> bool {
        self.is_from(3, 2)
    }

    /// Whether a base score that was never fitted, as of a booster without trees, is taken for the margin itself: since 3.1.
    pub(super) fn takes_unfitted_base_for_margin(self) -> bool {
        self.is_from(3, 1)
    }

    /// Whether the offsets of categories' names count characters where the categories came from pandas, which cuts the
    /// text of all short by what it counts too little: 3.1 to 3.3.
    pub(super) fn may_count_characters(self) -> bool {
        self.is_from(3, 1) && !self.is_from(3, 4)
    }

    /// Whether its categories can be compared: before 1.6 only graphics cards trained on them, as an experiment.
    pub(super) fn compares_categories(self) -> bool {
        self.is_from(1, 6)
    }

    /// Whether a category that no split's set could hold goes the way of a missing one: in 1.6. Since then it goes left.
    pub(super) fn takes_unknown_categories_for_missing(self) -> bool {
        !self.is_from(1, 7)
    }

    /// Whether the predicted quantiles of a row are sorted, so that none crosses another: since 3.4.
    pub(super) fn sorts_quantiles(self) -> bool {
        self.is_from(3, 4)
    }

    /// Whether the wrapper takes from the file how many rounds were best. Before 1.4 it does so only of what it has written
    /// there itself; a `Booster`'s `best_iteration` changes nothing.
    pub(super) fn follows_best_iteration(self) -> bool {
        self.is_from(1, 4)
    }
}

/// How a tree of `dart` adds a leaf to a sum, all in 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dart {
    /// `leaf * weight`.
    Product,
    /// `((base + leaf) - base) * weight`, where the first sum rounds: so the scikit-learn wrapper and `inplace_predict` of
    /// 1.4 to 3.2; `predict(DMatrix)` of those adds the product, and differs from them in some rows' last bit.
    AroundBase,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(numbers: &[i64]) -> Version {
        Version::of(Some(numbers)).expect("a version")
    }

    #[test]
    fn only_versions_that_were_compared_go_without_a_word() {
        assert_eq!(version(&[3, 4, 1]).note(), None);
        assert_eq!(version(&[1, 0, 2]).note(), None);
        for unknown in [&[3, 5, 0][..], &[1, 9], &[2, 2, 0]] {
            let note = version(unknown).note().expect("a note");
            assert!(note.contains(&format!("XGBoost {}.{},", unknown[0], unknown[1])), "{note}");
        }
        assert!(Version::of(None).expect("none is said").note().expect("a note").contains("does not say"));
        for refused in [&[0, 9][..], &[4, 0, 0], &[-1]] {
            assert!(Version::of(Some(refused)).is_err());
        }
    }

    #[test]
    fn what_changed_changed_in_its_version() {
        let changes = |numbers: &[i64]| {
            let version = version(numbers);
            (version.base(false, false), version.base(true, false), version.dart())
        };
        assert_eq!(changes(&[1, 2, 1]), (Base::Last, Base::Last, Dart::Product));
        assert_eq!(changes(&[1, 3, 3]), (Base::First, Base::Last, Dart::Product));
        assert_eq!(changes(&[1, 4, 2]), (Base::First, Base::First, Dart::AroundBase));
        assert_eq!(changes(&[1, 6, 2]), (Base::First, Base::First, Dart::AroundBase));
        assert_eq!(changes(&[1, 7, 6]), (Base::First, Base::Fixed, Dart::AroundBase));
        assert_eq!(changes(&[3, 2, 0]), (Base::First, Base::Fixed, Dart::AroundBase));
        assert_eq!(changes(&[3, 3, 0]), (Base::First, Base::First, Dart::Product));
    }

    #[test]
    fn the_sum_of_no_trees_is_added_by_some() {
        let base = |numbers: &[i64]| [false, true].map(|is_dart| version(numbers).base(is_dart, true));
        assert_eq!(base(&[1, 0, 2]), [Base::Last, Base::Last]);
        assert_eq!(base(&[1, 1, 1]), [Base::First, Base::Last]);
        assert_eq!(base(&[1, 3, 3]), [Base::First, Base::Last]);
    }

    #[test]
    fn each_habit_begins_and_ends_in_its_version() {
        type Habit = fn(Version) -> bool;
        // Since the first of each pair, and before the second; a version after all that are compared for "still".
        const STILL: [i64; 2] = [3, 99];
        let habits: [(Habit, [i64; 2], [i64; 2]); 9] = [
            (Version::caps_logistic, [1, 6], STILL),
            (Version::takes_raw_base_for_probability, [1, 0], [1, 3]),
            (Version::clamps_base, [3, 2], STILL),
            (Version::takes_unfitted_base_for_margin, [3, 1], STILL),
            (Version::may_count_characters, [3, 1], [3, 4]),
            (Version::compares_categories, [1, 6], STILL),
            (Version::takes_unknown_categories_for_missing, [1, 0], [1, 7]),
            (Version::sorts_quantiles, [3, 4], STILL),
            (Version::follows_best_iteration, [1, 4], STILL),
        ];
        for (place, (habit, first, end)) in habits.into_iter().enumerate() {
            for minor in COMPARED {
                let numbers = [minor.0, minor.1];
                let expected = numbers >= first && numbers < end;
                assert_eq!(habit(version(&numbers)), expected, "habit {place}, version {numbers:?}");
            }
        }
    }
}
