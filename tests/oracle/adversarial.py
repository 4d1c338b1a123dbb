"""Rows that sit where a comparison can go wrong: on a model's thresholds and one step either side, at both zeros, at the
ends of float32, and missing."""

import json

import numpy

EXTREMES = numpy.array(
    [0.0, -0.0, 1e-45, -1e-45, 1.1754944e-38, 1e-30, -1e30, 1e30, 3.4028235e38, -3.4028235e38, 1.0, -1.0, numpy.nan],
    dtype=numpy.float32,
)


def thresholds(booster):
    """For each feature, the thresholds that any tree compares it with."""
    return thresholds_of(json.loads(booster.save_raw("json")))


def thresholds_of(model):
    """As `thresholds`, of a model as its JSON file has it."""
    learner = model["learner"]
    found = [[] for _ in range(int(learner["learner_model_param"]["num_feature"]))]
    trees = learner["gradient_booster"]
    # A dart booster keeps its trees in one of its own.
    for tree in trees.get("gbtree", trees)["model"]["trees"]:
        # The oldest files know no categories.
        categories = tree.get("split_type", [0] * len(tree["left_children"]))
        splits = zip(tree["left_children"], tree["split_indices"], tree["split_conditions"], categories)
        for left, feature, threshold, categorical in splits:
            if left != -1 and not categorical:
                found[feature].append(threshold)
    return [numpy.unique(numpy.array(values, dtype=numpy.float32)) for values in found]


def beside(values):
    """Values of float32, and the next ones above and below."""
    values = numpy.asarray(values, dtype=numpy.float32)
    infinity = numpy.float32(numpy.inf)
    return numpy.concatenate([values, numpy.nextafter(values, infinity), numpy.nextafter(values, -infinity)])


def rows(booster, count, random, missing_share=0.1):
    """`count` rows of float32, each value drawn from its feature's thresholds, their neighbours and the extremes."""
    columns = []
    for cuts in thresholds(booster):
        pool = numpy.concatenate([beside(cuts), EXTREMES])
        pool = pool[~numpy.isinf(pool)]
        column = random.choice(pool, count)
        column[random.random(count) < missing_share] = numpy.nan
        columns.append(column)
    return numpy.stack(columns, axis=1)
