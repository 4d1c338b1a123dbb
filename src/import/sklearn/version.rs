//! The version of scikit-learn that wrote an estimator, and what it computes otherwise than the others.

use crate::error::{Result, quoted, unsupported};

/// The versions, major and minor, whose answers were compared with ours.
const COMPARED: [(u32, u32); 2] = [(1, 2), (1, 9)];

/// A version of scikit-learn.
#[derive(Clone, Copy)]
pub(super) struct Version {
    numbers: (u32, u32),
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
        let mut numbers = said.split('.').map(|number| number.parse().ok());
        match (numbers.next().flatten(), numbers.next().flatten()) {
            (Some(major @ 1), Some(minor)) => Ok(Self { numbers: (major, minor) }),
            _ => Err(unsupported(format_args!(
                "it was written by scikit-learn {}; versions 1.0 and later are read",
                quoted(said)
            ))),
        }
    }

    /// Whether it is this version or a later one.
    pub(super) fn is_from(self, minor: u32) -> bool {
        self.numbers >= (1, minor)
    }

    /// Whether a classifier's leaves have shares of the classes, which are answered as they are. Earlier ones have counts.
    pub(super) fn has_shares(self) -> bool {
        self.is_from(4)
    }

    /// What a user should know who trusts its answers.
    pub(super) fn note(self) -> Option<String> {
        let (major, minor) = self.numbers;
        (!COMPARED.contains(&self.numbers)).then(|| {
            format!(
                "the estimator was written by scikit-learn {major}.{minor}, whose answers Wardian was never compared with \
                 ({} were): compare some yourself before you trust the rest",
                COMPARED.map(|(major, minor)| format!("{major}.{minor}")).join(", ")
            )
        })
    }
}
