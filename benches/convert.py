"""Writes the benchmark's models in the peers' formats.

    python benches/convert.py --output FOLDER

For each model NAME: NAME.onnx, NAME.so (treelite and TL2cgen, by the C compiler), NAME.js (m2cgen), NAME.gbdt.txt; and
models of the same shape that a peer trained itself, as it reads no foreign ones: NAME.ydf.zip, and where trees grow
leaf by leaf NAME.lightgbm.txt with NAME.lleaves.o. Where a peer cannot, NAME.ENDING.cannot says why. What is there
already of the same recipe is left alone.
"""

import argparse
import inspect
import json
import pathlib
import sys
import tempfile
import time
import zipfile

import lightgbm
import lleaves
import m2cgen
import numpy
import onnxmltools
import tl2cgen
import treelite
import xgboost
import ydf
from draw import draw
from onnxmltools.convert.common.data_types import FloatTensorType
from shapes import AMOUNT, SHAPES
from train import seed

HERE = pathlib.Path(__file__).parent
# More source is no page's and no compiler's: gcc and V8 need minutes and gigabytes for it.
MOST_SCRIPT_SPLITS = 60_000
MOST_COMPILED_SPLITS = 32_000
# What takes longer to train than this is no model that one would train for a comparison.
MOST_TRAINED_SPLITS = 150_000
TRAINED_ROWS = 20_000


class Cannot(Exception):
    """Why a peer cannot have a model."""


def facts(path):
    return json.loads(path.with_suffix(".facts.json").read_text())


def numbers_only(shape):
    if shape.categories:
        raise Cannot("its converter knows no categories")
    if shape.vectors:
        raise Cannot("its converter knows no vectors in leaves")


def to_onnx(path, shape):
    numbers_only(shape)
    model = wrapped(path.with_suffix(".ubj"), shape)
    converted = onnxmltools.convert_xgboost(model, initial_types=[("input", FloatTensorType([None, shape.features]))])
    path.with_suffix(".onnx").write_bytes(converted.SerializeToString())


def to_shared_library(path, shape):
    if facts(path)["splits"] > MOST_COMPILED_SPLITS:
        raise Cannot("the C compiler would need more than ten minutes for its source")
    model = treelite.frontend.load_xgboost_model(str(path.with_suffix(".ubj")), format_choice="ubjson")
    # Files of some fifty trees each: the optimiser takes ever longer per tree for longer files.
    parameters = {"parallel_comp": max(1, shape.trees // 50)}
    tl2cgen.export_lib(model, "gcc", path.with_suffix(".so"), params=parameters, nthread=1)


def to_javascript(path, shape):
    numbers_only(shape)
    if facts(path)["splits"] > MOST_SCRIPT_SPLITS:
        raise Cannot("its source would have more than 20 MB")
    model = wrapped(without_base_score(path, shape), shape)
    # The reader looks for it among the parameters, where a model from a file has none.
    model.set_params(base_score=0.0)
    sys.setrecursionlimit(100_000)
    path.with_suffix(".js").write_text(m2cgen.export_to_javascript(model))


def to_gbdt(path, shape):
    numbers_only(shape)
    if shape.outputs > 1:
        raise Cannot("it knows one output")
    booster = xgboost.Booster(model_file=without_base_score(path, shape))
    trees = ",\n".join(booster.get_dump(dump_format="json"))
    path.with_suffix(".gbdt.txt").write_text(f"0\n[{trees}]\n")


def training_data(path, shape):
    inputs, outcome = draw(numpy.random.default_rng(seed(path.stem)), shape)
    count = min(shape.training_rows, TRAINED_ROWS)
    return inputs[:count], outcome[:count]


def to_ydf(path, shape):
    if facts(path)["splits"] > MOST_TRAINED_SPLITS:
        raise Cannot("it would train for more than ten minutes")
    if shape.categories or shape.vectors or shape.parallel > 1:
        raise Cannot("what it trains of that kind has another shape")
    inputs, outcome = training_data(path, shape)
    grown = {"growing_strategy": "BEST_FIRST_GLOBAL", "max_num_nodes": shape.leaves} if shape.leaves else {}
    learner = ydf.GradientBoostedTreesLearner(
        label="outcome",
        task=ydf.Task.REGRESSION if shape.objective == AMOUNT else ydf.Task.CLASSIFICATION,
        num_trees=shape.rounds,
        # It counts the root.
        max_depth=shape.depth + 1 if shape.depth else -1,
        shrinkage=shape.learning_rate,
        min_examples=1,
        validation_ratio=0.0,
        early_stopping="NONE",
        # Its JavaScript does not read discretised columns.
        discretize_numerical_columns=False,
        num_threads=1,
        pure_serving_model=True,
        **grown,
    )
    columns = {f"f{index}": column for index, column in enumerate(inputs.T)}
    model = learner.train(columns | {"outcome": outcome})
    with tempfile.TemporaryDirectory() as folder:
        model.save(folder)
        with zipfile.ZipFile(path.with_suffix(".ydf.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(pathlib.Path(folder).iterdir()):
                archive.write(file, file.name)


def to_lightgbm(path, shape):
    if not shape.leaves:
        raise Cannot("it reads no foreign models, and grows trees leaf by leaf only")
    inputs, outcome = training_data(path, shape)
    parameters = {
        "objective": "binary",
        "num_leaves": shape.leaves,
        "learning_rate": shape.learning_rate,
        "min_sum_hessian_in_leaf": 0.1,
        "min_data_in_leaf": 1,
        "num_threads": 1,
        "seed": 1,
        "verbose": -1,
    }
    booster = lightgbm.train(parameters, lightgbm.Dataset(inputs, outcome), shape.rounds)
    booster.save_model(path.with_suffix(".lightgbm.txt"))


def to_lleaves(path, shape):
    source = path.with_suffix(".lightgbm.txt")
    if not source.exists():
        raise Cannot("it compiles LightGBM's models only")
    # As its documentation says for a machine's own use; the code is for this processor.
    lleaves.Model(model_file=source).compile(cache=path.with_suffix(".lleaves.o"))


def wrapped(file, shape):
    """The model behind scikit-learn's interface, which the converters ask for."""
    model = (xgboost.XGBRegressor if shape.objective == AMOUNT else xgboost.XGBClassifier)(n_jobs=1)
    model.load_model(file)
    return model


def without_base_score(path, shape):
    """The same model with its base scores added to the leaves of the first round.

    XGBoost 3 has a base score for each class; m2cgen and gbdt know one for all. The sum has the same bits: base + first
    leaf is what XGBoost adds first.
    """
    file = path.with_suffix(".folded.json")
    model = json.loads(xgboost.Booster(model_file=path.with_suffix(".ubj")).save_raw("json"))
    learner = model["learner"]
    scores = numpy.array(json.loads(learner["learner_model_param"]["base_score"]), dtype=numpy.float32)
    binary = shape.objective != AMOUNT and shape.outputs == 1
    if binary:
        scores = -numpy.log(1 / scores - 1, dtype=numpy.float32)
    for score, tree in zip(scores, learner["gradient_booster"]["model"]["trees"]):
        for node, child in enumerate(tree["left_children"]):
            if child == -1:
                leaf = float(score + numpy.float32(tree["split_conditions"][node]))
                tree["split_conditions"][node] = tree["base_weights"][node] = leaf
    learner["learner_model_param"]["base_score"] = "[" + ",".join(["0.5" if binary else "0"] * len(scores)) + "]"
    file.write_text(json.dumps(model))
    return file


# The C compiler takes longest: what is stopped there has all else.
CONVERSIONS = {
    "onnx": to_onnx,
    "js": to_javascript,
    "gbdt.txt": to_gbdt,
    "lightgbm.txt": to_lightgbm,
    "lleaves.o": to_lleaves,
    "ydf.zip": to_ydf,
    "so": to_shared_library,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    output = parser.parse_args().output
    versions = (HERE / "requirements.txt").read_text()
    for ending, convert in CONVERSIONS.items():
        recipe = inspect.getsource(convert) + versions
        for name, shape in SHAPES.items():
            # Training a model anew removes it.
            made = output / f"{name}.{ending}.made.txt"
            if made.exists() and made.read_text() == recipe:
                continue
            started = time.monotonic()
            result, reason = output / f"{name}.{ending}", output / f"{name}.{ending}.cannot"
            for file in (result, reason):
                file.unlink(missing_ok=True)
            try:
                convert(output / name, shape)
            # Whatever a peer stumbles over is a result.
            except Exception as error:
                result.unlink(missing_ok=True)
                words = str(error) if isinstance(error, Cannot) else f"{type(error).__name__}: {error}"
                reason.write_text(words.splitlines()[0])
            made.write_text(recipe)
            (output / f"{name}.folded.json").unlink(missing_ok=True)
            print(f"{name}.{ending}: {time.monotonic() - started:.1f} s{', cannot' if reason.exists() else ''}", flush=True)


if __name__ == "__main__":
    main()
