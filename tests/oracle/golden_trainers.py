"""Writes the golden files of tests/golden/trainers: small models of other trainers, and what they answer.

    python tests/oracle/golden_trainers.py --output tests/golden/trainers

Each NAME.json has the name of the model's file, rows (null is a missing value), margins where the trainer has any, answers and the
classes that its `predict` gives; numbers are as Python prints them, which reads back as the same float. Packages: those of
trainers/requirements-pickles.txt.
"""

import argparse
import json
import pathlib
import pickle
import sys

import steady

steady.start_anew()

import catboost  # noqa: E402
import joblib  # noqa: E402
import lightgbm  # noqa: E402
import numpy  # noqa: E402
from sklearn.datasets import load_diabetes, load_iris  # noqa: E402
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier  # noqa: E402


def listed(array):
    """An array as JSON has it."""
    array = numpy.asarray(array)
    if array.dtype.kind == "f":
        return [[None if numpy.isnan(each) else float(each) for each in row] for row in array.reshape(len(array), -1)]
    return [str(each) for each in array.ravel()]


def write(output, name, file, rows, answers, margins=None, labels=None):
    facts = {"model": file, "rows": listed(rows), "answers": listed(answers)}
    if margins is not None:
        facts["margins"] = listed(margins)
    if labels is not None:
        facts["labels"] = listed(labels)
    (output / f"{name}.json").write_text(json.dumps(facts) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=pathlib.Path, required=True)
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    iris = load_iris(as_frame=True)
    frame, names = iris.data, iris.target_names[iris.target].astype(object)
    asked = frame.to_numpy()[::5]

    forest = RandomForestClassifier(n_estimators=5, max_depth=4, random_state=0).fit(frame, names)
    joblib.dump(forest, output / "iris-forest.joblib", compress=3)
    write(output, "iris-forest", "iris-forest.joblib", asked, forest.predict_proba(frame.iloc[::5]), labels=forest.predict(frame.iloc[::5]))

    with_missing = asked.copy()
    with_missing[::3, 2] = numpy.nan
    boosted = lightgbm.LGBMClassifier(n_estimators=6, num_leaves=7, verbose=-1).fit(frame.to_numpy(), names)
    (output / "iris-lightgbm.pickle").write_bytes(pickle.dumps(boosted))
    write(
        output,
        "iris-lightgbm",
        "iris-lightgbm.pickle",
        with_missing,
        boosted.predict_proba(with_missing),
        boosted.predict_proba(with_missing, raw_score=True),
        boosted.predict(with_missing),
    )

    two = iris.target > 0
    cat = catboost.CatBoostClassifier(iterations=8, depth=3, random_seed=0, allow_writing_files=False, verbose=False)
    cat.fit(frame[two].to_numpy(), names[two])
    cat.save_model(str(output / "iris-catboost.cbm"))
    write(
        output,
        "iris-catboost",
        "iris-catboost.cbm",
        with_missing,
        cat.predict_proba(with_missing)[:, 1],
        cat.predict(with_missing, prediction_type="RawFormulaVal"),
        cat.predict(with_missing),
    )

    progression = load_diabetes(as_frame=True, scaled=False)
    histogram = HistGradientBoostingRegressor(max_iter=12, max_leaf_nodes=8, loss="poisson", random_state=0)
    histogram.fit(progression.data, progression.target)
    joblib.dump(histogram, output / "progression-histogram.joblib", compress=("gzip", 3))
    rows = progression.data.to_numpy()[::11].copy()
    rows[::4, 2] = numpy.nan
    write(output, "progression-histogram", "progression-histogram.joblib", rows, histogram.predict(rows))


main()
