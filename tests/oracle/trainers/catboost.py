"""Trains CatBoost models of every kind, and writes what each answers.

    python tests/oracle/trainers/catboost.py --output FOLDER --models 200 --seed 1

For each model, and for each format it is saved in: NAME.model, the file; NAME.json, what it is; NAME.rows, NAME.margins and NAME.answers, 64-bit
floats, row after row; for the first rows NAME.contributions (`ShapValues`, or by their definition where CatBoost's own do not make its raw
score) and NAME.labels, the classes as
a JSON list. CatBoost misreads the last bit of some numbers of its own JSON: the answers beside a JSON file are those of the model that
was trained, after a check that the file's decimals are its numbers.
"""

import argparse
import json
import os
import pathlib
import sys
import traceback
import warnings

# This script is called as the package is; and what data people have is beside it.
sys.path = [path for path in sys.path if pathlib.Path(path or ".").resolve() != pathlib.Path(__file__).resolve().parent]
sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))

import by_definition
import catboost
import data
import numpy
import pandas

VERSION = tuple(map(int, catboost.__version__.split(".")[:2]))
# How many of the rows are explained, and of how many the class is asked.
EXPLAINED = 40
LABELLED = 1000
QUIET = {"thread_count": 1, "verbose": 0, "allow_writing_files": False}

# What is trained for, since when, and how a label is made for it.
REGRESSION = {
    "RMSE": ((0, 1), "any"),
    "MAE": ((0, 1), "any"),
    "Quantile:alpha=0.8": ((0, 1), "any"),
    "LogLinQuantile:alpha=0.3": ((0, 1), "positive"),
    "Expectile:alpha=0.7": ((0, 20), "any"),
    "MAPE": ((0, 1), "positive"),
    "Huber:delta=0.7": ((0, 22), "any"),
    "LogCosh": ((1, 1), "any"),
    "Lq:q=2.5": ((0, 13), "any"),
    "Poisson": ((0, 24), "positive"),
    "Tweedie:variance_power=1.5": ((0, 24), "positive"),
    "Cox": ((1, 1), "signed"),
    "MultiQuantile:alpha=0.1,0.5,0.9": ((1, 1), "any"),
    "RMSEWithUncertainty": ((0, 24), "any"),
    "MultiRMSE": ((0, 21), "several"),
    "MultiRMSEWithMissingValues": ((1, 1), "several, some missing"),
    "SurvivalAft": ((1, 0), "intervals"),
}
RANKING = {
    "QueryRMSE": (0, 1),
    "QuerySoftMax": (0, 1),
    "PairLogit": (0, 1),
    "PairLogitPairwise": (0, 1),
    "YetiRank": (0, 1),
    "YetiRankPairwise": (0, 1),
    "GroupQuantile:alpha=0.6": (1, 2),
    "LambdaMart": (1, 2),
    "StochasticRank:metric=DCG": (0, 21),
    "StochasticFilter": (0, 21),
}
BINARY = {"Logloss": (0, 1), "CrossEntropy": (0, 1), "Focal:focal_alpha=0.4;focal_gamma=1.5": (1, 2)}
CLASSES = {"MultiClass": (0, 1), "MultiClassOneVsAll": (0, 1)}
LABELS = {"MultiLogloss": (1, 0), "MultiCrossEntropy": (1, 0)}
# Those that trees of other shapes than symmetric ones are not grown for.
SYMMETRIC_ONLY = ("PairLogitPairwise", "YetiRankPairwise", "StochasticFilter")
PLAIN_ONLY = ("RMSEWithUncertainty", "SurvivalAft", "Cox", "PairLogitPairwise", "YetiRankPairwise")


def known(losses):
    return [loss for loss, since in losses.items() if VERSION >= (since[0] if isinstance(since[0], tuple) else since)]


class Custom:
    """A squared error of one's own."""

    def calc_ders_range(self, approxes, targets, weights):
        return [(target - approx, -1.0) for approx, target in zip(approxes, targets)]


def draw(random, values):
    return values[int(random.integers(len(values)))]


def training_data(random, rows):
    columns = int(draw(random, [1, 2, 3, 4, 5, 6, 8, 11, 120]))
    kinds = [draw(random, list(data.COLUMNS)) for _ in range(columns)]
    inputs = numpy.stack([data.COLUMNS[kind](random, rows) for kind in kinds], axis=1)
    signs = random.random(inputs.shape) < 0.3
    inputs[(inputs == 0) & signs] = -0.0
    share = draw(random, [0.0, 0.05, 0.4])
    some = random.random(columns) < 0.6
    inputs[:, some] = numpy.where(random.random((rows, int(some.sum()))) < share, numpy.nan, inputs[:, some])
    with numpy.errstate(all="ignore"):
        ranks = numpy.argsort(numpy.argsort(numpy.nan_to_num(inputs), axis=0), axis=0) / rows
    signal = ranks[:, 0] * 2 + numpy.sin(ranks[:, columns // 2] * 9) + ranks[:, -1] ** 2 + 0.2 * random.normal(size=rows)
    return inputs, signal - numpy.median(signal), kinds


def parameters(random, loss):
    drawn = {
        "iterations": int(draw(random, [1, 2, 5, 17, 40, 43, 120])),
        "depth": int(random.integers(1, 11)),
        "learning_rate": draw(random, [0.03, 0.1, 0.3, 1.0]),
        "random_seed": int(random.integers(1000)),
        "border_count": int(draw(random, [1, 2, 15, 32, 128, 254, 255] + ([300, 1000] if VERSION >= (0, 20) else []))),
        "feature_border_type": draw(random, ["GreedyLogSum", "Median", "Uniform", "UniformAndQuantiles", "MaxLogSum", "MinEntropy"]),
        "l2_leaf_reg": draw(random, [0.0, 1.0, 3.0, 50.0]),
    }
    if drawn["depth"] > 7:
        drawn["iterations"] = min(drawn["iterations"], 17)
    name = loss.split(":")[0]
    if name not in SYMMETRIC_ONLY and VERSION >= (0, 24) and random.random() < 0.4:
        drawn["grow_policy"] = draw(random, ["Lossguide", "Depthwise"])
        if drawn["grow_policy"] == "Lossguide":
            drawn["max_leaves"] = int(draw(random, [2, 5, 31, 64]))
            drawn["depth"] = int(random.integers(1, 17))
        drawn["min_data_in_leaf"] = int(draw(random, [1, 5, 40]))
    elif random.random() < 0.3:
        drawn["boosting_type"] = draw(random, ["Plain", "Ordered"])
    if name.startswith("Multi") or name in PLAIN_ONLY:
        drawn.pop("boosting_type", None)
    if name.endswith("Pairwise"):
        # Their time grows by the square of the borders.
        drawn.update(border_count=15, iterations=min(drawn["iterations"], 5))
    if name in ("RMSE", "MAE", "Logloss", "CrossEntropy", "Quantile", "MAPE", "MultiRMSE") and random.random() < 0.5:
        if VERSION >= (0, 24):
            drawn["boost_from_average"] = bool(random.random() < 0.5)
    if random.random() < 0.3:
        drawn["nan_mode"] = draw(random, ["Min", "Max"])
    if name == "Logloss" and VERSION >= (0, 24) and "boosting_type" not in drawn and random.random() < 0.2:
        drawn.update(langevin=True, diffusion_temperature=1000)
    elif random.random() < 0.1 and VERSION >= (0, 24):
        drawn.update(model_shrink_rate=0.05, boost_from_average=False)
    return drawn


def with_pandas(random, inputs):
    """The same inputs; in half of the cases with names."""
    if random.random() < 0.5:
        return inputs
    names = ["age", "blood pressure", "größe", "x[1]", "a,b", "weight<kg>"]
    return pandas.DataFrame(inputs, columns=[names[index] if index < len(names) else "column " + str(index) for index in range(inputs.shape[1])])


def fitted(model, *arguments, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(*arguments, **more)


def regression(random, loss, target, inputs, signal, settings):
    label = {
        "any": signal,
        "positive": numpy.exp(signal / 2),
        "signed": numpy.where(random.random(len(signal)) < 0.3, -1, 1) * numpy.exp(signal),
        "several": numpy.stack([signal, -signal**2, signal * 1e3], axis=1),
        "several, some missing": numpy.stack([signal, numpy.where(random.random(len(signal)) < 0.3, numpy.nan, -signal)], axis=1),
        "intervals": numpy.stack([numpy.exp(signal), numpy.where(random.random(len(signal)) < 0.3, -1, numpy.exp(signal) + 0.5)], axis=1),
    }[target]
    weights = random.random(len(signal)) + 0.1 if random.random() < 0.2 else None
    model = catboost.CatBoostRegressor(loss_function=loss, **settings, **QUIET)
    return fitted(model, catboost.Pool(inputs, label, weight=weights)), None


def names_of(random, count):
    """What labels of so many classes are called, in any order."""
    kind = int(random.integers(5)) if VERSION >= (0, 20) else 4
    if kind == 0:
        return ["class " + chr(97 + index % 26) + str(index) for index in range(count)][::-1]
    if kind == 1:
        return [index * 3 - 4 for index in range(count)]
    if kind == 2:
        return [index / 2 for index in range(count)]
    if kind == 3 and count == 2:
        return [False, True]
    return list(range(count))


def classified(random, loss, count, inputs, signal, settings):
    edges = numpy.quantile(signal, numpy.linspace(0, 1, count + 1)[1:-1])
    codes = numpy.digitize(signal, edges)
    names = numpy.array(names_of(random, count))
    if loss.startswith("Focal"):
        pass
    elif random.random() < 0.2:
        settings["class_weights"] = [round(float(weight), 2) for weight in random.random(count) + 0.2]
    elif random.random() < 0.2 and VERSION >= (0, 24):
        settings["auto_class_weights"] = draw(random, ["Balanced", "SqrtBalanced"])
    model = catboost.CatBoostClassifier(loss_function=loss, **settings, **QUIET)
    return fitted(model, inputs, names[codes]), None


def probable(random, loss, inputs, signal, settings):
    """Labels that are probabilities."""
    model = catboost.CatBoost(dict(settings, loss_function=loss, **QUIET))
    return fitted(model, inputs, 1 / (1 + numpy.exp(-3 * signal))), None


def labelled(random, loss, inputs, signal, settings):
    """Several labels, none of which excludes another."""
    targets = numpy.stack([signal > 0, signal > 0.5, signal**2 > 0.3], axis=1)
    targets = targets.astype(int) if loss == "MultiLogloss" else 0.1 + 0.8 * targets
    model = catboost.CatBoostClassifier(loss_function=loss, **settings, **QUIET)
    return fitted(model, inputs, targets), None


def ranked(random, loss, inputs, signal, settings):
    groups = numpy.sort(random.integers(0, max(2, len(signal) // 12), size=len(signal)))
    label = (signal > 0).astype(float) if "Cross" in loss or "Filter" in loss else numpy.clip(numpy.round(signal + 1), 0, 3)
    if loss.startswith("GroupQuantile"):
        label = signal
    pool = catboost.Pool(inputs, label / max(1, label.max()) if "LambdaMart" in loss or "Yeti" in loss else label, group_id=groups)
    return fitted(catboost.CatBoost(dict(settings, loss_function=loss, **QUIET)), pool), None


def categorical(random, loss, inputs, signal, settings):
    """Beside the numbers, columns of categories that are asked for one by one. CatBoost is told of them by their names."""
    frame = pandas.DataFrame(inputs, columns=["x" + str(index) for index in range(inputs.shape[1])])
    words = [["red", "green", "blue", "dark, red", "ünïcode", ""], [str(number) for number in range(int(draw(random, [2, 12, 40])))], ["yes", "no"]]
    if random.random() < 0.3:
        # All of them whole numbers: codes are numbers then.
        words = words[1:2] * 2
    for index, names in enumerate(words):
        codes = random.integers(len(names), size=len(frame))
        signal = signal + (codes % 3 == 0) * (0.5 + index)
        place = int(random.integers(len(frame.columns) + 1))
        frame.insert(place, "c" + str(index), numpy.array(names, dtype=object)[codes])
    features = [name for name in frame.columns if name.startswith("c")]
    settings = dict(settings, one_hot_max_size=255, loss_function=loss)
    label = signal if loss == "RMSE" else numpy.digitize(signal, numpy.quantile(signal, [0.3, 0.6]))
    pool = catboost.Pool(frame, label, cat_features=features)
    return fitted(catboost.CatBoost(dict(settings, **QUIET)), pool), pool


def kinds():
    """Every kind of model, by its words: what trains one, and the loss it is drawn parameters for."""
    for loss in known(BINARY):
        if loss == "CrossEntropy":
            yield "probabilities as labels", loss, lambda random, loss, *rest: probable(random, loss, *rest)
        else:
            yield "two classes", loss, lambda random, loss, *rest: classified(random, loss, 2, *rest)
    for loss in known(CLASSES):
        yield "classes", loss, lambda random, loss, *rest: classified(random, loss, int(draw(random, [2, 3, 4, 5, 7, 8, 20])), *rest)
    for loss in known(LABELS):
        yield "several labels", loss, labelled
    for loss in known(REGRESSION):
        target = REGRESSION[loss][1]
        yield "regression", loss, lambda random, loss, *rest, target=target: regression(random, loss, target, *rest)
    for loss in known(RANKING):
        yield "ranking", loss, ranked
    if VERSION >= (1, 0):
        yield "an objective of one's own", "custom", own_objective
    yield "categories", "RMSE", categorical
    yield "categories", "MultiClass", categorical
    yield "sum of models", "RMSE", summed
    if VERSION >= (0, 23):
        yield "scale and bias", "Logloss", scaled
    if VERSION >= (1, 0):
        yield "scale and biases", "MultiRMSE", scaled_several
        yield "margins far apart", "MultiClass", scaled_classes
    if VERSION >= (0, 24):
        yield "trained further", "RMSE", trained_further
    yield "constant data", "RMSE", constant
    yield "few trees of many", "RMSE", shrunk
    yield "columns that are ignored", "Logloss", ignoring


def own_objective(random, loss, inputs, signal, settings):
    settings = {key: value for key, value in settings.items() if key in ("depth", "learning_rate", "random_seed", "border_count")}
    model = catboost.CatBoostRegressor(loss_function=Custom(), eval_metric="RMSE", iterations=5, **settings, **QUIET)
    return fitted(model, inputs, signal), None


def summed(random, loss, inputs, signal, settings):
    # As the sum is of symmetric trees or of others.
    first = fitted(catboost.CatBoostRegressor(**settings, **QUIET), inputs, signal)
    other = dict(settings, random_seed=1, iterations=7)
    second = fitted(catboost.CatBoostRegressor(loss_function=draw(random, ["RMSE", "MAE"]), **other, **QUIET), inputs, -signal)
    return catboost.sum_models([first, second], weights=draw(random, [[1.0, 1.0], [0.3, 2.0], [0.5, 0.5]])), None


def scaled(random, loss, inputs, signal, settings):
    model, pool = classified(random, loss, 2, inputs, signal, settings)
    model.set_scale_and_bias(float(draw(random, [1.0, 0.1, -2.5, 1e-3])), float(draw(random, [0.0, 0.3, -7.7])))
    return model, pool


def scaled_several(random, loss, inputs, signal, settings):
    model, pool = regression(random, loss, "several", inputs, signal, settings)
    model.set_scale_and_bias(float(draw(random, [1.0, 0.1, -2.5])), [0.1, -7.7, 1e6])
    return model, pool


def scaled_classes(random, loss, inputs, signal, settings):
    """Powers of what is below the largest margin by more than floats reach."""
    count = int(draw(random, [3, 4, 5, 6, 9]))
    model, pool = classified(random, loss, count, inputs, signal, settings)
    model.set_scale_and_bias(float(draw(random, [100.0, 1000.0, 1e4])), [float(bias) for bias in random.normal(size=count)])
    return model, pool


def trained_further(random, loss, inputs, signal, settings):
    settings = dict(settings, boost_from_average=False, model_shrink_rate=0)
    first = fitted(catboost.CatBoostRegressor(**settings, **QUIET), inputs, signal)
    other = dict(settings, iterations=3, random_seed=5)
    return fitted(catboost.CatBoostRegressor(**other, **QUIET), inputs, signal, init_model=first), None


def constant(random, loss, inputs, signal, settings):
    inputs, signal = inputs.copy(), signal.copy()
    which = int(random.integers(3))
    if which == 1:
        settings = dict(settings, allow_const_label=True)
    if which < 2:
        inputs[:, 1:] = 1.5
    if which == 1:
        signal[:] = 0.7
    return fitted(catboost.CatBoostRegressor(**settings, **QUIET), inputs, signal), None


def shrunk(random, loss, inputs, signal, settings):
    settings = dict(settings, iterations=20)
    for key in ("grow_policy", "max_leaves", "min_data_in_leaf"):
        settings.pop(key, None)
    model = fitted(catboost.CatBoostRegressor(**settings, **QUIET), inputs, signal)
    model.shrink(ntree_end=12, ntree_start=int(draw(random, [0, 3])))
    return model, None


def ignoring(random, loss, inputs, signal, settings):
    inputs = numpy.concatenate([inputs, inputs[:, :1], inputs], axis=1)
    settings = dict(settings, ignored_features=sorted({int(random.integers(inputs.shape[1] - 1)) for _ in range(3)}))
    return classified(random, loss, 2, inputs, signal, settings)


def beside(borders):
    """Floats at, below and above; and in 64 bits what lies between them."""
    borders = numpy.asarray(borders, dtype=numpy.float32)
    with numpy.errstate(over="ignore"):
        near = [borders, numpy.nextafter(borders, numpy.float32(numpy.inf)), numpy.nextafter(borders, numpy.float32(-numpy.inf))]
        near = [values.astype(float) for values in near]
        near += [numpy.nextafter(near[0], numpy.inf), numpy.nextafter(near[0], -numpy.inf)]
    return numpy.concatenate(near)


EXTREMES = [0.0, -0.0, 1e-45, -1e-45, 1e-38, 1.0, -1.0, 3.4028234e38, -3.4028234e38, 3.4028234663852886e38, -3.4028234663852886e38, 1e30, -1e30]


def asked(random, inputs, features, count):
    """Rows to ask: those of the training, values at borders and beside them, extremes, and what is missing anywhere."""
    rows = inputs[random.integers(len(inputs), size=count)].copy()
    borders = {feature["flat_feature_index"]: feature.get("borders") or [] for feature in features.get("float_features") or []}
    for column in range(rows.shape[1]):
        pool = numpy.concatenate([beside(borders.get(column, [])), EXTREMES])
        pool = pool[numpy.abs(pool) <= 3.4028234663852886e38]
        changed = random.random(count) < 0.5
        rows[changed, column] = random.choice(pool, int(changed.sum()))
        # Where training knew nothing missing too.
        rows[random.random(count) < 0.04, column] = numpy.nan
    return rows


def codes_of(text):
    """The codes of all categories of a JSON file, by their names: whole numbers by size, others by their characters."""
    names = [entry["value"] for entry in text["features_info"].get("cat_features_hash") or []]
    if all(name.isdigit() and str(int(name)) == name and int(name) < 2**64 for name in names):
        names = sorted(names, key=int)
    else:
        names = sorted(names, key=lambda name: name.encode())
    return {name: code for code, name in enumerate(names)}


def answers_of(model, loss, rows, margins):
    """What a user gets of the model by default: probabilities of a classifier, of all others what `predict` gives."""
    name = (loss or "").split(":")[0]
    if name in ("Logloss", "CrossEntropy", "Focal"):
        answers = model.predict(rows, prediction_type="Probability", thread_count=1)[:, 1]
    elif name in ("MultiClass", "MultiClassOneVsAll", "MultiLogloss", "MultiCrossEntropy"):
        answers = model.predict(rows, prediction_type="Probability", thread_count=1)
    elif name in ("Poisson", "Tweedie"):
        answers = model.predict(rows, prediction_type="Exponent", thread_count=1)
    elif name == "RMSEWithUncertainty":
        answers = model.predict(rows, prediction_type="RMSEWithUncertainty", thread_count=1)
    else:
        answers = margins
    return numpy.asarray(answers, dtype=float).reshape(len(margins), -1)


def decimals(text):
    """All leaf values of a JSON file, in its order; Python reads each decimal as the nearest number."""
    def of_node(node):
        if "value" in node:
            return numpy.ravel(node["value"]).tolist()
        return of_node(node["left"]) + of_node(node["right"])

    if "oblivious_trees" in text:
        trees = [tree["leaf_values"] for tree in text["oblivious_trees"] or []]
    else:
        trees = [of_node(tree) for tree in text["trees"] or []]
    return [value for tree in trees for value in tree]


def roots_of(text):
    """The trees of a JSON file, those too in which all nodes of a level ask the same, as nodes with children."""
    if "trees" in text:
        return text["trees"] or []

    def of_level(tree, level, leaf):
        if level < 0:
            width = len(tree["leaf_values"]) >> len(tree["splits"])
            weights = tree.get("leaf_weights")
            return {"value": tree["leaf_values"][leaf * width :][:width], "weight": weights[leaf] if weights else 0}
        # The first question decides the lowest bit of a leaf's index, and is asked last.
        left, right = (of_level(tree, level - 1, leaf | side << level) for side in (0, 1))
        return {"split": tree["splits"][level], "left": left, "right": right}

    trees = [dict(tree, splits=tree.get("splits") or []) for tree in text["oblivious_trees"] or []]
    return [of_level(tree, len(tree["splits"]) - 1, 0) for tree in trees]


def leaves_of(node):
    return [node] if "value" in node else leaves_of(node["left"]) + leaves_of(node["right"])


def defined(text, roots, rows):
    """Contributions by their definition; none of large models, and of those that ask for categories."""
    treatments = {"AsIs": 1, "AsFalse": 1, "AsTrue": 0}
    features = [(feature["flat_feature_index"], treatments[feature["nan_value_treatment"]]) for feature in text["features_info"]["float_features"]]
    scale, biases = text["scale_and_bias"]
    trees = []
    for root in roots:
        left, right, feature, threshold, missing, cover, values = [], [], [], [], [], [], []

        def add(node):
            place = len(left)
            for column in (left, right, feature, threshold, missing, cover, values):
                column.append(0)
            if "value" in node:
                left[place], cover[place], values[place] = -1, node["weight"], scale * numpy.ravel(node["value"])
                return place
            feature[place], missing[place] = features[node["split"]["float_feature_index"]]
            threshold[place] = node["split"]["border"]
            left[place], right[place] = add(node["left"]), add(node["right"])
            cover[place] = cover[left[place]] + cover[right[place]]
            values[place] = numpy.zeros(len(biases))
            return place

        add(root)
        trees.append(by_definition.Tree(left, right, feature, threshold, missing, numpy.array(cover, dtype=float), numpy.array(values), False))
    return by_definition.of_trees(trees, numpy.array(biases, dtype=float), rows)


def contributions_of(model, text, frame, features, margins, facts):
    """CatBoost's own contributions; or those by definition, where CatBoost's own are of another one. None where there are none to give."""
    roots = roots_of(text)
    weights = numpy.array([leaf["weight"] for root in roots for leaf in leaves_of(root)], dtype=float)
    if not weights.any():
        # CatBoost would count the rows that are asked.
        return None
    facts["exact_covers"] = bool((weights == weights.astype(numpy.float32)).all())
    part = frame.iloc[:EXPLAINED] if isinstance(frame, pandas.DataFrame) else frame[:EXPLAINED]
    try:
        pool = catboost.Pool(part, cat_features=features)
        contributions = model.get_feature_importance(data=pool, type="ShapValues", thread_count=1)
    except catboost.CatBoostError as error:
        print("not explained, {} {}: {}".format(facts["objective"], facts["kind"], error), file=sys.stderr)
        return None
    contributions = numpy.asarray(contributions).reshape(len(part), -1, part.shape[1] + 1)
    explained = contributions.shape[1]
    lacking = numpy.abs(contributions.sum(axis=2) - margins[:EXPLAINED, :explained])
    lacking = (lacking / numpy.maximum(numpy.abs(contributions).sum(axis=2), 1e-300)).max()
    # Of a mean and its variance the mean alone is explained.
    none = numpy.full((len(part), margins.shape[1] - explained, part.shape[1] + 1), numpy.nan)
    contributions = numpy.concatenate([contributions, none], axis=1)
    if text["scale_and_bias"][0] != 1:
        # Of one output CatBoost refuses to explain such a model, of several it leaves out the scale.
        facts["explained"] = "by definition: scale"
    elif lacking > 1e-11 and "trees" in text:
        # A step of which one child is a leaf has that leaf with it, and CatBoost adds the leaf's share before it has counted the step's own
        # question: such contributions do not make the raw score.
        facts["explained"] = "by definition: steps that have a leaf with them"
    elif lacking > 1e-11:
        # Of features that come again on a path it divides by what it has multiplied with before, and loses digits: of one column asked
        # eight times on a path a twentieth of the whole was seen.
        facts["explained"] = "by definition: digits that are lost"
    else:
        return contributions
    return defined(text, roots, part) if features is None else None


def labels_of(model, frame):
    """The class of each of the first rows, in words."""
    part = frame.iloc[:LABELLED] if isinstance(frame, pandas.DataFrame) else frame[:LABELLED]
    return [str(label) for label in numpy.ravel(model.predict(part, prediction_type="Class", thread_count=1)).tolist()]


def write(output, name, saved, facts, rows, margins, answers, contributions, labels):
    facts = dict(facts, model=name + ".model", rows=len(rows), features=rows.shape[1], outputs=margins.shape[1], answers=answers.shape[1])
    (output / (name + ".model")).write_bytes(saved)
    for ending, numbers in (("rows", rows), ("margins", margins), ("answers", answers), ("contributions", contributions)):
        if numbers is None:
            continue
        (output / (name + "." + ending)).write_bytes(numpy.ascontiguousarray(numbers, dtype="<f8").tobytes())
    (output / (name + ".json")).write_text(json.dumps(facts, indent=1) + "\n")
    if labels:
        (output / (name + ".labels")).write_text(json.dumps(labels), encoding="utf-8")


def one(output, name, words, loss, trains, random, most_rows):
    inputs, signal, columns = training_data(random, int(draw(random, [60, 300, 1500])))
    settings = parameters(random, loss)
    if loss == "custom":
        loss = None
    given = with_pandas(random, inputs)
    if settings.get("nan_mode") is None and not numpy.isnan(inputs).any() and random.random() < 0.3:
        settings["nan_mode"] = "Forbidden"
    if words in ("columns that are ignored", "constant data", "categories"):
        given = inputs
    model, pool = trains(random, loss, given, signal, settings)
    if pool is None and words not in ("columns that are ignored", "constant data") and random.random() < 0.5:
        pool = catboost.Pool(given)
    if words == "sum of models":
        stored = model.get_metadata() if hasattr(model, "get_metadata") else {}
        loss = json.loads(stored["loss_function"])["type"] if "loss_function" in stored else None
    if words in ("columns that are ignored", "constant data"):
        # Their trainers have changed the inputs; the columns are as many as the model has.
        inputs = numpy.resize(inputs, (len(inputs), len(model.feature_names_)))
    cbm, text = output / "saving.cbm", output / "saving.json"
    model.save_model(str(cbm))
    model.save_model(str(text), format="json", pool=pool)
    written = json.loads(text.read_text(encoding="utf-8"))
    count = int(draw(random, [most_rows // 3, most_rows + 1]))
    loaded = catboost.CatBoost().load_model(str(cbm))
    if words == "categories":
        rows, frame = with_categories(random, pool, written, count)
    else:
        rows = asked(random, inputs, written["features_info"], count)
        frame = rows
    margins = loaded.predict(frame, prediction_type="RawFormulaVal", thread_count=1)
    margins = numpy.asarray(margins, dtype=float).reshape(count, -1)
    # As the class that all are of: before 0.24 a regressor's own knows no types.
    trained = catboost.CatBoost.predict(model, frame, prediction_type="RawFormulaVal", thread_count=1)
    trained = numpy.asarray(trained, dtype=float).reshape(count, -1)
    assert margins.tobytes() == trained.tobytes(), name + ": the file answers otherwise than the model"
    answers = answers_of(loaded, loss, frame, margins)
    classes = [str(label) for label in getattr(loaded, "classes_", [])]
    classifies = (loss or "").split(":")[0] in ("Logloss", "CrossEntropy", "Focal", "MultiClass", "MultiClassOneVsAll")
    facts = {
        "trainer": "CatBoost",
        "version": catboost.__version__,
        "objective": loss or "none",
        "kind": words,
        "settings": settings,
        "columns": columns,
        "precision": "f64",
        "exact_answers": True,
        "classes": classes if classifies and classes else None,
    }
    features = [name for name in frame.columns if str(name).startswith("c")] if words == "categories" else None
    contributions = contributions_of(loaded, written, frame, features, margins, facts)
    labels = labels_of(loaded, frame) if facts["classes"] and "several labels" not in words else None
    if words != "categories":
        write(output, name, cbm.read_bytes(), dict(facts, format="cbm"), rows, margins, answers, contributions, labels)
    values = numpy.asarray(decimals(written))
    trained = numpy.ravel(model.get_leaf_values())
    if len(values) == len(trained) and numpy.sort(values).tobytes() == numpy.sort(trained).tobytes():
        write(output, name + "-json", text.read_bytes(), dict(facts, format="json"), rows, margins, answers, contributions, labels)
    else:
        print(name, "the JSON's leaf values are not the model's", file=sys.stderr)
    cbm.unlink()
    text.unlink()


def with_categories(random, pool, text, count):
    """Rows of codes, and the same rows of names as CatBoost takes them."""
    codes = codes_of(text)
    info = text["features_info"]
    columns = len(info["float_features"]) + len(info["categorical_features"])
    rows = numpy.full((count, columns), numpy.nan)
    frame = {}
    for feature in info["float_features"]:
        flat = feature["flat_feature_index"]
        values = asked(random, numpy.array([[0.5], [numpy.nan]]), {"float_features": [dict(feature, flat_feature_index=0)]}, count)[:, 0]
        rows[:, flat] = values
        frame[flat] = values
    names = sorted(codes, key=codes.get) + ["a category that is not known"]
    for feature in info["categorical_features"]:
        drawn = random.integers(len(names), size=count)
        rows[:, feature["flat_feature_index"]] = drawn
        frame[feature["flat_feature_index"]] = numpy.array(names, dtype=object)[drawn]
    frame = pandas.DataFrame({name: frame[flat] for flat, name in enumerate(pool.get_feature_names())})
    return rows, frame


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--models", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=400, help="rows that each model is asked, at most")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    every = list(kinds())
    lost = 0
    for index in range(options.models):
        # In a process of its own: for some rows 0.26 crashes.
        child = os.fork()
        if child == 0:
            os._exit(made(options, index, *every[index % len(every)]))
        status = os.waitpid(child, 0)[1]
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            sys.exit(1)
        lost += status != 0
    print("CatBoost {}: {} models, of which {} crashed it".format(catboost.__version__, options.models, lost))
    if lost > 2 + options.models // 10:
        sys.exit("too many")


def made(options, index, words, loss, trains):
    """Trains one model and writes its cases; 0, or 1 if something is wrong with them."""
    random = numpy.random.default_rng([options.seed, index])
    name = "catboost-{}-{}-{}".format(catboost.__version__, options.seed, index)
    try:
        one(options.output, name, words, loss, trains, random, options.rows)
    except catboost.CatBoostError as error:
        # Of some drawn parameters it refuses to train, and of a few it cannot read its own file.
        print("{}: {}, {}: {}".format(name, words, loss, error), file=sys.stderr, flush=True)
    except Exception:
        traceback.print_exc()
        return 1
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
