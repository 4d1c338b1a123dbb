"""CSV where there is no pyarrow: what it writes, the same bytes, by numpy."""

from __future__ import annotations

from typing import Any

import numpy as np


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
