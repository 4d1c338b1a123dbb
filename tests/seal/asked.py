"""Rows that look where a model looks: at its thresholds, beside them, between them; whole numbers, zeros, what is missing."""

import numpy
import pandas

ROWS = 120


class Feature:
    """What a model says of one of its features: `cuts` it is compared with, or the `codes` or `words` of its categories."""

    def __init__(self, name, cuts=(), codes=None, words=None, single=False):
        self.name = name
        self.cuts = numpy.unique(numpy.asarray(list(cuts), dtype=numpy.float64))
        self.codes = codes
        self.words = words
        # Whether the trainer takes values for floats of 32 bits: what lies beside a threshold is one of these.
        self.single = single

    def beside(self, cut, random):
        number = numpy.float32 if self.single else numpy.float64
        return float(numpy.nextafter(number(cut), number(random.choice([-numpy.inf, numpy.inf]))))

    def drawn(self, random):
        if self.words:
            return str(random.choice(self.words))
        if self.codes:
            # Every eleventh or so was never seen.
            return float(random.choice([*self.codes, max(self.codes) + 1]))
        if self.cuts.size == 0:
            return float(random.integers(0, 5))
        low, high = self.cuts[0], self.cuts[-1]
        # A single threshold, or none but equal ones: as far around it as it is from zero.
        margin = 0.15 * (high - low) or abs(low) or 1.0
        cut = float(random.choice(self.cuts))
        within = random.uniform(low - margin, high + margin)
        way = random.random()
        if way < 0.25:
            return cut
        if way < 0.35:
            return self.beside(cut, random)
        if way < 0.5:
            return float(numpy.round(within))
        if way < 0.55:
            return 0.0
        # Three digits, as people write numbers.
        return float(f"{within:.3g}")


def rows_of(features, random, missing):
    """A frame of rows for these features; a share of `missing` values, and with any a row that has nothing else."""
    columns = {}
    for feature in features:
        values = [feature.drawn(random) for _ in range(ROWS)]
        gone = random.random(ROWS) < missing
        gone[-1] = missing > 0
        if feature.words:
            texts = [None if absent else value for value, absent in zip(values, gone)]
            columns[feature.name] = pandas.Categorical(texts, feature.words)
        else:
            columns[feature.name] = numpy.where(gone, numpy.nan, values)
    return pandas.DataFrame(columns)
