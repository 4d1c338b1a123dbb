"""What all tests share: the repository's cases, whose golden files have their trainers' own answers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import wardian

ROOT = Path(__file__).parents[2]
FILES = {"diabetes": "diabetes.ubj", "petal": "petal.lightgbm.txt", "wine": "wine.sklearn.pkl"}


@dataclass
class Case:
    """A case of the repository.

    Attributes:
        model: Its model, opened.
        path: Its model's file.
        cells: The golden rows' cells by column.
        X: Their values, categories as codes.
        predictions, margins: The trainer's own answers.
    """

    model: wardian.Model
    path: Path
    cells: dict[str, list[str]]
    X: np.ndarray
    predictions: np.ndarray
    margins: np.ndarray


def read_case(name: str) -> Case:
    path = ROOT / "models" / name / FILES[name]
    model = wardian.load(path)
    with open(ROOT / "models" / name / "golden.csv", newline="", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    cells = {column: [row[place] for row in rows] for place, column in enumerate(header)}
    said = model.description
    columns = []
    for feature in said.features:
        codes = {category: str(code) for code, category in enumerate(feature.categories)}
        columns.append([float(codes.get(cell, cell) or "nan") for cell in cells[feature.name]])
    X = np.array(columns).T
    if name == "diabetes":
        # As its recipe has it: zero is "not measured" there, which no file of XGBoost's says.
        X[:, 1:6][X[:, 1:6] == 0] = np.nan
    kind = np.float32 if said.answer_bits == 32 else np.float64

    def answers(stem: str, count: int) -> np.ndarray:
        names = [column for column in header if column == stem or column.startswith(f"{stem}_")]
        if len(names) != count:
            names = list(said.classes)
        values = np.array([[float(cell) for cell in cells[column]] for column in names]).T
        return values.astype(kind).squeeze()

    return Case(
        model,
        path,
        cells,
        X,
        answers("prediction", said.predictions),
        answers("margin", said.outputs) if any(column.startswith("margin") for column in header) else np.array([]),
    )


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays have the same type, shape and bits."""
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
