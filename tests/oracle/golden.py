"""Writes the golden files of tests/golden: XGBoost's answers as exact bits.

    python tests/oracle/golden.py --output FOLDER

`diabetes.expected.csv` has the shipped model's margin and probability for the 768 rows of the data, in file order. Every
other NAME is a small model in both formats (NAME.json, NAME.ubj), rows for it (NAME.rows.csv, an empty field is missing)
and its answers (NAME.expected.csv). The same versions write the same bytes.
"""

import argparse
import json
import pathlib

import adversarial
import numpy
import pandas
import pipeline
import xgboost

ROWS = 60


def bits(values):
    """The bits of one number, or of several with spaces between."""
    return " ".join(f"{int(value):08x}" for value in numpy.atleast_1d(numpy.float32(values)).view(numpy.uint32))


def write_expected(path, margins, probabilities):
    lines = [f"{row},{bits(m)},{bits(p)}\n" for row, (m, p) in enumerate(zip(margins, probabilities), start=1)]
    path.write_text("row,margin_bits,probability_bits\n" + "".join(lines), newline="\n")


def write_rows(path, rows):
    def field(value):
        return "" if pandas.isna(value) else str(value)

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


def other_models():
    """Name, training matrix, rounds and parameters of each golden model that is not of two classes."""
    inputs, _ = sample(150, 4, 8, 0.1)
    signal = numpy.nan_to_num(inputs[:, 0]) * 2 + inputs[:, 1] ** 2
    signal = numpy.nan_to_num(signal)
    classes = numpy.digitize(signal, [0.0, 1.5])
    plain = xgboost.DMatrix(inputs, classes)
    yield "classes", plain, 4, {"objective": "multi:softprob", "num_class": 3, "max_depth": 3}
    yield "largest_class", plain, 3, {"objective": "multi:softmax", "num_class": 3, "max_depth": 2}
    yield "dart", plain, 6, {"booster": "dart", "rate_drop": 0.5, "max_depth": 3, "objective": "reg:squarederror"}
    yield "counts", plain, 4, {"objective": "count:poisson", "max_depth": 4, "num_parallel_tree": 2, "subsample": 0.7}
    targets = xgboost.DMatrix(inputs, numpy.stack([signal, -signal, classes], axis=1))
    yield "vector_leaves", targets, 3, {"multi_strategy": "multi_output_tree", "max_depth": 3}
    colours = pandas.Categorical.from_codes(classes, ["red", "olive green", "blue"])
    sizes = pandas.Categorical.from_codes(numpy.arange(150) % 12, [f"s{size}" for size in range(12)])
    frame = pandas.DataFrame({"colour": colours, "amount": inputs[:, 0], "size": sizes})
    noisy = signal + 3 * (numpy.arange(150) % 12 > 6)
    matrix = xgboost.DMatrix(frame, noisy, enable_categorical=True)
    yield "categories", matrix, 5, {"max_depth": 4, "max_cat_to_onehot": 4, "objective": "reg:squarederror"}


def other(output):
    for seed, (name, matrix, rounds, parameters) in enumerate(other_models()):
        booster = xgboost.train(parameters | {"nthread": 1, "seed": seed}, matrix, rounds)
        for ending in ("json", "ubj"):
            booster.save_model(output / f"{name}.{ending}")
        model = xgboost.XGBRegressor(n_jobs=1, enable_categorical=True)
        model.load_model(output / f"{name}.ubj")
        random = numpy.random.default_rng(seed)
        if name == "categories":
            # In another order than in training: the names decide.
            rows = pandas.DataFrame({
                "colour": pandas.Categorical(random.choice(["blue", "olive green", "red"], ROWS)),
                "amount": random.normal(size=ROWS).astype(numpy.float32),
                "size": pandas.Categorical(random.choice([f"s{size}" for size in range(12)], ROWS)),
            })
            rows.loc[::7, "colour"] = None
            write_rows(output / f"{name}.rows.csv", rows.itertuples(index=False))
        else:
            rows = adversarial.rows(model.get_booster(), ROWS, random)
            rows[:, 0] = numpy.where(numpy.isnan(rows).all(axis=1), 0.5, rows[:, 0])
            write_rows(output / f"{name}.rows.csv", rows)
        write_expected(output / f"{name}.expected.csv", model.predict(rows, output_margin=True), model.predict(rows))


def decimals(output):
    """Pairs of a float32's bits and Python's text of it: all powers of two, the ends, and any."""
    random = numpy.random.default_rng(0)
    powers = numpy.ldexp(numpy.float32(1), numpy.arange(-149, 128)).astype(numpy.float32)
    values = numpy.concatenate([powers, -powers[::40], random.random(400).astype(numpy.float32),
                                random.integers(2**32, size=400, dtype=numpy.uint32).view(numpy.float32),
                                numpy.float32([0.0, -0.0, 1e-4, 9.9e-5])])
    # numpy 2.4 writes larger ones in its own way; Python and older numpys write 1048576.0.
    values = values[numpy.isfinite(values) & (numpy.abs(values) < 1e5)]
    pairs = [[int(value.view(numpy.uint32)), str(value)] for value in values]
    (output / "decimals.json").write_text(json.dumps(pairs))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    diabetes(output)
    small(output)
    other(output)
    decimals(output)


if __name__ == "__main__":
    main()
