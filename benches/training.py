"""Writes the table in docs/TRAINING.md: `wardian train` beside XGBoost, on rows that neither was trained on.

    cargo build --release --features cli
    target/bench-venv/bin/python benches/training.py

Both grow 100 trees of depth 3 at a rate of 0.1, on the same rows of five folds; all else is each one's default, and XGBoost sorts
(`tree_method="exact"`) as `gbdt` does.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy
import pandas
import sklearn
import xgboost
from sklearn import datasets
from sklearn.metrics import roc_auc_score, root_mean_squared_error
from sklearn.model_selection import KFold, StratifiedKFold

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/TRAINING.md"
COMMAND = os.environ.get("WARDIAN_COMMAND", ROOT / "target/release/wardian")
TREES, DEPTH, RATE, FOLDS = 100, 3, 0.1, 5


def pima():
    rows = pandas.read_csv(ROOT / "models/diabetes/pima-indians-diabetes.csv")
    codes = ["glucose", "blood_pressure", "skin_fold_thick", "serum_insulin", "mass_index"]
    rows[codes] = rows[codes].replace(0, numpy.nan)
    return rows.drop(columns="diabetes"), rows["diabetes"]


def digits():
    rows = datasets.load_digits(as_frame=True)
    return rows.data, (rows.target == 8).astype(int)


def friedman():
    """Friedman's first function with noise, and a tenth of the values missing."""
    values, labels = datasets.make_friedman1(2000, n_features=10, noise=1.0, random_state=1)
    values[numpy.random.default_rng(1).random(values.shape) < 0.1] = numpy.nan
    return pandas.DataFrame(values, columns=[f"x{place}" for place in range(10)]), pandas.Series(labels)


def steps():
    """Values of few steps, of sizes between 1e-9 and 1e9, and a risk that depends on two together."""
    random = numpy.random.default_rng(2)
    values = random.integers(0, [3, 5, 9, 17, 33, 65], size=(4000, 6)) * numpy.array([1e-9, 1e9, 1.0, 1e-3, 1e4, 1e-6])
    size = values / values.max(axis=0)
    margin = 4 * (size[:, 0] * size[:, 1] - 0.25) + 2 * (size[:, 3] > 0.5) - 2 * size[:, 5]
    labels = random.random(4000) < 1 / (1 + numpy.exp(-margin))
    return pandas.DataFrame(values, columns=list("abcdef")), pandas.Series(labels.astype(int))


DATA = [
    ("Breast cancer (scikit-learn)", lambda: datasets.load_breast_cancer(return_X_y=True, as_frame=True)),
    ("Digits, an 8 or not (scikit-learn)", digits),
    ("Pima Indians diabetes (`models/diabetes`)", pima),
    ("Steps of very different sizes (made)", steps),
    ("Diabetes progression (scikit-learn)", lambda: datasets.load_diabetes(return_X_y=True, as_frame=True)),
    ("Friedman 1, a tenth missing (made)", friedman),
]


def ours(folder, rows, labels, others):
    train, test, model = (folder / name for name in ["train.csv", "test.csv", "model.wardian"])
    named = rows.set_axis([re.sub(r"\W+", "_", name) for name in rows.columns], axis=1)
    named.assign(label=labels).to_csv(train, index=False)
    growing = ["--trees", str(TREES), "--depth", str(DEPTH), "--shrinkage", str(RATE)]
    subprocess.run([COMMAND, "train", train, "--label", "label", "-o", model, *growing], check=True, capture_output=True)
    others.set_axis(named.columns, axis=1).to_csv(test, index=False)
    answers = subprocess.run([COMMAND, "predict", "--model", model, "--csv", test], check=True, capture_output=True, text=True)
    return numpy.array([float(line) for line in answers.stdout.split()])


def theirs(rows, labels, others, is_binary):
    kind = xgboost.XGBClassifier if is_binary else xgboost.XGBRegressor
    model = kind(n_estimators=TREES, max_depth=DEPTH, learning_rate=RATE, tree_method="exact", n_jobs=1)
    model.fit(rows, labels)
    return model.predict_proba(others)[:, 1] if is_binary else model.predict(others)


def line(name, rows, labels):
    is_binary = set(labels) == {0, 1}
    folds = (StratifiedKFold if is_binary else KFold)(FOLDS, shuffle=True, random_state=0)
    figure = roc_auc_score if is_binary else root_mean_squared_error
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for train, test in folds.split(rows, labels):
            own = rows.iloc[train], labels.iloc[train], rows.iloc[test]
            answers = ours(pathlib.Path(folder), *own), theirs(*own, is_binary)
            found.append([figure(labels.iloc[test], answer) for answer in answers])
    digits = 4 if is_binary else 3
    cells = [f"{mean:.{digits}f} ± {spread:.{digits}f}" for mean, spread in zip(numpy.mean(found, 0), numpy.std(found, 0, ddof=1))]
    text = f"| {name} | {len(rows):,} × {rows.shape[1]} | {'AUC' if is_binary else 'RMSE'} | {' | '.join(cells)} |"
    print(text, file=sys.stderr)
    return text


def main():
    table = [
        f"Mean over {FOLDS} folds, and its standard deviation between them. XGBoost {xgboost.__version__}, scikit-learn {sklearn.__version__}.",
        "",
        "| data | rows × features | | `wardian train` | XGBoost |",
        "|---|---|---|---|---|",
        *(line(name, *read()) for name, read in DATA),
    ]
    begin, end = "<!-- benches/training.py -->\n", "\n<!-- until here -->"
    text = DOCUMENT.read_text()
    before, rest = text.split(begin)
    DOCUMENT.write_text(before + begin + "\n".join(table) + end + rest.split(end)[1])


main()
