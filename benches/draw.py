"""Rows as people have them, and an outcome that leans on them."""

import numpy
from shapes import AMOUNT


def measurement(random, base):
    return numpy.round(base, 2)


def amount(random, base):
    """Money: skewed, in cents."""
    return numpy.round(numpy.exp(1.2 * base + 4), 2)


def count(random, base):
    return random.poisson(numpy.exp(0.6 * base + 0.5)).astype(float)


def exact(random, base):
    return base


def mostly_nothing(random, base):
    """Zero in four rows of five."""
    return numpy.where(base > 0.84, numpy.round(numpy.exp(base) * 10), 0.0)


def grade(random, base):
    return numpy.clip(numpy.round(base + 3), 1, 5)


def years(random, base):
    return numpy.clip(numpy.round(45 + 16 * base), 18, 99)


def yes_or_no(random, base):
    return (base > 0.5).astype(float)


KINDS = [measurement, amount, count, exact, mostly_nothing, years, grade, amount, measurement, yes_or_no]
# A column in twenty is the same in every row, as in any table that was joined of others.
CONSTANT_EVERY = 20
# The share of values that is missing, by column: most have nearly all, some have two thirds.
MISSING = [0.0, 0.02, 0.0, 0.08, 0.33]


def draw_inputs(random, rows, features, categories):
    """The first columns are categories; of the rest each is of one kind, and leans on its neighbour."""
    base = random.normal(size=(rows, features))
    base[:, 1:] = 0.9 * base[:, 1:] + 0.45 * base[:, :-1]
    inputs = numpy.empty((rows, features), dtype=numpy.float32)
    for index, column in enumerate(base.T):
        if index < categories:
            # From 8 to 184 of them, a few common and most rare.
            inputs[:, index] = numpy.minimum(numpy.exp(column + 1.2), 7 + 16 * index)
            inputs[:, index] = numpy.floor(inputs[:, index])
        elif index % CONSTANT_EVERY == CONSTANT_EVERY - 1:
            inputs[:, index] = 1.0
        else:
            inputs[:, index] = KINDS[index % len(KINDS)](random, column)
    return base, inputs


def draw_scores(random, base, outputs):
    """Waves and products of the columns, so that no depth of tree is enough."""
    rows, features = base.shape
    scores = numpy.zeros((rows, outputs))
    for column in scores.T:
        for _ in range(12):
            first, second = random.integers(features, size=2)
            column += random.normal() * numpy.sin(2 * base[:, first] + random.normal()) * (1 + base[:, second])
    return scores / scores.std(axis=0)


def draw(random, shape):
    """Rows to train with and rows to measure, and what came of them."""
    base, inputs = draw_inputs(random, shape.training_rows + shape.rows, shape.features, shape.categories)
    scores = draw_scores(random, base, shape.outputs)
    if shape.objective == AMOUNT:
        outcome = numpy.exp(scores + random.normal(scale=0.5, size=scores.shape))
        outcome = outcome if shape.outputs > 1 else outcome[:, 0]
    elif shape.outputs == 1:
        outcome = (scores[:, 0] + random.logistic(scale=0.4, size=len(inputs)) > 0.3).astype(int)
    else:
        outcome = (2 * scores + random.gumbel(size=scores.shape)).argmax(axis=1)
    for index, column in enumerate(inputs.T):
        column[random.random(len(column)) < MISSING[index % len(MISSING)]] = numpy.nan
    return inputs, outcome
