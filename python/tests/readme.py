"""Runs the README's own lines, in an environment that has the package and what it depends on, and nothing else; their answers are compared
with the trainer's."""

from __future__ import annotations

import ast
import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from cases import ROOT, read_case, same

import wardian


def block() -> str:
    """The first block of Python in the README."""
    _, _, rest = (ROOT / "python/README.md").read_text(encoding="utf-8").partition("```python\n")
    code, end, _ = rest.partition("```")
    assert end, "the README has no code"
    return code


def main() -> None:
    assert "site-packages" in Path(wardian.__file__).parts, f"{wardian.__file__} is not the package that was installed"
    case = read_case("diabetes")
    given: dict[str, Any] = {"X": case.X, "y": (case.predictions > 0.5).astype(int)}
    values = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder) if sys.version_info >= (3, 11) else _at(folder):
        shutil.copy(case.path, "model.ubj")
        for statement in ast.parse(block()).body:
            if isinstance(statement, ast.Expr):
                values.append(eval(compile(ast.Expression(statement.value), "README.md", "eval"), given))
            else:
                exec(compile(ast.Module([statement], []), "README.md", "exec"), given)
        page = Path("risk.html").read_text(encoding="utf-8")
    predictions, probabilities, explanation, sealed = values
    assert same(predictions, case.predictions)
    assert same(probabilities[:, 1], case.predictions)
    assert np.allclose(explanation.values.sum(axis=1) + explanation.base_values, case.margins, atol=1e-5)
    assert page.lstrip().lower().startswith("<!doctype html>") and len(page) > 100_000, page[:100]
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, {given['model'].engine}: {sealed}")


@contextlib.contextmanager
def _at(folder: str) -> Any:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


if __name__ == "__main__":
    main()
