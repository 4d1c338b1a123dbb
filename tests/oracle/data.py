"""Training data as people have them: each kind of column by its name, and scikit-learn's bundled data sets."""

import numpy

# scikit-learn's data sets that ship with the package: nothing is downloaded.
BUNDLED = ("iris", "wine", "breast_cancer", "diabetes", "digits", "linnerud")


def _random_normals(random, rows):
    """What the oracle asked before all else: normal floats, few whole numbers, any power of ten, one number."""
    kind = random.integers(5)
    if kind == 1:
        return random.integers(-3, 4, size=rows).astype(float)
    if kind == 2:
        return random.normal(size=rows) * 10.0 ** random.integers(-30, 30)
    if kind == 3:
        return numpy.full(rows, 1.5)
    return random.normal(size=rows)


def _two_decimals(random, rows):
    # Body heights, blood values, sensors: an instrument's two decimals.
    return numpy.round(random.normal(random.choice([0, 20, 170]), random.choice([0.3, 5, 60]), size=rows), 2)


def _ties(random, rows):
    # Ages, counts, scores: thousands of rows, a few dozen numbers.
    return random.integers(0, random.choice([4, 30, 120, 4000]), size=rows).astype(float)


def _money(random, rows):
    return numpy.round(numpy.exp(random.normal(4, 2, size=rows)), 2)


def _timestamps(random, rows):
    # Whole seconds: float32 keeps every 128th of them.
    return 1.7e9 + random.integers(0, random.choice([3_000, 100_000, 30_000_000]), size=rows)


def _zero_one(random, rows):
    return (random.random(rows) < random.choice([0.01, 0.3, 0.5])).astype(float)


def _constant(random, rows):
    return numpy.full(rows, random.choice([0.0, 1.0, -999.0, 1e-6, 0.1]))


def _heavy_tails(random, rows):
    values = random.standard_cauchy(rows) if random.random() < 0.5 else random.pareto(0.7, size=rows)
    return numpy.clip(values, -1e30, 1e30)


def _near_1e_6(random, rows):
    return random.normal(random.choice([0, 1]), 0.3, size=rows) * 1e-6


def _near_1e12(random, rows):
    return 1e12 * (1 + random.normal(0, random.choice([1e-6, 0.1]), size=rows))


def _sentinels(random, rows):
    # -999 as XGBoost sees it where nobody said that it means missing: a number.
    values = _two_decimals(random, rows)
    values[random.random(rows) < 0.15] = -999
    return values


COLUMNS = {
    "random normals": _random_normals,
    "two decimals": _two_decimals,
    "whole numbers": _ties,
    "money": _money,
    "timestamps": _timestamps,
    "zero and one": _zero_one,
    "constants": _constant,
    "heavy tails": _heavy_tails,
    "near 1e-6": _near_1e_6,
    "near 1e12": _near_1e12,
    "sentinels": _sentinels,
}


def _neighbours(start, count, step):
    """Floats `step` representable numbers apart, upwards from `start`."""
    first = int(numpy.float32(start).view(numpy.int32))
    return (first + step * numpy.arange(count)).astype(numpy.int32).view(numpy.float32).astype(float)


def _levels(random, count, crowded):
    """`count` distinct values: spread evenly or anyhow, or crowded at one end, within a hair of each other."""
    if not crowded:
        shape = random.integers(4)
        if shape == 0:
            return numpy.arange(count).astype(float)
        if shape == 1:
            return numpy.arange(count) * 0.01 + 1
        if shape == 2:
            return numpy.sort(random.normal(size=count))
        return numpy.sort(numpy.exp(random.normal(0, 4, size=count)))
    close = int(random.choice([3, 5, 12, 40, min(200, count - 10)]))
    step = int(random.choice([2, 3, 100, 10_000]))
    levels = numpy.concatenate([numpy.arange(count - close), _neighbours(count - close, close, step)])
    # At the upper end, or at the lower one.
    return levels if random.random() < 0.5 else -levels[::-1]


def _few_levels(random, rows, count, crowded):
    levels = _levels(random, count, crowded)
    # All of them come up, each as often as the others, so that none is without a cut beside it for want of rows.
    return levels[random.permutation(numpy.arange(rows) % count)]


def _full_columns(random, rows, columns):
    """What gives some feature 250 to 256 cuts, as a code of one byte cannot or only just can hold."""
    count = int(random.integers(252, 259))
    crowded = random.random() < 0.5
    return [_few_levels(random, rows, count, crowded) for _ in range(columns)]


def _thousands_of_cuts(random, rows, columns):
    names = ("random normals", "money", "timestamps", "near 1e12", "heavy tails")
    return [COLUMNS[names[random.integers(len(names))]](random, rows) for _ in range(columns)]


def _crowded_cuts(random, rows, columns):
    return [_few_levels(random, rows, int(random.choice([20, 90, 250, 700])), True) for _ in range(columns)]


def _mixture(random, rows, columns):
    names = list(COLUMNS)
    return [COLUMNS[names[random.integers(len(names))]](random, rows) for _ in range(columns)]


# Kinds whose columns are few and whose trees are many or deep: they are about cuts.
OF_CUTS = {
    "full columns": _full_columns,
    "thousands of cuts": _thousands_of_cuts,
    "crowded cuts": _crowded_cuts,
}
KINDS = list(COLUMNS) + ["mixture"] + list(OF_CUTS) + list(BUNDLED)
OLD_KIND = "random normals"


def bundled(name):
    """A bundled data set: its inputs, and one number for each row."""
    from sklearn import datasets

    data = getattr(datasets, "load_" + name)()
    target = numpy.asarray(data.target, dtype=float)
    return numpy.asarray(data.data, dtype=float), target if target.ndim == 1 else target[:, 0]


def columns_of(random, kind, rows, columns):
    """The columns of a kind that is no bundled data set."""
    if kind in OF_CUTS:
        made = OF_CUTS[kind](random, rows, columns)
    elif kind == "mixture":
        made = _mixture(random, rows, columns)
    else:
        made = [COLUMNS[kind](random, rows) for _ in range(columns)]
    return numpy.stack(made, axis=1)


def ranks(values):
    """From 0 to 1 by order: what a column tells, whatever its scale."""
    return numpy.argsort(numpy.argsort(values, kind="stable"), kind="stable") / max(1, len(values) - 1)


def signal_of(random, inputs, target=None):
    """What the labels are made of: about -2 to 3, hanging together with the columns, and noise."""
    if target is not None:
        return (target - target.mean()) / (target.std() + 1e-9) * 1.5 + random.normal(0, 0.5, size=len(target))
    first, last = ranks(inputs[:, 0]), ranks(inputs[:, -1])
    return numpy.sign(first - 0.5) + (last * 5 % 3 > 1) + random.normal(size=len(inputs))


def signal_of_levels(random, inputs):
    """As `signal_of`, but every value of the first column has an effect of its own: between any two a cut is worth it."""
    levels, places = numpy.unique(inputs[:, 0], return_inverse=True)
    return random.normal(0, 0.7, size=len(levels))[places.ravel()] + random.normal(0, 0.7, size=len(inputs))


def inputs_of(random, kind):
    """The training inputs (float32), the signal, and for each column its number of categories, 0 for none."""
    if kind.data in BUNDLED:
        inputs, target = bundled(kind.data)
        # As many as are wanted, some more than once.
        chosen = random.permutation(len(inputs))[: kind.rows]
        inputs, target = inputs[chosen], target[chosen]
    else:
        inputs, target = columns_of(random, kind.data, kind.rows, kind.columns), None
    kind.rows, kind.columns = inputs.shape
    signal = signal_of_levels(random, inputs) if kind.data in OF_CUTS else signal_of(random, inputs, target)
    categories = numpy.zeros(kind.columns, dtype=int)
    if kind.categorical:
        categories[1::2] = random.choice([2, 3, 9, 60], size=len(categories[1::2]))
        for column in numpy.flatnonzero(categories):
            inputs[:, column] = random.integers(categories[column], size=kind.rows)
            # A file names every category that the column has: have them all.
            count = min(categories[column], kind.rows)
            inputs[:count, column] = numpy.arange(categories[column])[:count]
    inputs = inputs.astype(numpy.float32)
    hidden = random.random(inputs.shape) < kind.missing
    hidden[:60, categories > 0] = False
    inputs[hidden] = kind.missing_value
    return inputs, signal, categories


def labels_of(random, kind, signal):
    """The label, and what else the training matrix needs."""
    amount = numpy.exp(signal / 2).astype(numpy.float32)
    name = kind.objective
    if name.startswith("multi:"):
        label = numpy.digitize(signal, numpy.quantile(signal, numpy.linspace(0, 1, kind.classes + 1)[1:-1]))
        label[: kind.classes] = numpy.arange(kind.classes)[: len(label)]
        return {"label": label}
    if name.startswith("rank:"):
        sizes = numpy.full(max(1, kind.rows // 10), 10)
        sizes[-1] += kind.rows - sizes.sum()
        high = 2 if name == "rank:map" else 4
        return {"label": numpy.clip(numpy.round(signal + 1), 0, high - 1), "group": sizes}
    if name == "survival:aft":
        upper = numpy.where(random.random(kind.rows) < 0.3, numpy.inf, amount)
        return {"label_lower_bound": amount, "label_upper_bound": upper}
    if name == "survival:cox":
        return {"label": numpy.where(random.random(kind.rows) < 0.3, -amount, amount)}
    if name == "count:poisson":
        label = random.poisson(amount)
    elif name in ("reg:gamma", "reg:tweedie", "reg:squaredlogerror"):
        label = amount
    elif name.startswith("binary:") or name == "reg:logistic":
        label = (signal > 0.3).astype(int)
        label[:2] = [0, 1]
    else:
        label = signal * 5 + 3
    if kind.targets > 1:
        label = numpy.stack([numpy.roll(label, shift) for shift in range(kind.targets)], axis=1)
    return {"label": label}
