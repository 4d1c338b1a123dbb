"""The models of the benchmark, and where their files are."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Shape:
    rounds: int
    depth: int
    features: int
    classes: int
    training_rows: int
    learning_rate: float

    @property
    def trees(self):
        return self.rounds * (self.classes if self.classes > 2 else 1)

    @property
    def outputs(self):
        return self.classes if self.classes > 2 else 1


SHAPES = {
    "d3": Shape(rounds=100, depth=3, features=8, classes=2, training_rows=20_000, learning_rate=0.1),
    "d6": Shape(rounds=500, depth=6, features=28, classes=2, training_rows=100_000, learning_rate=0.1),
    "multi": Shape(rounds=100, depth=6, features=16, classes=26, training_rows=60_000, learning_rate=0.1),
    "d8": Shape(rounds=2000, depth=8, features=28, classes=2, training_rows=100_000, learning_rate=0.05),
}
# A number that a 64-row or 16-row block does not divide.
ROWS = 20_001
# The rows that are asked one by one.
SINGLE_ROWS = 1000
# The same to explain: XGBoost takes milliseconds for each.
EXPLAINED_ROWS = 256
EXPLAINED_SINGLE_ROWS = 20
MISSING = 0.05
