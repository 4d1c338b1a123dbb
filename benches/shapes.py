"""The models of the benchmark: one table for all who train, convert, measure and report."""

import dataclasses

BINARY, CLASSES, AMOUNT = "binary:logistic", "multi:softprob", "reg:squarederror"


@dataclasses.dataclass(frozen=True)
class Shape:
    title: str
    features: int
    rounds: int
    # How deep trees may be, 0 for as deep as they like.
    depth: int = 0
    # How many leaves a tree may have that grows leaf by leaf, 0 for trees that grow level by level.
    leaves: int = 0
    objective: str = BINARY
    outputs: int = 1
    # One tree for all outputs, with a vector in each leaf.
    vectors: bool = False
    # How many trees a round has: more than one is a random forest.
    parallel: int = 1
    # How many columns are categories.
    categories: int = 0
    learning_rate: float = 0.1
    training_rows: int = 20_000
    # A number that a 64-row or 16-row block does not divide.
    rows: int = 20_001
    # Whether daily use measures it, whether contributions are measured too, and the curve that it is a point of.
    quick: bool = False
    explained: bool = False
    curve: str = ""

    @property
    def trees(self):
        return self.rounds * self.parallel * (1 if self.vectors else self.outputs)


SHAPES = {
    "d3": Shape("100 × depth 3, 8 features", 8, 100, depth=3, quick=True, explained=True),
    "stumps": Shape("1,000 × depth 1, 20 features", 20, 1000, depth=1),
    "d4": Shape("400 × depth 4, 20 features, an amount", 20, 400, depth=4, objective=AMOUNT),
    "d6": Shape("500 × depth 6, 28 features", 28, 500, depth=6, training_rows=50_000, quick=True, explained=True),
    "multi": Shape(
        "2,600 × depth 6, 16 features, 26 classes", 16, 100, depth=6, objective=CLASSES, outputs=26, training_rows=40_000, quick=True
    ),
    "d8": Shape("2,000 × depth 8, 28 features", 28, 2000, depth=8, training_rows=50_000, learning_rate=0.03, quick=True),
    "w100": Shape("500 × depth 6, 100 features", 100, 500, depth=6, quick=True),
    "w300": Shape("300 × depth 6, 300 features, an amount", 300, 300, depth=6, objective=AMOUNT, rows=10_001),
    "w1000": Shape("200 × depth 6, 1,000 features", 1000, 200, depth=6, training_rows=10_000, rows=5001, quick=True),
    "l31": Shape("1,000 × 31 leaves, 50 features", 50, 1000, leaves=31, quick=True),
    "l63": Shape("500 × 63 leaves, 50 features", 50, 500, leaves=63),
    "l255": Shape("200 × 255 leaves, 50 features", 50, 200, leaves=255),
    "l1023": Shape("50 × 1,023 leaves, 50 features", 50, 50, leaves=1023),
    "d12": Shape("150 × depth 12, 30 features", 30, 150, depth=12),
    "d16": Shape("50 × depth 16, 30 features", 30, 50, depth=16),
    "sets": Shape("300 × depth 6, 24 features, 12 of them categories", 24, 300, depth=6, categories=12),
    "vectors": Shape("200 × depth 6, 20 features, leaves of 8 amounts", 20, 200, depth=6, objective=AMOUNT, outputs=8, vectors=True),
    "forest": Shape("a forest of 100, any depth, 20 features", 20, 1, parallel=100, learning_rate=1.0),
}
# What the curves change is one number of this.
BASE = Shape("100 × depth 6, 28 features", 28, 100, depth=6, training_rows=10_000)
CURVES = {
    f"t{trees}": dataclasses.replace(BASE, title=f"{trees:,}", rounds=trees, learning_rate=min(0.3, 10 / trees), curve="trees")
    for trees in [10, 100, 1000, 10_000]
} | {
    f"f{count}": dataclasses.replace(BASE, title=f"{count:,}", features=count, rows=min(20_001, 4_000_000 // count + 1), curve="features")
    for count in [5, 20, 50, 100, 300, 1000, 2000]
}
# The curve over rows asks this model for so many rows.
ROWS_CURVE = "t100"
ROW_COUNTS = [10**power for power in range(2, 8)]
# The rows that are asked one by one, over and over.
SINGLE_ROWS = 1000
# XGBoost takes milliseconds for the contributions of each row.
EXPLAINED_ROWS = 256
EXPLAINED_SINGLE_ROWS = 20
