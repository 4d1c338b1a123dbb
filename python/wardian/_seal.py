"""A model and what is said of it → a page, a folder, a package, a file: as ``wardian seal`` makes them, the same bytes."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import struct
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ._errors import WardianError, in_python, raised
from ._files import whole
from ._positive import positive_of
from ._rows import plain_column, rows_of

if TYPE_CHECKING:
    from ._description import Feature
    from ._model import Model


@dataclass(frozen=True)
class Made:
    """A product.

    Attributes:
        files: Its files by name; the name of one that is no folder is empty.
        summary: What was sealed, in a line.
        notes: What its user should know, a sentence each.
    """

    files: dict[str, bytes]
    summary: str
    notes: tuple[str, ...]

    @property
    def file(self) -> bytes:
        """The bytes of a product that is one file."""
        return self.files[""]


def make(model: Model, product: str, **asked: Any) -> Made:
    """A product in memory; ``asked`` is what ``Model.seal`` takes."""
    label = asked.pop("label", None)
    labels: list[str] = []
    seen: set[str] = set()
    request: dict[str, Any] = {"product": product}
    for name, place in (("data", "data"), ("held_out", "heldOut")):
        given = asked.pop(name, None)
        if given is not None:
            text, labels, texts = _table(model, given, label, asked.get("group") if name == "held_out" else None)
            seen |= texts
            request[place] = {"place": name, "text": text}
    if label is not None and not labels:
        raise WardianError("a label is of rows: give data or held_out", "invalid_option", "label")
    if labels:
        request["label"] = ",".join(labels)
    predictions = asked.pop("predictions", None)
    if predictions is not None:
        request["predictions"] = {"place": "predictions", "text": _answers(predictions)}
    case = asked.pop("case", None)
    if case is not None:
        request["case"] = case if isinstance(case, dict) else _read_json(case)
    asked["positive"] = positive_of(model, asked.get("positive"), seen)
    for name in ("title", "language", "name", "kind", "group", "positive"):
        value = asked.pop(name, None)
        if value is not None:
            request[name] = value
    if asked:
        raise TypeError(f"seal() has no option {next(iter(asked))!r}")
    # A name without an ending is a folder's.
    needs_shell = product.endswith(("/", ".html", ".tgz", ".wasm")) or "." not in product
    needs_shell = needs_shell and product != "card.html"
    try:
        made = model._engine.seal(json.dumps(request), _shell() if needs_shell else b"")
    except ValueError as error:
        told = raised(error)
        raise WardianError(in_python(told.message), told.code, told.field) from None
    (length,) = struct.unpack_from("<I", made)
    said = json.loads(made[4 : 4 + length])
    files, start = {}, 4 + length
    for file in said["files"]:
        files[file["name"]] = made[start : start + file["length"]]
        start += file["length"]
    return Made(files, in_python(said["summary"]), tuple(map(in_python, said["notes"])))


def write(out: str | os.PathLike[str], made: Made) -> None:
    """Writes a product: all of it, or nothing."""
    path = os.fspath(out)
    if list(made.files) == [""]:
        whole(path, made.file)
        return
    path = os.path.abspath(path)
    if os.path.isfile(path):
        raise WardianError(f"{path}: it is a file; a page in a folder is to be made", "invalid_option")
    ours = ("index.html", "case/golden.json")
    if os.path.isdir(path) and os.listdir(path) and not all(os.path.isfile(os.path.join(path, name)) for name in ours):
        raise WardianError(f"{path}: it is a folder with other files than a sealed page's; take it away first", "invalid_option")
    with tempfile.TemporaryDirectory(prefix=".sealing", dir=os.path.dirname(path)) as beside:
        new, old = os.path.join(beside, "new"), os.path.join(beside, "old")
        for name, data in made.files.items():
            file = os.path.join(new, name)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "wb") as handle:
                handle.write(data)
        is_there = os.path.exists(path)
        if is_there:
            os.rename(path, old)
        try:
            os.rename(new, path)
        except OSError:
            if is_there:
                os.rename(old, path)
            raise
        if is_there:
            shutil.rmtree(old)


def _shell() -> bytes:
    """The page that cases are set into."""
    try:
        from wardian_shell import archive
    except ModuleNotFoundError as error:
        raise WardianError("sealing needs the package wardian-shell: pip install wardian-shell", "invalid_case") from error
    return bytes(archive())


def _read_json(path: Any) -> Any:
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _opened(path: str | os.PathLike[str]) -> Any:
    """A file's rows: the text of CSV or of JSON lines; or the table of Parquet or of Arrow."""
    from ._tables import ARROW, PARQUET, columns_of, text

    with open(path, "rb") as file:
        data = file.read()
    return columns_of(os.fspath(path), data) if data.startswith((PARQUET, ARROW)) else text(os.fspath(path), data)


def _table(model: Model, given: Any, label: Any, group: str | None) -> tuple[str, list[str], set[str]]:
    """Rows as CSV, with the columns of the label and of the group beside the features'; the label's names; and what labels there are, as
    texts, where they are not a file's."""
    if isinstance(given, (str, os.PathLike)):
        given = _opened(given)
        if isinstance(given, str):
            return given, [label] if isinstance(label, str) else list(label or []), set()
    description = model.description
    rows = rows_of(given, description)
    columns = (
        [rows[:, place] for place in range(rows.shape[1])] if isinstance(rows, np.ndarray) else [plain_column(column) for column in rows]
    )
    texts = [_texts(column, feature) for column, feature in zip(columns, description.features, strict=True)]
    names = list(description.names)
    labels: list[str] = []

    def beside(name: str, values: Any) -> None:
        values = np.asarray(values)
        if values.shape != (len(texts[0]),):
            raise WardianError(f"{name}: {values.shape} values for {len(texts[0])} rows", "wrong_field_count", name)
        names.append(name)
        texts.append(_texts(values))

    if label is not None:
        if _are_names(label, given, len(texts[0])):
            for name in [label] if isinstance(label, str) else label:
                beside(name, _own_column(given, name))
                labels.append(name)
        else:
            values = np.asarray(label)
            matrix = values.reshape(len(values), -1)
            own = getattr(label, "name", None)
            for place in range(matrix.shape[1]):
                name = str(own) if own is not None and matrix.shape[1] == 1 else "label" if matrix.shape[1] == 1 else f"label_{place}"
                while name in names:
                    name += "_"
                beside(name, matrix[:, place])
                labels.append(name)
    if group is not None and group not in names:
        beside(group, _own_column(given, group))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(zip(*texts, strict=True))
    told = set().union(*(own for name, own in zip(names, texts, strict=True) if name in labels))
    return out.getvalue(), labels, told


def _are_names(label: Any, given: Any, count: int) -> bool:
    """Whether labels are told by the names of their columns. Texts of which some is no column, one for each row, are the labels themselves."""
    if isinstance(label, str):
        return True
    if not (isinstance(label, (list, tuple)) and all(isinstance(name, str) for name in label)):
        return False
    if len(label) != count:
        return True
    try:
        for name in set(label):
            _own_column(given, name)
    except WardianError:
        return False
    return True


def _own_column(given: Any, name: str) -> Any:
    try:
        return given[name]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise WardianError(f"the rows have no column {name!r}", "unknown_field", name) from error
    except Exception as error:
        # Polars has an exception of its own.
        raise WardianError(f"the rows have no column {name!r}: {error}", "unknown_field", name) from error


def _texts(column: np.ndarray, feature: Feature | None = None) -> list[str]:
    """Values as text: the shortest that is read as the same number of its type; a category's name, one that is none for a category that training
    did not see; nothing for a missing one."""
    if column.dtype.kind not in "fiub":
        return ["" if value is None or value != value else str(value) for value in column.tolist()]
    if feature is not None and feature.categories:
        unseen = "?" * (1 + max(map(len, feature.categories)))
        names = [*feature.categories, unseen]
        # An empty cell is the category that is called so, where there is one.
        absent = "NaN" if any(not name.strip() for name in names) else ""
        # With whatever signs it is missing.
        while absent in names:
            absent = "+" + absent
        return [absent if value != value else names[min(int(value), len(names) - 1)] for value in column.tolist()]
    if column.dtype.kind in "iu":
        return [str(value) for value in column.tolist()]
    if column.dtype.kind == "b":
        return [str(int(value)) for value in column.tolist()]
    return ["" if value != value else _number(value) for value in column]


def _number(value: Any) -> str:
    text = str(value)
    return text.removesuffix(".0")


def _answers(predictions: Any) -> str:
    """The trainer's answers as CSV: a line a row."""
    if isinstance(predictions, (str, os.PathLike)):
        predictions = _opened(predictions)
        if isinstance(predictions, str):
            return predictions
        predictions = np.column_stack(predictions.columns)
    values = np.asarray(predictions)
    matrix = values.reshape(len(values), -1)
    names = ["prediction"] if matrix.shape[1] == 1 else [f"prediction_{place}" for place in range(matrix.shape[1])]
    lines = (",".join(str(value) for value in row) for row in matrix)
    return "\n".join([",".join(names), *lines]) + "\n"
