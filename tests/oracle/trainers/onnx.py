"""Writes ONNX tree ensembles of every kind, exported from trainers or made by hand, and what onnxruntime answers, on one thread.

    python tests/oracle/trainers/onnx.py --output DIR --models N --seed S

For each model NAME.onnx; NAME.json, what it is; and NAME.rows (64-bit floats), NAME.margins and NAME.answers (of `precision`). Raw scores
are those of the same model without its transform. What the classic operators compute in 64 bits they answer in 32: such raw scores are made
of the same trees as a TreeEnsemble of 64 bits, which answers in 64. NAME.labels has the classes that the file answers for the first rows, as
a JSON list. requirements-onnx.txt has the versions.
"""

import argparse
import copy
import json
import pathlib
import sys
import warnings

# This file's folder comes first there, where `import onnx` would find this file.
HERE = pathlib.Path(__file__).resolve().parent
sys.path[0] = str(HERE.parent)
sys.path.append(str(HERE))

import data  # noqa: E402
import numpy  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
from onnxruntime.capi import onnxruntime_pybind11_state as pybind  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnx_exported import TRAINERS  # noqa: E402
from onnx_made import FLOATS, MODES, made  # noqa: E402

# How often a model is drawn before it is given up.
ATTEMPTS = 8
# Of how many rows the class is kept.
LABELLED = 1000
LARGEST = float(numpy.finfo(numpy.float32).max)
COLUMNS = [name for name in data.COLUMNS if name != "constants"] + ["mixture"]
TYPES = {
    TensorProto.FLOAT: numpy.float32,
    TensorProto.DOUBLE: numpy.float64,
    TensorProto.INT64: numpy.int64,
    TensorProto.INT32: numpy.int32,
}


def session_of(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def feed(model, rows):
    """The inputs that onnxruntime takes for rows of numbers."""
    fed, at = {}, 0
    constants = {constant.name for constant in model.graph.initializer}
    for port in model.graph.input:
        if port.name in constants:
            continue
        kind = port.type.tensor_type
        width = kind.shape.dim[1].dim_value or rows.shape[1]
        fed[port.name] = rows[:, at : at + width].astype(TYPES[kind.elem_type])
        at += width
    assert at == rows.shape[1]
    return fed


def run(model, rows):
    return session_of(model).run(None, feed(model, rows))


def ensemble_of(model):
    (node,) = [node for node in model.graph.node if node.op_type.startswith("TreeEnsemble")]
    return node, {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def with_output(model, name, element):
    """The same model with one output: this value."""
    made = copy.deepcopy(model)
    del made.graph.output[:]
    made.graph.output.append(helper.make_tensor_value_info(name, element, None))
    return made


def element_of(model):
    """The type of numbers that the trees get."""
    node, _ = ensemble_of(model)
    inferred = onnx.shape_inference.infer_shapes(model)
    for port in list(inferred.graph.input) + list(inferred.graph.value_info):
        if port.name == node.input[0]:
            return port.type.tensor_type.elem_type
    # What the shapes are not inferred of: scalers and imputers make floats.
    return TensorProto.FLOAT


def numbers_of(attributes, name):
    if name + "_as_tensor" in attributes:
        return numpy_helper.to_array(attributes[name + "_as_tensor"]).astype(float)
    return numpy.array(attributes.get(name, []), dtype=float)


def without(model, *names):
    """The model with some attributes of its ensemble left out: the transform, the aggregate."""
    made = copy.deepcopy(model)
    node, _ = ensemble_of(made)
    kept = [attribute for attribute in node.attribute if attribute.name not in names]
    del node.attribute[:]
    node.attribute.extend(kept)
    return made


def scores_of(model, rows):
    """The ensemble's raw scores: sums, base values added."""
    node, attributes = ensemble_of(model)
    is_classifier = node.op_type == "TreeEnsembleClassifier"
    element = element_of(model)
    if node.op_type != "TreeEnsemble" and element == TensorProto.DOUBLE:
        return wide_scores(model, rows)
    plain = without(model, "post_transform", "aggregate_function")
    name = node.output[1 if is_classifier else 0]
    element = element if node.op_type == "TreeEnsemble" else TensorProto.FLOAT
    return run(with_output(plain, name, element), rows)[0].reshape(len(rows), -1)


def wide_scores(model, rows):
    """The raw scores of an ensemble that adds up in 64 bits."""
    _, attributes = ensemble_of(model)
    prefix = "class" if "class_ids" in attributes else "target"
    labels = attributes.get("classlabels_strings") or attributes.get("classlabels_int64s") or []
    count = len(labels) or attributes["n_targets"]
    weights = {}
    values = numbers_of(attributes, f"{prefix}_weights")
    for tree, place, target, value in zip(*[attributes[f"{prefix}_{name}"] for name in ("treeids", "nodeids", "ids")], values):
        weights[tree, place, target] = value
    base = numbers_of(attributes, "base_values")
    columns = []
    for target in range(count):
        sums = run(as_unified(model, attributes, weights, target), rows)[0].reshape(-1)
        columns.append(sums + (base[target] if target < len(base) else 0.0))
    return numpy.stack(columns, axis=1)


def as_unified(model, attributes, weights, target):
    """The same trees for one target as a TreeEnsemble of 64 bits."""
    ids = list(zip(attributes["nodes_treeids"], attributes["nodes_nodeids"]))
    modes = [mode.decode() for mode in attributes["nodes_modes"]]
    values = numbers_of(attributes, "nodes_values")
    missing = list(attributes.get("nodes_missing_value_tracks_true", [])) + [0] * len(ids)
    places = {key: place for place, key in enumerate(ids)}
    branches, leaves, roots, left = [], [], [], []

    def child(key):
        place = places[key]
        if modes[place] == "LEAF":
            leaves.append(weights.get((*key, target), 0.0))
            return len(leaves) - 1, 1
        branches.append([place, None, None])
        left.append(len(branches) - 1)
        return len(branches) - 1, 0

    for place, (tree, _) in enumerate(ids):
        if place and ids[place - 1][0] == tree:
            continue
        index, is_leaf = child(ids[place])
        if is_leaf:
            branches.append([None, (index, 1), (index, 1)])
            index = len(branches) - 1
        roots.append(index)
        while left:
            branch = left.pop()
            place = branches[branch][0]
            tree = ids[place][0]
            branches[branch][1] = child((tree, attributes["nodes_truenodeids"][place]))
            branches[branch][2] = child((tree, attributes["nodes_falsenodeids"][place]))
    of = lambda values, nothing: [nothing if branch[0] is None else values[branch[0]] for branch in branches]  # noqa: E731
    made = copy.deepcopy(model)
    node, _ = ensemble_of(made)
    unified = helper.make_node(
        "TreeEnsemble",
        [node.input[0]],
        ["wide scores"],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function=1,
        post_transform=0,
        tree_roots=roots,
        nodes_featureids=of(attributes["nodes_featureids"], 0),
        nodes_missing_value_tracks_true=of(missing, 0),
        nodes_truenodeids=[branch[1][0] for branch in branches],
        nodes_trueleafs=[branch[1][1] for branch in branches],
        nodes_falsenodeids=[branch[2][0] for branch in branches],
        nodes_falseleafs=[branch[2][1] for branch in branches],
        nodes_splits=numpy_helper.from_array(numpy.array(of(values, 0.0), float)),
        nodes_modes=numpy_helper.from_array(numpy.array([MODES.index(mode) for mode in of(modes, "BRANCH_LEQ")], numpy.uint8)),
        leaf_targetids=[0] * len(leaves),
        leaf_weights=numpy_helper.from_array(numpy.array(leaves, float)),
    )
    front = [other for other in made.graph.node if reaches(made, other, node)]
    del made.graph.node[:]
    made.graph.node.extend(front + [unified])
    del made.opset_import[:]
    made.opset_import.extend([helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 5)])
    made.ir_version = 9
    return with_output(made, "wide scores", TensorProto.DOUBLE)


def reaches(model, operator, end):
    """Whether what an operator makes gets into another."""
    names, left = set(), list(end.input)
    while left:
        name = left.pop()
        if name not in names:
            names.add(name)
            left += [source for node in model.graph.node if name in node.output for source in node.input]
    return bool(names & set(operator.output))


def answers_of(model, rows):
    """What the model's own outputs say, with one number for two classes; and its classes' names."""
    node, attributes = ensemble_of(model)
    outputs = dict(zip([port.name for port in model.graph.output], run(model, rows)))
    if node.op_type != "TreeEnsembleClassifier":
        (scores,) = outputs.values()
        return numpy.asarray(scores).reshape(len(rows), -1), None, slice(None)
    labels = [label.decode() for label in attributes.get("classlabels_strings", [])] or list(attributes["classlabels_int64s"])
    columns = [value for value in outputs.values() if isinstance(value, numpy.ndarray) and value.dtype.kind == "f"]
    (mapped,) = [value for value in outputs.values() if isinstance(value, list)] or [None]
    if mapped is not None and not isinstance(mapped[0], str):
        scores = numpy.array([[row[label] for label in labels] for row in mapped], dtype=numpy.float32)
    else:
        scores = columns[0] if len(columns) == 1 else numpy.stack([column.reshape(-1) for column in columns], axis=1)
    is_one = len(labels) == 2 and attributes.get("post_transform", b"NONE") != b"SOFTMAX"
    # Votes that are all for the first class are for the second.
    chosen = slice(1, 2) if is_one else slice(None)
    return scores.reshape(len(rows), -1)[:, chosen], [str(label) for label in labels], chosen


def margins_of(model, rows, chosen):
    node, attributes = ensemble_of(model)
    scores = scores_of(model, rows)
    if node.op_type == "TreeEnsembleClassifier" and chosen != slice(None) and set(attributes["class_ids"]) == {0}:
        if scores.dtype == numpy.float64:
            # The trees' own target, not onnxruntime's column.
            return scores[:, :1]
    return scores[:, chosen]


def columns_seen(model, features, element):
    """For each feature the columns that hang together with it, and how: offset and slope, if that is all."""
    node, _ = ensemble_of(model)
    front = with_output(model, node.input[0], element)
    if node.input[0] in {port.name for port in model.graph.input}:
        return [[(feature, 0.0, 1.0)] for feature in range(features)]
    zero = run(front, numpy.zeros((1, features)))[0].astype(float)[0]
    seen = []
    for feature in range(features):
        rows = numpy.zeros((2, features))
        rows[:, feature] = [1, 1024]
        one, many = run(front, rows)[0].astype(float)
        slopes = (many - zero) / 1024
        seen.append([(column, zero[column], slopes[column]) for column in numpy.flatnonzero(one != zero)])
    return seen


def asked(random, model, inputs, count):
    """Rows to ask: training rows, with values at thresholds and a float beside them, missing ones, and odd ones."""
    features = inputs.shape[1]
    _, attributes = ensemble_of(model)
    element = element_of(model)
    if "nodes_splits" in attributes:
        thresholds = numpy_helper.to_array(attributes["nodes_splits"]).astype(float)
        members = numpy_helper.to_array(attributes["membership_values"]).astype(float) if "membership_values" in attributes else []
    else:
        thresholds, members = numbers_of(attributes, "nodes_values"), []
    asking = numpy.array(attributes["nodes_featureids"])
    rows = inputs[random.integers(len(inputs), size=count)].copy()
    whole = {port.type.tensor_type.elem_type for port in model.graph.input} & {TensorProto.INT64, TensorProto.INT32}
    for feature, columns in enumerate(columns_seen(model, features, element)):
        odd = [0.0, -0.0, 0.5, -0.5, 1.0, 1.5, 2.5, -1.0, 1e-40, -1e-40, 3e38, -3e38, 7.0, 30.0, 31.0, 1e9]
        pool = [numpy.array(odd), numpy.array(members, dtype=float)]
        for column, offset, slope in columns:
            cuts = numpy.unique(thresholds[asking == column])
            if slope and len(cuts):
                cuts = (cuts - offset) / slope
                near = cuts.astype(numpy.float32)
                for _ in range(3):
                    pool += [near.astype(float), numpy.nextafter(near, numpy.float32(numpy.inf)).astype(float)]
                    near = numpy.nextafter(near, numpy.float32(-numpy.inf))
                pool += [cuts, numpy.nextafter(cuts, numpy.inf), numpy.nextafter(cuts, -numpy.inf), numpy.round(cuts, 2)]
        pool = numpy.concatenate(pool)
        pool = pool[numpy.abs(pool) < LARGEST]
        changed = random.random(count) < 0.5
        rows[changed, feature] = random.choice(pool, size=changed.sum())
        rows[random.random(count) < float(random.choice([0.02, 0.2])), feature] = numpy.nan
    if whole:
        for feature in range(features) if len(model.graph.input) == 1 else [features - 1]:
            rows[:, feature] = numpy.round(numpy.clip(numpy.nan_to_num(rows[:, feature]), -2e9, 2e9)) + 0.0
    return rows


def labels_of(model, rows):
    """The class of each row, where the file answers one."""
    for value in run(model, rows):
        if isinstance(value, numpy.ndarray) and value.dtype.kind in "OUSi" and value.size == len(rows):
            return [str(label) for label in value.ravel().tolist()]
    return None


def write(output, name, model, rows, words):
    answers, classes, chosen = answers_of(model, rows)
    margins = margins_of(model, rows, chosen)
    assert margins.dtype in (numpy.float32, numpy.float64), margins.dtype
    precision = {"float32": "f32", "float64": "f64"}[str(margins.dtype)]
    onnx.save(model, str(output / (name + ".onnx")))
    about = {
        "model": name + ".onnx",
        "trainer": "onnx",
        "version": onnxruntime.__version__,
        "objective": words[0],
        "kind": "; ".join(words[1:]),
        "rows": len(rows),
        "features": rows.shape[1],
        "outputs": margins.shape[1],
        "answers": answers.shape[1],
        "precision": precision,
        "exact_answers": True,
        "classes": classes,
    }
    (output / (name + ".json")).write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")
    labels = labels_of(model, rows[:LABELLED]) if classes else None
    if labels:
        (output / (name + ".labels")).write_text(json.dumps(labels), encoding="utf-8")
    of_type = "<f4" if precision == "f32" else "<f8"
    for suffix, values, kind in [(".rows", rows, "<f8"), (".margins", margins, of_type), (".answers", answers, of_type)]:
        numpy.ascontiguousarray(values, dtype=kind).tofile(str(output / (name + suffix)))


def is_taken(model):
    """Whether onnxruntime takes it: some of what exporters write it does not."""
    try:
        session_of(model)
    except (pybind.Fail, pybind.InvalidGraph, pybind.NotImplemented):
        return False
    return True


def draw(random, index):
    """One model, its training data and what it is, in words."""
    kind = str(random.choice(COLUMNS))

    def columns_of(random, columns):
        rows = int(random.choice([60, 400, 1500]))
        inputs = data.columns_of(random, kind, rows, columns)
        return inputs[: len(inputs)]

    if index % 2:
        model, inputs, words = made(random, index // 2, columns_of)
    else:
        inputs = columns_of(random, int(random.choice([2, 4, 9])))
        signal = data.signal_of(random, inputs)
        model, inputs, words = TRAINERS[index // 2 % len(TRAINERS)](random, inputs, signal)
    return model, inputs, words + [f"data: {kind}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--models", type=int, required=True, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--rows", type=int, default=400, metavar="N", help="rows that each model is asked")
    parser.add_argument("--only", type=int, metavar="INDEX", help="write this model and no other")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    warnings.filterwarnings("ignore")
    for index in range(arguments.models) if arguments.only is None else [arguments.only]:
        for attempt in range(ATTEMPTS):
            random = numpy.random.default_rng([arguments.seed, index, attempt])
            model, inputs, words = draw(random, index)
            if is_taken(model):
                break
        else:
            sys.exit(f"model {index}: onnxruntime takes nothing that was drawn, {words} the last")
        rows = asked(random, model, inputs, arguments.rows)
        write(arguments.output, f"onnx-{onnxruntime.__version__}-{arguments.seed}-{index:04}", model, rows, words)


if __name__ == "__main__":
    main()
