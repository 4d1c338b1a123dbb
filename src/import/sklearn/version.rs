//! The version of scikit-learn that wrote an estimator, and what it computes otherwise than the others.

use crate::error::{Result, quoted, unsupported};

/// The versions 1.x whose answers were compared with ours.
const COMPARED: [u32; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/// A version of scikit-learn.
#[derive(Clone, Copy)]
pub(super) struct Version {
    numbers: (u32, u32, u32),
}

impl Version {
    /// The version that an estimator names.
    ///
    /// # Errors
    /// `unsupported_model` unless it is 1.
    pub(super) fn of(said: Option<&str>) -> Result<Self> {
        let Some(said) = said else {
            return Err(unsupported(format_args!(
                "it does not say which version of scikit-learn wrote it (_sklearn_version), and answers differ between versions"
            )));
        };
        let mut parts = said.split('.');
        let numbers = [parts.next(), parts.next()].map(|number| number.and_then(|number| number.parse().ok()));
        // Behind it may stand what release it is to be: rc1, dev0.
        let digits = |part: &str| part.split(|letter: char| !letter.is_ascii_digit()).next().map(str::to_owned);
        let patch = parts.next().and_then(digits).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        match numbers {
            [Some(major @ 1), Some(minor)] => Ok(Self { numbers: (major, minor, patch) }),
            _ => Err(unsupported(format_args!(
                "it was written by scikit-learn {}; versions 1.0 and later are read",
                quoted(said)
            ))),
        }
    }

    /// Whether it is this version or a later one.
    pub(super) fn is_from(self, minor: u32) -> bool {
        self.numbers >= (1, minor, 0)
    }

    /// Whether a class that a tree of adaptive boosting does not say loses by it: since 1.3.1. Before, it just does not win.
    pub(super) fn has_losing_classes(self) -> bool {
        self.numbers >= (1, 3, 1)
    }

    /// Whether a classifier's leaves have shares of the classes, which are answered as they are. Earlier ones have counts.
    pub(super) fn has_shares(self) -> bool {
        self.is_from(4)
    }

    /// What a user should know of the probabilities of several classes, where the logarithm of their sum was taken from each margin:
    /// a version earlier than this one.
    pub(super) fn note_before(self, minor: u32) -> Option<String> {
        (!self.is_from(minor)).then(|| {
            format!(
                "margins are scikit-learn's bit for bit, and the last digits of probabilities are not: before 1.{minor} it takes the \
                 logarithm of their sum from each margin, and here they are divided by the sum"
            )
        })
    }

    /// What a user should know who trusts its answers.
    pub(super) fn note(self) -> Option<String> {
        let (major, minor, _) = self.numbers;
        (!COMPARED.contains(&minor)).then(|| {
            format!(
                "the estimator was written by scikit-learn {major}.{minor}, whose answers Wardian was never compared with \
                 (1.0 to 1.{} were): compare some yourself before you trust the rest",
                COMPARED[COMPARED.len() - 1]
            )
        })
    }
}
