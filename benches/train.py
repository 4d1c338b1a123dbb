"""Trains the benchmark's models and writes XGBoost's answers.

    python benches/train.py --output FOLDER [--quick]

For each model NAME: NAME.ubj, and NAME.rows.f32, NAME.margins.f32 and NAME.predictions.f32 as raw little-endian
float32, row-major, NaN for missing; NAME.facts.json has what a report wants to know of the trees. shapes.json is the
table of shapes for who does not read Python. One thread and fixed seeds: the same versions write the same bytes. What
is there already of the same recipe is left alone.
"""

import argparse
import dataclasses
import inspect
import json
import pathlib
import zlib

import numpy
import xgboost
from draw import draw
from shapes import CURVES, ROW_COUNTS, ROWS_CURVE, SHAPES

HERE = pathlib.Path(__file__).parent
# The rows whose ways through the trees are counted.
WALKED_ROWS = 1000


def seed(name):
    """A shape keeps its own whatever is added beside it."""
    return zlib.crc32(name.encode())


def types(shape):
    return ["c"] * shape.categories + ["q"] * (shape.features - shape.categories)


def matrix(shape, inputs, outcome=None):
    return xgboost.DMatrix(inputs, outcome, feature_types=types(shape), enable_categorical=True, nthread=1)


def parameters(name, shape):
    result = {
        "objective": shape.objective,
        "tree_method": "hist",
        "max_depth": shape.depth,
        "learning_rate": shape.learning_rate,
        # Light enough that trees of late rounds are nearly full too.
        "min_child_weight": 0.1,
        "nthread": 1,
        "seed": seed(name),
    }
    if shape.leaves:
        result |= {"grow_policy": "lossguide", "max_leaves": shape.leaves}
    if shape.vectors:
        result |= {"multi_strategy": "multi_output_tree"}
    elif shape.outputs > 1:
        result |= {"num_class": shape.outputs}
    if shape.parallel > 1:
        result |= {"num_parallel_tree": shape.parallel, "subsample": 0.63, "colsample_bynode": 0.4}
    return result


def train(name, shape, path):
    inputs, outcome = draw(numpy.random.default_rng(seed(name)), shape)
    count = shape.training_rows
    booster = xgboost.train(parameters(name, shape), matrix(shape, inputs[:count], outcome[:count]), shape.rounds)
    booster.save_model(path.with_suffix(".ubj"))
    # The answers are those of the saved file, as everyone else reads it.
    booster = xgboost.Booster({"nthread": 1}, model_file=path.with_suffix(".ubj"))
    rows = matrix(shape, inputs[count:])
    write(path, "rows", inputs[count:])
    write(path, "margins", booster.predict(rows, output_margin=True))
    write(path, "predictions", booster.predict(rows))
    facts = examine(booster, matrix(shape, inputs[count : count + WALKED_ROWS]))
    path.with_suffix(".facts.json").write_text(json.dumps(facts))
    print(f"{name}: {facts['trees']} trees, {facts['splits'] / facts['trees']:.1f} splits in each, depth {facts['depth']}", flush=True)


def examine(booster, rows):
    """Counts of a model: its splits, the steps that a row takes down its trees, and the cuts of its columns."""
    trees = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    reached = booster.predict(rows, pred_leaf=True).reshape(rows.num_row(), -1)
    splits = deepest = steps = sets = 0
    cuts = {}
    for tree, leaves in zip(trees, reached.T, strict=True):
        left, right = numpy.array(tree["left_children"]), numpy.array(tree["right_children"])
        depths = numpy.zeros(len(left), dtype=int)
        for node in numpy.flatnonzero(left >= 0):
            # A child's number is larger than its parent's.
            depths[[left[node], right[node]]] = depths[node] + 1
        inner = left >= 0
        splits += int(inner.sum())
        deepest = max(deepest, int(depths.max()))
        steps += float(depths[leaves.astype(int)].mean())
        sets += len(tree["categories_nodes"])
        for feature, cut in zip(numpy.array(tree["split_indices"])[inner], numpy.array(tree["split_conditions"])[inner]):
            cuts.setdefault(int(feature), set()).add(float(cut))
    return {"trees": len(trees), "splits": splits, "depth": deepest, "steps": steps, "sets": sets, "cuts": [len(found) for found in cuts.values()]}


def write(path, kind, values):
    numpy.ascontiguousarray(values, dtype="<f4").tofile(path.with_suffix(f".{kind}.f32"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--quick", action="store_true", help="only the shapes of daily use")
    arguments = parser.parse_args()
    output = arguments.output
    output.mkdir(parents=True, exist_ok=True)
    parts = [inspect.getsource(part) for part in (types, matrix, parameters, train, examine, write)]
    recipe = "".join([(HERE / "draw.py").read_text(), *parts, xgboost.__version__])
    for name, shape in (SHAPES | CURVES).items():
        made = output / f"{name}.made.txt"
        stamp = f"{shape}\n{recipe}"
        if (shape.quick or not arguments.quick) and not (made.exists() and made.read_text() == stamp):
            # What was converted of the model before is not of this one.
            for file in output.glob(f"{name}.*"):
                file.unlink()
            train(name, shape, output / name)
            made.write_text(stamp)
    table = {name: dataclasses.asdict(shape) | {"trees": shape.trees} for name, shape in (SHAPES | CURVES).items()}
    (output / "shapes.json").write_text(json.dumps({"shapes": table, "rowsCurve": ROWS_CURVE, "rowCounts": ROW_COUNTS}, indent=1))


if __name__ == "__main__":
    main()
