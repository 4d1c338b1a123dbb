"""CSV where there is no pyarrow: what it reads and writes, the same bytes, by Python's own csv and numpy."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np

from ._errors import WardianError

#: What pyarrow takes for a missing number.
_TEXTS = ",#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,N/A,NA,NULL,NaN,n/a,nan,null"
_MISSING = frozenset(_TEXTS.split(","))
_TRUTHS = {"1": 1.0, "True": 1.0, "TRUE": 1.0, "true": 1.0, "0": 0.0, "False": 0.0, "FALSE": 0.0, "false": 0.0}


def read(path: str) -> np.ndarray:
    """The rows of a file with a header: an array of records, floats or texts.

    Raises:
        WardianError: A row of another length than the header, a name that is there twice, text that is not UTF-8.
    """
    rows: list[list[str]] = []
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            names = next(reader, None)
            if names is None:
                raise WardianError(f"{path}: the file is empty", "invalid_data")
            for row in reader:
                # A line with nothing in it is none.
                if row and len(row) != len(names):
                    message = f"{path}: line {reader.line_num}: {len(names)} cells are due, {len(row)} given"
                    raise WardianError(message, "wrong_field_count")
                if row:
                    rows.append(row)
    except (csv.Error, UnicodeDecodeError) as error:
        raise WardianError(f"{path}: {error}", "invalid_data") from error
    for name in names:
        if names.count(name) > 1:
            raise WardianError(f"{path}: the column {name!r} is there more than once", "ambiguous_input", name)
    columns = [_column([row[place] for row in rows]) for place in range(len(names))]
    records = np.empty(len(rows), dtype=[(name, column.dtype) for name, column in zip(names, columns, strict=True)])
    for place, column in enumerate(columns):
        records[records.dtype.names[place]] = column  # type: ignore[index]
    return records


def _column(cells: list[str]) -> np.ndarray:
    """Numbers, truths as numbers, or texts: whichever all cells are."""
    try:
        return np.array([_number(cell.strip(" \t")) for cell in cells], dtype=np.float64)
    except ValueError:
        pass
    truths = [np.nan if cell in _MISSING else _TRUTHS.get(cell) for cell in cells]
    if None not in truths:
        return np.array(truths, dtype=np.float64)
    return np.array([cell or None for cell in cells], dtype=object)


def _number(cell: str) -> float:
    if cell in _MISSING:
        return np.nan
    if "_" in cell or not cell.isascii():
        # In Python digits may stand apart, and be those of any script; not so in files.
        raise ValueError(cell)
    return float(cell)


def written(names: list[str], columns: list[np.ndarray]) -> bytes:
    """A table as CSV."""
    lines = [",".join(map(_quoted, names))]
    texts = [_texts(column) for column in columns]
    lines += map(",".join, zip(*texts, strict=True))
    return ("\n".join(lines) + "\n").encode()


def _texts(column: np.ndarray) -> list[str]:
    if column.dtype.kind == "f":
        return [_text(value) for value in column]
    if column.dtype.kind == "b":
        return ["true" if value else "false" for value in column]
    return [str(value) for value in column] if column.dtype.kind in "iu" else [_quoted(str(value)) for value in column]


def _text(value: Any) -> str:
    """The fewest digits that give a number back."""
    if 1e-6 <= abs(value) < 1e10 or value == 0:
        return np.format_float_positional(value, unique=True, trim="-")
    return np.format_float_scientific(value, unique=True, trim="-", exp_digits=1)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
