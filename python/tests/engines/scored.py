"""Rows in files, with XGBoost's own answers, that engines are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xgboost

import wardian

#: So many rows go through every engine.
ROWS = 200_000


@dataclass
class Scored:
    """A model, its file, and a folder of Parquet files with rows and XGBoost's answers (`expected`, `margin`)."""

    model: wardian.Model
    path: Path
    rows: Path
    features: list[str]

    @property
    def glob(self) -> str:
        return f"{self.rows}/*.parquet"


def make(folder: Path) -> Scored:
    """Trains a model and writes rows."""
    random = np.random.default_rng(7)
    names = ["age", "income", "visits", "rate", "distance", "is_new"]

    def draw(count: int) -> np.ndarray:
        # Ages, skewed amounts, counts, shares of few digits, zeros, truths: as tables have them.
        columns = [
            random.integers(18, 95, count),
            np.round(random.lognormal(10, 1, count), 2),
            random.poisson(3, count),
            np.round(random.random(count), 2),
            np.where(random.random(count) < 0.4, 0, random.exponential(20, count)),
            random.random(count) < 0.3,
        ]
        rows = np.column_stack(columns).astype(np.float32)
        rows[random.random(rows.shape) < 0.06] = np.nan
        return rows

    X = draw(20_000)
    y = np.nan_to_num(X[:, 0] / 50 + np.log1p(np.nan_to_num(X[:, 1])) / 10 + X[:, 2] / 5) + random.normal(size=len(X)) > 3
    data = xgboost.DMatrix(X, y, feature_names=names)
    booster = xgboost.train({"max_depth": 5, "objective": "binary:logistic"}, data, 80)
    path = folder / "model.ubj"
    booster.save_model(path)
    rows = folder / "rows"
    rows.mkdir()
    for part in range(4):
        X = draw(ROWS // 4)
        columns = {name: pa.array(column, mask=np.isnan(column)) for name, column in zip(names, X.T, strict=True)}
        # Engines hand on types of every kind.
        columns["age"] = columns["age"].cast(pa.int16())
        columns["visits"] = columns["visits"].cast(pa.int64())
        columns["income"] = columns["income"].cast(pa.float64())
        columns["is_new"] = columns["is_new"].cast(pa.bool_())
        data = xgboost.DMatrix(X, feature_names=names)
        table = {
            "id": np.arange(len(X)) + part * len(X),
            **columns,
            "expected": booster.predict(data),
            "margin": booster.predict(data, output_margin=True),
        }
        pq.write_table(pa.table(table), rows / f"{part}.parquet")
    return Scored(wardian.load(path), path, rows, names)
