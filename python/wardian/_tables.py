"""Files of rows for the command: read and written by pyarrow."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ._errors import WardianError

if TYPE_CHECKING:
    import argparse

    from ._model import Model


def _arrow() -> Any:
    try:
        import pyarrow
    except ModuleNotFoundError as error:
        raise WardianError("files of rows are read by pyarrow: pip install pyarrow", "invalid_option") from error
    return pyarrow


def read(path: str) -> Any:
    """The table in a CSV, Parquet or Arrow file."""
    pa = _arrow()
    try:
        if path.endswith(".parquet"):
            import pyarrow.parquet

            return pyarrow.parquet.read_table(path)
        if path.endswith((".arrow", ".feather")):
            import pyarrow.feather

            return pyarrow.feather.read_table(path)
        import pyarrow.csv

        return pyarrow.csv.read_csv(path)
    except pa.ArrowInvalid as error:
        raise WardianError(f"{path}: {error}", "invalid_data") from error


def write(options: argparse.Namespace, model: Model, rows: Any) -> None:
    """Writes the answers to a table's rows, or prints them."""
    pa = _arrow()
    of_predict = [("margin", "margins"), ("proba", "predict_proba")]
    asked = [what for option, what in of_predict if getattr(options, option, False)]
    what = "explain" if options.command == "explain" else next(iter(asked), "predict")
    from ._answers import arrays, fields

    table = pa.table(arrays(model, what, rows), names=[name for name, _ in fields(model, what)])
    path = options.output
    if path is None:
        import pyarrow.csv

        with pa.output_stream(sys.stdout.buffer) as out:
            pyarrow.csv.write_csv(table, out, pyarrow.csv.WriteOptions(quoting_style="needed"))
        return
    import io

    from ._files import whole

    out = io.BytesIO()
    if path.endswith(".parquet"):
        import pyarrow.parquet

        pyarrow.parquet.write_table(table, out)
    elif path.endswith((".arrow", ".feather")):
        import pyarrow.feather

        pyarrow.feather.write_feather(table, out)
    else:
        import pyarrow.csv

        pyarrow.csv.write_csv(table, out, pyarrow.csv.WriteOptions(quoting_style="needed"))
    whole(path, out.getvalue())
