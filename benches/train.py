"""Trains the benchmark's models and writes XGBoost's answers.

    python benches/train.py --output FOLDER

For each model NAME: NAME.ubj, and NAME.rows.f32, NAME.margins.f32 and NAME.probabilities.f32 as raw little-endian
float32, row-major, NaN for missing. One thread and fixed seeds: the same versions write the same bytes.
"""

import argparse
import pathlib

import numpy
import xgboost
from shapes import MISSING, ROWS, SHAPES


def draw_inputs(random, rows, features):
    """Columns as tables have them: a third measurements, a third amounts, a third counts; each leans on its neighbour."""
    inputs = random.normal(size=(rows, features))
    inputs[:, 1:] += 0.5 * inputs[:, :-1]
    inputs[:, 1::3] = numpy.exp(inputs[:, 1::3])
    inputs[:, 2::3] = numpy.round(inputs[:, 2::3] * 8) + 20
    return inputs.astype(numpy.float32)


def draw_scores(random, inputs, classes):
    """Waves and products of the columns, so that no depth of tree is enough."""
    scaled = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)
    features = inputs.shape[1]
    scores = numpy.zeros((len(inputs), classes))
    for column in scores.T:
        for _ in range(12):
            first, second = random.integers(features, size=2)
            column += random.normal() * numpy.sin(2 * scaled[:, first] + random.normal()) * (1 + scaled[:, second])
    return scores / scores.std(axis=0)


def draw(random, shape):
    inputs = draw_inputs(random, shape.training_rows + ROWS, shape.features)
    scores = draw_scores(random, inputs, shape.outputs)
    if shape.outputs == 1:
        outcome = (scores[:, 0] + random.logistic(scale=0.4, size=len(inputs)) > 0.3).astype(int)
    else:
        outcome = (2 * scores + random.gumbel(size=scores.shape)).argmax(axis=1)
    inputs[random.random(inputs.shape) < MISSING] = numpy.nan
    return inputs, outcome


def train(seed, shape, path):
    random = numpy.random.default_rng(seed)
    inputs, outcome = draw(random, shape)
    objective = {"objective": "binary:logistic"}
    if shape.outputs > 1:
        objective = {"objective": "multi:softprob", "num_class": shape.classes}
    parameters = objective | {
        "tree_method": "hist",
        "max_depth": shape.depth,
        "learning_rate": shape.learning_rate,
        # Light enough that trees of late rounds are nearly full too.
        "min_child_weight": 0.1,
        "nthread": 1,
        "seed": seed,
    }
    count = shape.training_rows
    booster = xgboost.train(parameters, xgboost.DMatrix(inputs[:count], outcome[:count]), shape.rounds)
    booster.save_model(path.with_suffix(".ubj"))
    # The answers are those of the saved file, as everyone else reads it.
    booster = xgboost.Booster({"nthread": 1}, model_file=path.with_suffix(".ubj"))
    rows = xgboost.DMatrix(inputs[count:])
    write(path, "rows", inputs[count:])
    write(path, "margins", booster.predict(rows, output_margin=True))
    write(path, "probabilities", booster.predict(rows))
    leaves = sum(dump.count("leaf=") for dump in booster.get_dump())
    print(f"{path.name}: {shape.trees} trees, {leaves / shape.trees:.1f} of {2**shape.depth} leaves in each", flush=True)


def write(path, kind, values):
    numpy.ascontiguousarray(values, dtype="<f4").tofile(path.with_suffix(f".{kind}.f32"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    for seed, (name, shape) in enumerate(SHAPES.items()):
        train(seed, shape, output / name)


if __name__ == "__main__":
    main()
