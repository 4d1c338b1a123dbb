"""Files of rows for the command: text is read by the engine; Parquet and Arrow are read, and all are written, by pyarrow; CSV also where there
is none."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import os
import sys
import zlib
from typing import TYPE_CHECKING, Any

from ._errors import WardianError

if TYPE_CHECKING:
    import argparse

    from ._model import Model

_PARQUET, _ARROW = (".parquet",), (".arrow", ".feather")

#: How files of Parquet and of Arrow begin.
PARQUET, ARROW = b"PAR1", b"ARROW1"

_ENDS_EARLY = "the file ends early: it was cut off, or is still being written"

#: The bytes of a file of columns that is read on one thread.
_SMALL = 1 << 20

#: What may be said of a file of text, by the names of the engine's options; those that may be said several times last.
SAID = ("header", "absent", "delimiter", "decimal", "thousands", "encoding", "skip", "column", "unit", "missing-text")


def _arrow(path: str | None, start: bytes = b"") -> Any:
    """pyarrow; None where it is absent, and the file is text."""
    try:
        import pyarrow
    except ModuleNotFoundError as error:
        if start.startswith((PARQUET, ARROW)) or (path is not None and path.endswith(_PARQUET + _ARROW)):
            raise WardianError(f"{path}: such files are read and written by pyarrow: pip install pyarrow", "invalid_option") from error
        return None
    return pyarrow


def read(options: argparse.Namespace, model: Model) -> Any:
    """The rows in a file of text, which the engine reads, or of Parquet or Arrow, which pyarrow does. What there is to say of them goes to
    standard error."""
    path = options.rows
    with _opened(path) as file:
        data = file.read()
    said = {name: value for name in SAID if (value := getattr(options, name.replace("-", "_"))) not in (None, False)}
    if data.startswith((PARQUET, ARROW)):
        if said:
            raise WardianError(f"{path}: --{next(iter(said))} is of files of text; this one says it itself", "invalid_option")
        return columns_of(path, data)
    if said.get("absent"):
        said["absent"] = ""
    place = "standard input" if path == "-" else path
    try:
        rows, notes, warnings = model._read(_unpacked(data), said)
    except (WardianError, OSError, zlib.error) as error:
        code, field = (error.code, error.field) if isinstance(error, WardianError) else ("invalid_data", None)
        raise WardianError(f"{place}: {error}", code, field) from None
    for what, sentences in (("note", notes), ("warning", warnings)):
        for sentence in sentences:
            print(f"wardian: {what}: {place}: {sentence}", file=sys.stderr)
    return rows


def _opened(path: str) -> Any:
    # Not to be closed: it is everybody's.
    return contextlib.nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb")


def _unpacked(data: bytes) -> bytes:
    try:
        return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    except EOFError as error:
        raise WardianError(f"{_ENDS_EARLY} ({error})", "invalid_data") from error


def columns_of(path: str, data: bytes) -> Any:
    """The table in a file of Parquet or Arrow."""
    pa = _arrow(path, data)
    # Threads that pyarrow still starts while the process ends abort it, one time in a hundred on a busy machine; a small file needs none.
    several = len(data) > _SMALL
    try:
        if data.startswith(PARQUET):
            import pyarrow.parquet

            return pyarrow.parquet.read_table(pa.BufferReader(data), use_threads=several, pre_buffer=several)
        import pyarrow.feather

        return pyarrow.feather.read_table(pa.BufferReader(data), use_threads=several)
    except (pa.ArrowInvalid, OSError) as error:
        # Both kinds of files end as they begin.
        is_whole = data.endswith(PARQUET if data.startswith(PARQUET) else ARROW)
        said = str(error) if is_whole else f"{_ENDS_EARLY} ({error})"
        raise WardianError(f"{path}: {said}", "invalid_data") from error


def text(path: str, data: bytes) -> str:
    """A file of text, whatever has written it: by its byte order mark; else UTF-8, or what Windows writes.

    Raises:
        WardianError: What is no text.
    """
    try:
        data = _unpacked(data)
        encodings = ("utf-16",) if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8-sig", "cp1252")
        if b"\0" not in data or encodings == ("utf-16",):
            for encoding in encodings:
                with contextlib.suppress(UnicodeDecodeError):
                    return data.decode(encoding)
    except (WardianError, OSError, zlib.error) as error:
        raise WardianError(f"{path}: {error}", "invalid_option") from error
    raise WardianError(
        f"{path}: this is no text. CSV, JSON lines, Parquet or Arrow are due; read another kind of file with pandas, and give the table",
        "invalid_option",
    )


def write(options: argparse.Namespace, model: Model, rows: Any) -> None:
    """Writes the answers to a table's rows, or prints them."""
    of_predict = [("margin", "margins"), ("proba", "predict_proba")]
    asked = [what for option, what in of_predict if getattr(options, option, False)]
    if options.output is not None and not options.output.endswith((".csv", *_PARQUET, *_ARROW)) and options.output != os.devnull:
        raise WardianError(f"{options.output}: answers are written as .csv, .parquet or .arrow", "invalid_option")
    what = "explain" if options.command == "explain" else next(iter(asked), "predict")
    data = _written(options.output, model, what, rows)
    if options.output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from ._files import whole

    whole(options.output, data)


def _written(path: str | None, model: Model, what: str, rows: Any) -> bytes:
    """The answers to rows as a file's bytes."""
    from ._answers import arrays, columns, fields

    names = [name for name, _ in fields(model, what)]
    pa = _arrow(path)
    if pa is None:
        from . import _csv

        return _csv.written(names, columns(model, what, rows))
    table = pa.table(arrays(model, what, rows), names=names)
    out = io.BytesIO()
    if path is not None and path.endswith(_PARQUET):
        import pyarrow.parquet

        pyarrow.parquet.write_table(table, out)
    elif path is not None and path.endswith(_ARROW):
        import pyarrow.feather

        pyarrow.feather.write_feather(table, out)
    else:
        import pyarrow.csv

        pyarrow.csv.write_csv(table, out, pyarrow.csv.WriteOptions(quoting_style="needed"))
    return out.getvalue()
