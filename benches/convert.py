"""Writes the benchmark's models in the peers' formats.

    python benches/convert.py --output FOLDER

For each model NAME: NAME.onnx, NAME.so (treelite and TL2cgen, by the C compiler), NAME.js (m2cgen), NAME.gbdt.txt, and
NAME.ydf.zip, a model of the same shape that YDF trained itself, as it reads no foreign ones. Where a peer cannot,
NAME.ENDING.cannot says why.
"""

import argparse
import json
import pathlib
import sys
import tempfile
import time
import zipfile

import m2cgen
import numpy
import onnxmltools
import tl2cgen
import treelite
import xgboost
import ydf
from onnxmltools.convert.common.data_types import FloatTensorType
from shapes import SHAPES
from train import draw

# Source of more bytes is no page's and no compiler's: gcc and V8 need minutes and gigabytes for it.
MOST_SOURCE_BYTES = 24_000_000

MOST_COMPILED_LEAVES = 100_000


class Cannot(Exception):
    """Why a peer cannot have a model."""


def to_onnx(path, shape):
    model = classifier(path.with_suffix(".ubj"))
    converted = onnxmltools.convert_xgboost(model, initial_types=[("input", FloatTensorType([None, shape.features]))])
    path.with_suffix(".onnx").write_bytes(converted.SerializeToString())


def to_shared_library(path, shape):
    if shape.trees * 2**shape.depth > MOST_COMPILED_LEAVES:
        raise Cannot("the C compiler would need more than ten minutes for its source")
    model = treelite.frontend.load_xgboost_model(str(path.with_suffix(".ubj")), format_choice="ubjson")
    # Files of some fifty trees each: the optimiser takes ever longer per tree for longer files.
    parameters = {"parallel_comp": max(1, shape.trees // 50)}
    tl2cgen.export_lib(model, "gcc", path.with_suffix(".so"), params=parameters, nthread=1)


def to_javascript(path, shape):
    model = classifier(without_base_score(path, shape))
    # The reader looks for it among the parameters, where a model from a file has none.
    model.set_params(base_score=0.0)
    sys.setrecursionlimit(100_000)
    source = m2cgen.export_to_javascript(model)
    if len(source) > MOST_SOURCE_BYTES:
        raise Cannot(f"its source has {len(source) / 1e6:.0f} MB")
    path.with_suffix(".js").write_text(source)


def to_gbdt(path, shape):
    booster = xgboost.Booster(model_file=without_base_score(path, shape))
    trees = ",\n".join(booster.get_dump(dump_format="json"))
    path.with_suffix(".gbdt.txt").write_text(f"0\n[{trees}]\n")


def to_ydf(path, shape):
    inputs, outcome = draw(numpy.random.default_rng(list(SHAPES).index(path.stem)), shape)
    learner = ydf.GradientBoostedTreesLearner(
        label="outcome",
        num_trees=shape.rounds,
        # It counts the root.
        max_depth=shape.depth + 1,
        shrinkage=shape.learning_rate,
        min_examples=1,
        validation_ratio=0.0,
        early_stopping="NONE",
        # Its JavaScript does not read discretised columns.
        discretize_numerical_columns=False,
        num_threads=1,
        pure_serving_model=True,
    )
    columns = {f"f{index}": column[: shape.training_rows] for index, column in enumerate(inputs.T)}
    model = learner.train(columns | {"outcome": outcome[: shape.training_rows]})
    with tempfile.TemporaryDirectory() as folder:
        model.save(folder)
        with zipfile.ZipFile(path.with_suffix(".ydf.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(pathlib.Path(folder).iterdir()):
                archive.write(file, file.name)


def classifier(file):
    """The model behind scikit-learn's interface, which the converters ask for."""
    model = xgboost.XGBClassifier(n_jobs=1)
    model.load_model(file)
    return model


def without_base_score(path, shape):
    """The same model with its base scores added to the leaves of the first round.

    XGBoost 3 has a base score for each class; m2cgen and gbdt know one for all. The sum has the same bits: base + first
    leaf is what XGBoost adds first.
    """
    file = path.with_suffix(".folded.json")
    model = json.loads(xgboost.Booster(model_file=path.with_suffix(".ubj")).save_raw("json"))
    parameters = model["learner"]["learner_model_param"]
    scores = numpy.array(json.loads(parameters["base_score"]), dtype=numpy.float32)
    if shape.outputs == 1:
        scores = -numpy.log(1 / scores - 1, dtype=numpy.float32)
    for score, tree in zip(scores, model["learner"]["gradient_booster"]["model"]["trees"]):
        for node, child in enumerate(tree["left_children"]):
            if child == -1:
                leaf = float(score + numpy.float32(tree["split_conditions"][node]))
                tree["split_conditions"][node] = tree["base_weights"][node] = leaf
    parameters["base_score"] = "[" + ",".join(["0.5" if shape.outputs == 1 else "0"] * len(scores)) + "]"
    file.write_text(json.dumps(model))
    return file


CONVERSIONS = {
    "onnx": to_onnx,
    "so": to_shared_library,
    "js": to_javascript,
    "gbdt.txt": to_gbdt,
    "ydf.zip": to_ydf,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    output = parser.parse_args().output
    for name, shape in SHAPES.items():
        for ending, convert in CONVERSIONS.items():
            started = time.monotonic()
            reason = output / f"{name}.{ending}.cannot"
            reason.unlink(missing_ok=True)
            try:
                convert(output / name, shape)
            # Whatever a peer stumbles over is a result.
            except Exception as error:
                (output / f"{name}.{ending}").unlink(missing_ok=True)
                reason.write_text(f"{type(error).__name__}: {error}".splitlines()[0])
            print(f"{name}.{ending}: {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    main()
