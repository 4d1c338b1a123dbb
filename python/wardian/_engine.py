"""The engine: native code where there is a wheel for the machine, else the same as WebAssembly. Both give the same bits."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any, Protocol

PREDICTIONS, MARGINS, CONTRIBUTIONS = 0, 1, 2


class Engine(Protocol):
    """A model that is asked through plain data. What is refused raises ``ValueError(message, code, field)``."""

    def describe(self) -> str:
        """What is to be known of the model: a text of JSON."""
        ...

    def save(self) -> bytes:
        """The model as a ``.wardian`` file."""
        ...

    def ask(self, question: str) -> str:
        """The answer to a question about one row, both texts of JSON."""
        ...

    def rows(self, file: bytes, options: str) -> bytes:
        """The rows in a file's bytes, CSV or the like or JSON lines, in one piece: the length of a text of JSON in four bytes, that text (``notes``
        and ``warnings``), and the values as 64-bit floats, one row's behind another's. Options are a text of JSON."""
        ...

    def seal(self, request: str, shell: bytes) -> bytes:
        """A product in one piece: the length of a text of JSON in four bytes, that text, and the files it names one behind another."""
        ...

    def answer(self, what: int, rows: Any, base_margins: Any = None, threads: int = 1) -> Any:
        """Numbers for rows, one row's behind another's.

        Args:
            what: PREDICTIONS, MARGINS or CONTRIBUTIONS.
            rows: A matrix, row after row in memory, or a list of contiguous columns, each an array, or a tuple of one, Arrow's validity
                bitmap and the place of its first bit; float32 or float64 either.
            base_margins: None, or float32, one for each row and output.
            threads: On so many at most.
        """


def engine_class() -> tuple[str, Any]:
    """The engine's name, ``native`` or ``wasm``, and its class; the environment's ``WARDIAN_ENGINE`` asks for one of them."""
    wanted = os.environ.get("WARDIAN_ENGINE", "")
    if wanted not in ("", "native", "wasm"):
        raise ImportError(f"WARDIAN_ENGINE is {wanted!r}: native and wasm may be asked for")
    if wanted != "wasm":
        try:
            # Of a module that is absent this says so; `from . import` says the same of one that is broken.
            return "native", import_module("._native", __package__).Engine
        except ModuleNotFoundError as error:
            if wanted == "native":
                raise ImportError("this wheel of wardian has no native engine") from error
    from ._wasm import Engine as WasmEngine

    return "wasm", WasmEngine


def columns_of(table: Any) -> list[Any] | None:
    """The columns of a table of Arrow's as ``Engine.answer`` takes them, all at once and not copied, which is ten times as quick as one after
    another; None if not all are float32 or float64, each in one piece, or the engine cannot read a table's memory."""
    name, _ = engine_class()
    return import_module("._native", __package__).columns_of(table) if name == "native" else None
