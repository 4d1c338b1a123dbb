"""What goes wrong, with a code that programs may branch on."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from contextvars import ContextVar


class WardianError(ValueError):
    """A model, rows or options that are refused.

    Attributes:
        code: A stable text, such as ``wrong_field_count``, ``unknown_field``, ``unsupported_model``.
        field: The feature at fault, or None.
        message: One line that names the place first.
    """

    code: str
    field: str | None
    message: str

    def __init__(self, message: str, code: str = "wrong_type", field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field

    # All three go with it to another process.
    def __reduce__(self) -> tuple[type[WardianError], tuple[str, str, str | None]]:
        return type(self), (self.message, self.code, self.field)


def raised(error: ValueError) -> WardianError:
    """The error that an engine has raised, as ours."""
    if len(error.args) == 3:
        message, *rest = error.args
        return WardianError(in_python(message), *rest)
    return WardianError(in_python(str(error)))


#: Options of the command, all of which are arguments here.
_OPTIONS = ("data", "held-out", "label", "group", "predictions", "positive", "title", "name", "kind", "lang", "categories-from", "missing")


#: Whether who reads this has called the package's command.
_AT_COMMAND: ContextVar[bool] = ContextVar("at command", default=False)


@contextlib.contextmanager
def at_command() -> Iterator[None]:
    """While the package's command runs: what is said of options has the command's words."""
    token = _AT_COMMAND.set(True)
    try:
        yield
    finally:
        _AT_COMMAND.reset(token)


def in_python(text: str) -> str:
    """What the Rust program says of its options, in the words of a call: ``--held-out`` is ``held_out=``; in this package's command its options."""
    if _AT_COMMAND.get():
        return re.sub(r"--lang\b", "--language", text).replace(", categoriesFrom in JavaScript", "")
    text = text.replace("--categories-from pandas or arrow, categoriesFrom in JavaScript", 'categories_from="pandas" or "arrow"')
    for option in sorted(_OPTIONS, key=len, reverse=True):
        text = text.replace(f"--{option}", {"lang": "language"}.get(option, option.replace("-", "_")) + "=")
    return text
