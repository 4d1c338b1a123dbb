"""Writes the golden files of tests/golden: XGBoost's answers as exact bits.

    python tests/oracle/golden.py --output FOLDER

`diabetes.expected.csv` has the shipped model's margin and probability for the 768 rows of the data, in file order. Every
other NAME is a small model in both formats (NAME.json, NAME.ubj), rows for it (NAME.rows.csv, an empty field is missing)
and its answers (NAME.expected.csv). The same versions write the same bytes.
"""

import argparse
import pathlib

import adversarial
import numpy
import pandas
import pipeline
import xgboost

ROWS = 60


def bits(value):
    return f"{int(numpy.float32(value).view(numpy.uint32)):08x}"


def write_expected(path, margins, probabilities):
    lines = [f"{row},{bits(m)},{bits(p)}\n" for row, (m, p) in enumerate(zip(margins, probabilities), start=1)]
    path.write_text("row,margin_bits,probability_bits\n" + "".join(lines), newline="\n")


def write_rows(path, rows):
    def field(value):
        return "" if numpy.isnan(value) else str(value)

    path.write_text("".join(",".join(map(field, row)) + "\n" for row in rows), newline="\n")


def diabetes(output):
    model = pipeline.build()
    frame = pandas.read_csv(pipeline.MODELS / "pima-indians-diabetes.csv")[pipeline.COLUMNS].astype("float64")
    write_expected(output / "diabetes.expected.csv", pipeline.margins(model, frame), model.predict_proba(frame)[:, 1])


def sample(rows, columns, seed, missing=0.0):
    random = numpy.random.default_rng(seed)
    inputs = random.normal(size=(rows, columns)).astype(numpy.float32)
    outcome = (inputs[:, 0] + random.normal(size=rows) > 0.3).astype(int)
    inputs[random.random(inputs.shape) < missing] = numpy.nan
    return inputs, outcome


def small_models():
    """Name, data and parameters of each golden model."""
    plain = {"learning_rate": 0.3, "tree_method": "hist"}
    yield "depth1_stumps", sample(200, 3, 1), {**plain, "n_estimators": 8, "max_depth": 1}
    yield "depth6_missing", sample(120, 4, 2, 0.3), {**plain, "n_estimators": 4, "max_depth": 6}
    yield "single_leaf", sample(30, 2, 3), {**plain, "n_estimators": 3, "max_depth": 2, "min_child_weight": 1e6}
    extreme = {"base_score": 1e-8, "min_child_weight": 0}
    yield "base_score_extreme", sample(100, 3, 4), {**plain, **extreme, "n_estimators": 3, "max_depth": 2}
    yield "many_features", sample(80, 64, 5, 0.1), {**plain, "n_estimators": 3, "max_depth": 3}
    # Pruning leaves nodes in the arrays that no path reaches.
    yield "pruned", sample(150, 3, 6), {"n_estimators": 4, "max_depth": 4, "gamma": 2.0, "tree_method": "exact"}
    random = numpy.random.default_rng(7)
    ties = random.integers(-2, 3, size=(200, 3)).astype(numpy.float32)
    yield "tied_integers", (ties, (ties[:, 0] > 0).astype(int)), {**plain, "n_estimators": 5, "max_depth": 3}


def small(output):
    for seed, (name, (inputs, outcome), parameters) in enumerate(small_models()):
        frame = pandas.DataFrame(inputs, columns=[f"x{index}" for index in range(inputs.shape[1])])
        named = name != "depth1_stumps"
        model = xgboost.XGBClassifier(**parameters, random_state=0, n_jobs=1).fit(frame if named else inputs, outcome)
        for ending in ("json", "ubj"):
            model.save_model(output / f"{name}.{ending}")
        model = xgboost.XGBClassifier(n_jobs=1)
        model.load_model(output / f"{name}.ubj")
        rows = adversarial.rows(model.get_booster(), ROWS, numpy.random.default_rng(seed))
        # A row of nothing but empty fields could not be told from an empty line.
        rows[:, 0] = numpy.where(numpy.isnan(rows).all(axis=1), 0.5, rows[:, 0])
        write_rows(output / f"{name}.rows.csv", rows)
        frame = pandas.DataFrame(rows, columns=frame.columns) if named else rows
        margins = model.predict(frame, output_margin=True)
        write_expected(output / f"{name}.expected.csv", margins, model.predict_proba(frame)[:, 1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    diabetes(output)
    small(output)


if __name__ == "__main__":
    main()
