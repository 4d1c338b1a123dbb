"""The rows that a model is asked: its training rows, as they are and as people write them down, and values that sit where
a comparison, or the search among many cuts, can go wrong."""

import adversarial
import numpy

# How many buckets the cuts of a column are spread over: kernels/src/buckets.rs.
BUCKETS = 1022


def ordered(values):
    """Floats as whole numbers in the same order."""
    bits = numpy.asarray(values, dtype=numpy.float32).view(numpy.int32).astype(numpy.int64)
    return numpy.where(bits < 0, -(bits & 0x7FFFFFFF), bits)


def unordered(numbers):
    numbers = numpy.asarray(numbers).astype(numpy.int64)
    magnitudes = numpy.abs(numbers).astype(numpy.uint32)
    return numpy.where(numbers < 0, magnitudes | numpy.uint32(0x80000000), magnitudes).astype(numpy.uint32).view(numpy.float32)


def bucket_edges(cuts):
    """Where one bucket ends and the next begins: halfway between whole numbers of a linear scale between about the third
    lowest and the third highest cut, of the values and of their ordered bits."""
    if len(cuts) < 2:
        return numpy.array([], dtype=numpy.float32)
    spare = min(len(cuts) - 1, 4) // 2
    places = (numpy.arange(BUCKETS + 1) + 0.5) / BUCKETS
    low, high = float(cuts[spare]), float(cuts[-1 - spare])
    linear = low + places * (high - low)
    low, high = ordered(cuts[[spare, -1 - spare]])
    return numpy.concatenate([linear.astype(numpy.float32), unordered(numpy.round(low + places * (high - low)))])


def pool_of(cuts):
    """Every value worth asking of a feature with these cuts."""
    middles = (cuts[1:].astype(float) + cuts[:-1].astype(float)) / 2
    # At most 10^36, or rounding to decimals overflows.
    rounded = numpy.round(numpy.clip(cuts.astype(float), -1e36, 1e36), 2)
    pool = [adversarial.beside(cuts), middles, rounded, adversarial.beside(bucket_edges(cuts)), adversarial.EXTREMES]
    pool = numpy.concatenate([numpy.asarray(values, dtype=numpy.float32) for values in pool])
    # Infinite values XGBoost refuses.
    return pool[~numpy.isinf(pool)]


def cycled(random, pool, count):
    """Each of the pool's values in turn, in any order, until there are `count`."""
    column = numpy.resize(random.permutation(pool), count)
    return random.permutation(column) if count > len(pool) else column


def ask(random, model, kind, inputs, categories, count):
    """`count` rows: float64 as the trainer is given them. Rounded to float32 they are what Wardian is given."""
    pools = [pool_of(cuts) for cuts in adversarial.thresholds_of(model)]
    # More of those where the pools are large: each cut of thousands is to be asked.
    first, second = count * 2 // 5, count // 5
    rows = numpy.stack([cycled(random, pool, first) for pool in pools], axis=1)
    missing_share = float(random.choice([0.0, 0.1, 0.7])) if not kind.of_cuts else 0.01
    rows[random.random(rows.shape) < missing_share] = numpy.nan
    # Training rows in which one feature is another value.
    changed = inputs[random.integers(len(inputs), size=second)]
    for row, column in enumerate(random.integers(kind.columns, size=second)):
        changed[row, column] = pools[column][random.integers(len(pools[column]))]
    known = inputs[random.integers(len(inputs), size=count - first - second)]
    # As written down by hand: a training row with two decimals.
    third = len(known) // 3
    plain = categories == 0
    known[:third, plain] = numpy.round(known[:third, plain].astype(float), 2)
    rows = numpy.concatenate([rows, changed, known])
    for column in numpy.flatnonzero(categories):
        # In a set, beside it, beyond every category, negative, and with a fraction.
        values = numpy.concatenate([numpy.arange(categories[column] + 2), [-1, -0.0, 0.5, 1.99, 2.0**24, 2.0**24 + 2, 1e30]])
        rows[:first, column] = random.choice(values.astype(numpy.float32), first)
        rows[:first, column][random.random(first) < 0.1] = numpy.nan
    if not numpy.isnan(kind.missing_value):
        # Whoever says what is missing writes that.
        rows[numpy.isnan(rows)] = kind.missing_value
    return finer(random, rows, kind.missing_value) if random.random() < 0.5 else rows.astype(float)


def finer(random, rows, missing_value):
    """float64 values that round to these in float32: up to just below half a step away."""
    given = rows.astype(float)
    with numpy.errstate(over="ignore", invalid="ignore"):
        step = numpy.nextafter(rows, numpy.float32(numpy.inf)).astype(float) - given
        moved = given + step * random.choice([0.0, 0.3, -0.2, 0.499], size=rows.shape)
    # What does not round back (below a power of two, where the step is half as long; at the ends) stays as it is.
    with numpy.errstate(over="ignore", invalid="ignore"):
        keeps = (moved.astype(numpy.float32) == rows) & (rows != missing_value)
    return numpy.where(keeps, moved, given)
