"""Files of rows for the command: read and written by pyarrow; CSV also where there is none."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

from ._errors import WardianError

if TYPE_CHECKING:
    import argparse

    from ._model import Model

_PARQUET, _ARROW = (".parquet",), (".arrow", ".feather")


def _arrow(path: str | None) -> Any:
    """pyarrow; None where it is absent, and the file is CSV."""
    try:
        import pyarrow
    except ModuleNotFoundError as error:
        if path is not None and path.endswith(_PARQUET + _ARROW):
            raise WardianError(f"{path}: such files are read and written by pyarrow: pip install pyarrow", "invalid_option") from error
        return None
    return pyarrow


def read(path: str) -> Any:
    """The rows in a CSV, Parquet or Arrow file."""
    pa = _arrow(path)
    if pa is None:
        from . import _csv

        return _csv.read(path)
    try:
        if path.endswith(_PARQUET):
            import pyarrow.parquet

            return pyarrow.parquet.read_table(path)
        if path.endswith(_ARROW):
            import pyarrow.feather

            return pyarrow.feather.read_table(path)
        import pyarrow.compute
        import pyarrow.csv

        # Its functions are made when it is imported: what checks types sees none.
        pc: Any = pyarrow.compute
        table = pyarrow.csv.read_csv(path)
        for place, column in enumerate(table.columns):
            if pa.types.is_string(column.type):
                # An empty cell is no category.
                table = table.set_column(place, table.field(place), pc.if_else(pc.equal(column, ""), None, column))
        return table
    except pa.ArrowInvalid as error:
        raise WardianError(f"{path}: {error}", "invalid_data") from error


def write(options: argparse.Namespace, model: Model, rows: Any) -> None:
    """Writes the answers to a table's rows, or prints them."""
    of_predict = [("margin", "margins"), ("proba", "predict_proba")]
    asked = [what for option, what in of_predict if getattr(options, option, False)]
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
