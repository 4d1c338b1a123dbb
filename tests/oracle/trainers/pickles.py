"""Trains the estimators of XGBoost, LightGBM and CatBoost, and pickles them as people do, who do not save the model by itself.

    python tests/oracle/trainers/pickles.py --output FOLDER [--models N] [--seed N]

The files are those of `sklearn.py`: estimators and boosters, by pickle and by joblib. Raw scores and answers are what the trainer gives
for the estimator; of two classes the second's; and NAME.labels has what `predict` of classifiers says, as a JSON list.
"""

import argparse
import json
import pathlib
import pickle
import shutil
import sys
import warnings

# This folder's files have the trainers' names: theirs are meant.
sys.path.remove(str(pathlib.Path(__file__).resolve().parent))

import catboost  # noqa: E402
import joblib  # noqa: E402
import lightgbm  # noqa: E402
import numpy  # noqa: E402
import pandas  # noqa: E402
import xgboost  # noqa: E402

warnings.filterwarnings("ignore")
# Of how many rows the class is asked.
LABELLED = 1000
NAMES = numpy.array(["no", "yes", "maybe", "é"])


class Drawn:
    """What is trained, and with what."""

    def __init__(self, random, index):
        choice = lambda *values: values[random.integers(len(values))]  # noqa: E731
        self.trainer = ["xgboost", "lightgbm", "catboost"][index % 3]
        self.classes = int(choice(0, 2, 2, 3))
        self.columns = int(random.integers(2, 9))
        self.stopped = bool(choice(False, True))
        self.missing = choice(numpy.nan, numpy.nan, 0.0, -999.0) if self.trainer == "xgboost" else numpy.nan
        self.form = choice("float64", "float32", "pandas")
        self.named = self.trainer != "xgboost" and bool(choice(False, True))
        rows = 400
        inputs = numpy.round(random.normal(0, 10, (rows, self.columns)), 1)
        inputs[:, 0] = random.integers(-3, 4, rows)
        signal = inputs[:, 0] + 0.2 * inputs[:, -1] + random.normal(size=rows)
        inputs[random.random(inputs.shape) < 0.1] = self.missing
        self.inputs = inputs
        codes = numpy.digitize(signal, numpy.quantile(signal, numpy.arange(1, max(self.classes, 1)) / max(self.classes, 1)))
        self.target = (NAMES[codes] if self.named else codes) if self.classes else signal
        self.dump_booster = self.trainer != "catboost" and not self.named and bool(choice(False, False, True))

    def given(self, rows):
        if self.form == "pandas":
            return pandas.DataFrame(rows, columns=[f"column {index}" for index in range(self.columns)])
        return rows.astype(self.form)

    def trained(self, random):
        inputs, target = self.given(self.inputs), self.target
        # Labels of other rows: what is learned soon makes these worse.
        other = random.permutation(target)
        if self.trainer == "xgboost":
            kind = xgboost.XGBClassifier if self.classes else xgboost.XGBRegressor
            parameters = {"n_estimators": 20, "max_depth": 3, "n_jobs": 1, "missing": self.missing}
            if self.stopped:
                estimator = kind(**parameters, early_stopping_rounds=2)
                return estimator.fit(inputs, target, eval_set=[(inputs, other)], verbose=False)
            return kind(**parameters).fit(inputs, target)
        if self.trainer == "lightgbm":
            kind = lightgbm.LGBMClassifier if self.classes else lightgbm.LGBMRegressor
            estimator = kind(n_estimators=20, num_leaves=7, n_jobs=1, verbose=-1, min_child_samples=5)
            if self.stopped:
                callbacks = [lightgbm.early_stopping(2, verbose=False)]
                return estimator.fit(inputs, target, eval_set=[(inputs, other)], callbacks=callbacks)
            return estimator.fit(inputs, target)
        kind = catboost.CatBoostClassifier if self.classes else catboost.CatBoostRegressor
        estimator = kind(iterations=20, depth=4, thread_count=1, verbose=False, allow_writing_files=False)
        if self.stopped:
            return estimator.fit(inputs, target, eval_set=(inputs, other), early_stopping_rounds=2)
        return estimator.fit(inputs, target)


def asked(random, drawn, count):
    rows = drawn.inputs[random.integers(len(drawn.inputs), size=count)]
    # Between what was seen, and on it; zeros of both signs.
    for row, column in enumerate(random.integers(drawn.columns, size=count)):
        rows[row, column] = random.choice([0.0, -0.0, 0.05, 1.0, -999.0, numpy.nan, drawn.inputs[row % len(drawn.inputs), column] + 0.05])
    return rows


def answered(drawn, estimator, rows):
    given = drawn.given(rows)
    if drawn.trainer == "xgboost":
        margins = estimator.predict(given, output_margin=True)
    elif drawn.trainer == "lightgbm":
        margins = estimator.predict(given, raw_score=True)
    else:
        margins = estimator.predict(given, prediction_type="RawFormulaVal", thread_count=1)
    answers = estimator.predict_proba(given) if drawn.classes else estimator.predict(given)
    if drawn.classes == 2:
        answers = answers[:, 1]
    return [numpy.asarray(values).reshape(len(rows), -1) for values in (margins, answers)]


def booster_of(drawn, estimator):
    return estimator.get_booster() if drawn.trainer == "xgboost" else estimator.booster_


def dumped(random, what, folder, name):
    way = random.integers(6)
    if way < 4:
        path = folder / f"{name}.pkl"
        path.write_bytes(pickle.dumps(what, protocol=int(way) + 2))
        return path, f"pickle protocol {way + 2}"
    path = folder / f"{name}.joblib"
    joblib.dump(what, path, compress=[0, 3][way - 4])
    return path, f"joblib compress {[0, 3][way - 4]}"


def written(random, index, folder, name, row_count):
    drawn = Drawn(random, index)
    estimator = drawn.trained(random)
    rows = asked(random, drawn, row_count)
    if drawn.form == "float32":
        rows = rows.astype(numpy.float32).astype(float)
    margins, answers = answered(drawn, estimator, rows)
    # A booster by itself knows no value that is missing: its own answers are those of NaN.
    what = estimator
    if drawn.dump_booster and numpy.isnan(drawn.missing):
        what = booster_of(drawn, estimator)
    path, way = dumped(random, what, folder, name)
    module = {"xgboost": xgboost, "lightgbm": lightgbm, "catboost": catboost}[drawn.trainer]
    kind = "<f4" if drawn.trainer == "xgboost" else "<f8"
    classes = None
    if drawn.classes and what is estimator:
        classes = [str(label) for label in estimator.classes_]
    entry = {
        "model": path.name,
        "trainer": drawn.trainer,
        "version": module.__version__,
        "objective": type(what).__name__,
        "kind": ", ".join([type(what).__name__, way, drawn.form, f"missing {drawn.missing}"] + ["stopped"] * drawn.stopped),
        "rows": len(rows),
        "features": drawn.columns,
        "outputs": margins.shape[1],
        "answers": answers.shape[1],
        "precision": "f32" if drawn.trainer == "xgboost" else "f64",
        "exact_answers": True,
        "classes": classes,
    }
    (folder / f"{name}.rows").write_bytes(numpy.ascontiguousarray(rows, dtype="<f8").tobytes())
    (folder / f"{name}.margins").write_bytes(numpy.ascontiguousarray(margins, dtype=kind).tobytes())
    (folder / f"{name}.answers").write_bytes(numpy.ascontiguousarray(answers, dtype=kind).tobytes())
    (folder / f"{name}.json").write_text(json.dumps(entry, indent=1, ensure_ascii=False))
    if classes:
        labels = [str(label) for label in numpy.ravel(estimator.predict(drawn.given(rows[:LABELLED]))).tolist()]
        (folder / f"{name}.labels").write_text(json.dumps(labels), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--models", type=int, default=45)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=300, help="rows that each model is asked")
    arguments = parser.parse_args()
    shutil.rmtree(arguments.output, ignore_errors=True)
    arguments.output.mkdir(parents=True)
    for index in range(arguments.models):
        written(numpy.random.default_rng([arguments.seed, index]), index, arguments.output, f"{index:04}", arguments.rows)
    print(f"{arguments.models} pickles of XGBoost, LightGBM and CatBoost")


if __name__ == "__main__":
    main()
