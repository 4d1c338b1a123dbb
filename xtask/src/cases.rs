//! The cases of the repository beside the diabetes model's: how each is trained, and what that writes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::python;
use crate::shell::{command, root, run};

/// A case that its script trains by itself.
pub(crate) struct Case {
    /// Its folder in `models/`.
    pub(crate) name: &'static str,
    what: &'static str,
    /// The trainer's file.
    model: &'static str,
}

pub(crate) static CASES: [Case; 2] = [
    Case { name: "petal", what: "LightGBM and what it needs", model: "petal.lightgbm.txt" },
    Case { name: "wine", what: "scikit-learn and what it needs", model: "wine.sklearn.pkl" },
];

/// The diabetes model, which the engine is sealed around: [`crate::oracle`] trains it.
pub(crate) const SHIPPED: &str = "diabetes";

/// What the command line may name.
pub(crate) fn names() -> Vec<&'static str> {
    [SHIPPED].into_iter().chain(CASES.iter().map(|case| case.name)).collect()
}

impl Case {
    fn folder(&self) -> String {
        format!("models/{}", self.name)
    }

    /// Runs its script; the folder is where it writes, if not beside itself.
    pub(crate) fn train(&self, output: Option<&Path>) -> Result<()> {
        let folder = self.folder();
        let requirements = format!("{folder}/requirements.txt");
        let python = python::environment(&format!("case-venv-{}", self.name), &requirements, self.what)?;
        let mut script = command(python);
        script.arg("-B").arg(format!("{folder}/train.py"));
        script.args(output.map(|output| [Path::new("--output"), output]).into_iter().flatten());
        run(&mut script)
    }

    /// Trains anew, and compares every byte with what is committed.
    pub(crate) fn retrain(&self, output: &Path) -> Result<()> {
        self.train(Some(output))?;
        let written = ["case.json", "card.json", "golden.csv", "out_of_fold.csv", self.model];
        for name in written {
            let committed = root().join(self.folder()).join(name);
            let place = || committed.display().to_string();
            if fs::read(output.join(name)).with_context(place)? != fs::read(&committed).with_context(place)? {
                bail!("{}/{name} is not what train.py writes: run cargo xtask train {}", self.folder(), self.name);
            }
        }
        println!("training {} again gives the same bytes: {}", self.name, written.join(", "));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_has_its_files() {
        for case in &CASES {
            let folder = root().join(case.folder());
            let fixed =
                ["train.py", "texts.py", "requirements.txt", "README.md", "zh.json", "es.json", "observed.json"];
            for name in fixed.into_iter().chain(["case.json", "card.json", "golden.csv", "out_of_fold.csv", case.model])
            {
                assert!(folder.join(name).exists(), "{}/{name}", case.name);
            }
        }
        let folders = fs::read_dir(root().join("models")).expect("models/").flatten();
        let mut found: Vec<String> = folders
            .filter(|entry| entry.path().join("requirements.txt").exists())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        found.sort();
        assert_eq!(found, names());
    }
}
