"""A model that answers rows."""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _engine
from ._description import Description
from ._errors import WardianError, raised
from ._files import whole
from ._positive import positive_of
from ._rows import Read, as_matrix, heed_missing, row_count, rows_of, warn

if TYPE_CHECKING:
    from ._explanation import Explanation
    from ._fitted import Saved

#: Fewer rows than this are not worth a second thread.
_FEW = 8192


def load(
    source: Any,
    *,
    schema: Any = None,
    missing: float | None = None,
    all_trees: bool = False,
    categories_from: str | None = None,
    classes: Sequence[Any] | None = None,
) -> Model:
    """The model in a file, in bytes, or in memory.

    Args:
        source: A path, the bytes of a file, a binary file that is open, or a fitted model of XGBoost, LightGBM, CatBoost or scikit-learn
            (pipelines too). Files: ``.wardian``; XGBoost's JSON and UBJSON; LightGBM's text and JSON; CatBoost's cbm and JSON; ONNX;
            pickles, joblib's and skops' files, which are read and never run.
        schema: What the inputs are, in the place of what the file says: a path of a ``schema.json``, or a dict like one,
            ``{"name": "risk", "features": [{"name": "glucose", "unit": "mg/dL", "missing_codes": [0]}, …]}``, the features in the model's
            order. What a feature's codes stand for is "not measured" in that feature alone.
        missing: The value that means "not measured" in every feature, beside NaN: XGBoost's ``missing=``, which most files do not say. NaN for none,
            where a file says one.
        all_trees: Keep the trees that were grown after the best round of early stopping.
        categories_from: ``"pandas"`` or ``"arrow"``: where the categories of the training data came from, for the files in which that
            decides what they are called.
        classes: The labels that ``predict`` gives, in the order of the model's classes, in the place of those that the file names.

    Raises:
        WardianError: A model that is refused, by name; ``code`` says of what kind the fault is.
        OSError: A file that cannot be read.
    """
    if isinstance(source, Model):
        if all_trees or any(given is not None for given in (schema, missing, categories_from, classes)):
            raise WardianError("this model is open already; options are of reading its file", "invalid_option")
        return source
    options: dict[str, Any] = {"name": ""}
    labels: Any = classes
    found = None
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
    elif isinstance(source, (str, os.PathLike)):
        options["name"] = os.path.basename(os.fspath(source))
        with open(source, "rb") as file:
            data = file.read()
    elif hasattr(source, "read"):
        data = source.read()
        if not isinstance(data, bytes):
            raise WardianError("the file is open for text; open it with 'rb'")
    else:
        from ._fitted import saved

        found = saved(source)
        data = found.bytes
        options |= found.options
        labels = found.classes if labels is None else labels
    if schema is not None:
        options["schema"] = _schema(schema)
    if missing is not None:
        # JSON has no number that is none.
        options["missing"] = float(missing) if missing == missing else "NaN"
    if options.get("missing") in (math.inf, -math.inf):
        raise WardianError(f"missing={options['missing']} is not taken: an infinite value is refused in every row", "invalid_option")
    if all_trees:
        options["allTrees"] = True
    if categories_from is not None:
        options["categoriesFrom"] = categories_from
    model = Model(data, options, labels)
    if found is not None:
        _heed_object(model, found, all_trees=all_trees)
    return model


def _heed_object(model: Model, found: Saved, *, all_trees: bool) -> None:
    """Warns where the object that was loaded answers otherwise than its file does."""
    if found.stops_early and not all_trees:
        warn(
            "training was stopped early: the rounds up to the best one are used, as XGBoost's scikit-learn wrapper does; this Booster's own "
            "predict uses all, as load(…, all_trees=True) does"
        )
    if found.is_raw and model.description.link != "identity":
        warn(
            "catboost.CatBoost's own predict gives raw values, as margins() does here; predict() gives what CatBoostClassifier's or "
            "CatBoostRegressor's does"
        )


class Model:
    """A model that answers rows with its trainer's own bits. It does not change, and any number of threads may ask it at once.

    ``X`` is rows in whatever holds some: a numpy array, a data frame of pandas or polars (by the columns' names: others are ignored), a
    table of Arrow or what speaks its stream, a dict of columns or of one row's values, a list of rows. NaN, None and nulls mean "not
    measured". Arrays that another thread changes during the call give answers to whatever was there.

    ``threads`` is on how many threads many rows are answered, all there are by default; Python's lock is released, and the bits do not
    depend on it.

    Attributes:
        feature_names_in_: The features' names, an array of texts.
        n_features_in_: How many there are.
        classes_: The labels that ``predict`` gives; None where it gives numbers.
        description: What else is to be known: trainer, kind, features, size.
        engine: ``native`` or ``wasm``; both give the same bits.
    """

    classes_: np.ndarray | None
    description: Description
    engine: str
    feature_names_in_: np.ndarray
    n_features_in_: int

    def __init__(self, data: bytes, options: dict[str, Any] | None = None, classes: Sequence[Any] | None = None) -> None:
        self.engine, open_engine = _engine.engine_class()
        try:
            self._engine: _engine.Engine = open_engine(data, json.dumps(options or {}))
        except ValueError as error:
            raise raised(error) from None
        self._name = str((options or {}).get("name", ""))
        self._said = self._engine.describe()
        self.description = Description.of(self._said)
        self.feature_names_in_ = np.array(self.description.names, dtype=object)
        self.n_features_in_ = len(self.description.features)
        #: Whether ``predict`` tells of each target whether it is true.
        self._tells_truths = classes is not None and self._answers_each_target
        self.classes_ = self._labels(classes)

    @property
    def _answers_are_classes(self) -> bool:
        # XGBoost's `multi:softmax`, which answers a class's place.
        return self.description.link.startswith("class ")

    @cached_property
    def _tells_outliers(self) -> bool:
        # scikit-learn's `predict` says -1 of an outlier, and 1 of any other row. A model that is sent elsewhere is told its description last.
        return self.description.objective == "IsolationForest"

    @property
    def _answers_each_target(self) -> bool:
        # Of several targets, each a question of yes or no: XGBoost's and CatBoost's classifiers of several labels.
        said = self.description
        return said.kind == "targets" and said.trainer in ("XGBoost", "CatBoost") and said.link == "logistic"

    def _labels(self, given: Sequence[Any] | None) -> np.ndarray | None:
        if given is None:
            names = self.description.classes
            if self.description.classes_are_texts:
                return np.array(names)
            return _typed(names) if names else None
        if self._answers_each_target:
            return None
        labels = np.asarray(given)
        known = len(self.description.classes) or (2 if self.description.kind == "risk" else self.description.predictions)
        if labels.ndim != 1 or (len(labels) != known and not self._answers_are_classes):
            raise WardianError(f"{len(labels)} classes are given; the model has {known}", "invalid_option")
        return labels

    # --- answers

    def predict(self, X: Any, *, base_margin: Any = None, threads: int | None = None) -> np.ndarray:
        """What the trainer's ``predict`` gives: labels, where the model has classes with names; else numbers.

        Args:
            X: Rows.
            base_margin: Each row's own base margin, (rows,) or (rows, outputs), in the place of the model's base score: XGBoost's
                ``base_margin``.
            threads: On so many threads at most.

        Returns:
            (rows,), or (rows, outputs) of a model of several numbers, in the type that the trainer computes in: float32 for XGBoost and
            ONNX, float64 for the others.

        Raises:
            WardianError: Rows that are refused, naming row and column.
        """
        if self._tells_truths and self.description.trainer == "CatBoost":
            return (self._answers(_engine.MARGINS, X, base_margin, threads) > 0).astype(np.int64)
        if self.classes_ is None:
            values = self._answers(_engine.PREDICTIONS, X, base_margin, threads)
            if self._tells_truths:
                return (values > 0.5).astype(np.float64)
            return np.where(values < 0, -1, 1) if self._tells_outliers else values
        values = self._answers(_engine.PREDICTIONS, X, base_margin, threads)
        return np.asarray(self.classes_[self._class_places(values)])

    def predict_proba(self, X: Any, *, base_margin: Any = None, threads: int | None = None) -> np.ndarray:
        """The probability of each class, as the trainer's scikit-learn estimator gives them: (rows, classes); of several targets, each a
        question of yes or no, that of each: (rows, targets).

        Raises:
            AttributeError: A model that answers no probabilities.
            WardianError: As ``predict``.
        """
        has_some = self.description.kind in ("risk", "classes") or self._answers_each_target
        if not has_some or self._answers_are_classes:
            raise AttributeError(f"this model's answers are no probabilities ({self.description.kind}, {self.description.link})")
        values = self._answers(_engine.PREDICTIONS, X, base_margin, threads)
        if values.ndim == 2:
            return values
        # As the boosters' wrappers do it, in the type of their answers. scikit-learn's trees and forests add up each class by itself, so
        # that the first may differ from theirs in the last bit.
        return np.column_stack((values.dtype.type(1.0) - values, values))

    def decision_function(self, X: Any, *, threads: int | None = None) -> np.ndarray:
        """Of an isolation forest how far each row is from being an outlier: below zero it is one. Of other models their margins.

        Returns:
            (rows,), or (rows, outputs).
        """
        if self._tells_outliers:
            return self._answers(_engine.PREDICTIONS, X, None, threads)
        return self._answers(_engine.MARGINS, X, None, threads)

    def margins(self, X: Any, *, base_margin: Any = None, threads: int | None = None) -> np.ndarray:
        """The sums of the trees before any link: XGBoost's ``output_margin=True``, LightGBM's ``raw_score=True``, and the like.

        Returns:
            (rows,), or (rows, outputs).
        """
        return self._answers(_engine.MARGINS, X, base_margin, threads)

    def explain(self, X: Any, *, base_margin: Any = None, threads: int | None = None) -> Explanation:
        """Why: exact SHAP values on the margin's scale, as XGBoost's ``pred_contribs`` and LightGBM's ``pred_contrib``.

        Returns:
            An Explanation, which shap's plots take as it is.

        Raises:
            WardianError: ``no_covers`` where the model's file does not say how much of the training data came to each leaf.
        """
        from ._explanation import Explanation

        rows = self._rows(X)
        count, width, outputs = row_count(rows), self.n_features_in_, self.description.outputs
        flat = self._asked(_engine.CONTRIBUTIONS, rows, base_margin, threads)
        cube = flat.reshape(count, outputs, width + 1)
        values, base = cube[:, :, :-1], cube[:, :, -1]
        names = None
        if outputs == 1:
            values, base = values[:, 0], base[:, 0]
        else:
            values = values.transpose(0, 2, 1)
            labels = self.classes_ if self.classes_ is not None and len(self.classes_) == outputs else range(outputs)
            names = [str(label) for label in labels]
        return Explanation(np.ascontiguousarray(values), np.ascontiguousarray(base), as_matrix(rows), self.description.names, names)

    def unknown(self, row: Any, observed: Any = None) -> list[dict[str, Any]]:
        """For each value that a row lacks, between which answers the row's lies if it were measured; the one that would tell most is first.

        Args:
            row: One row.
            observed: Rows whose values are what could be measured; by default all values that the trees tell apart, each as often.

        Returns:
            Of each missing value its ``feature``, and ``low``, ``high`` and ``spread`` (standard deviation) of each prediction.
        """
        question: dict[str, Any] = {"ask": "unknown", "row": self._one(row), "observed": None}
        if observed is not None:
            question["observed"] = [_counted(column) for column in as_matrix(self._rows(observed)).T]
        return list(self._ask(question))

    def curve(self, row: Any, feature: str, *, most: int = 256) -> dict[str, Any]:
        """What the predictions for a row would be at every other value of one feature: exact, a step wherever the trees tell values apart.

        Returns:
            ``steps``, each with ``from`` (inclusive; None for no end), ``to`` (exclusive), ``value`` and ``predictions``; and ``missing``,
            the predictions where it is not measured.
        """
        if feature not in self.description.names:
            raise WardianError(f"{feature!r} is no feature of the model", "unknown_field", feature)
        place = self.description.names.index(feature)
        return dict(self._ask({"ask": "curve", "row": self._one(row), "feature": place, "most": most}))

    def warnings(self, row: Any) -> list[dict[str, str]]:
        """What to know about a row before its answer is trusted: values outside the range seen in training, and values that no row lacked."""
        return list(self._ask({"ask": "warnings", "row": self._one(row)}))

    def figures(
        self,
        X: Any,
        y: Any,
        *,
        groups: Any = None,
        threshold: float = 0.5,
        positive: str | None = None,
        kind: str | None = None,
        base_margin: Any = None,
    ) -> dict[str, Any]:
        """How good the model's answers are, and how sure, by what was seen: what ``wardian figures`` says. Of rows that the model was trained on
        both flatter it.

        Args:
            X: Rows.
            y: What was seen: labels, or numbers.
            groups: For each row its group, by which figures are told as well.
            threshold: From which probability on a risk is taken for positive.
            positive: Of labels that are two texts the positive one; of those that a fitted classifier knows it is the second.
            kind: What the answers are, where the file does not say.
            base_margin: As in ``predict``.

        Returns:
            ``figures`` (AUC, Brier score, calibration and confusion of a risk; RMSE, MAE and R² of a number; and so on, with groups),
            ``certainty``, which ``interval`` takes, or None and ``notKnown``, which says why; and ``notes``.
        """
        answers = self._answers(_engine.PREDICTIONS, X, base_margin, None)
        labels = _cells(y, len(answers), "y")
        question: dict[str, Any] = {"ask": "figures", "answers": _listed(answers), "labels": labels, "threshold": threshold}
        if groups is not None:
            question |= {"groups": _cells(groups, len(answers), "groups"), "group": str(getattr(groups, "name", None) or "group")}
        positive = positive_of(self, positive, labels)
        if positive is not None:
            question["positive"] = positive
        if kind is not None:
            question["kind"] = kind
        return dict(self._ask(question))

    def interval(self, X: Any, certainty: dict[str, Any], *, level: int = 90, base_margin: Any = None) -> list[dict[str, Any] | None]:
        """How sure each row's answer is, by the certainty that ``figures`` has told of other rows.

        Args:
            X: Rows.
            certainty: ``figures(…)["certainty"]``.
            level: Of a hundred: 80, 90 or 95. A risk's range has none.
            base_margin: As in ``predict``.

        Returns:
            For each row ``low`` and ``high``; of a risk ``merged`` as well, and whether the answer lies ``outside``; of several classes
            ``classes``, the labels that are to be expected; None where the rows do not tell it.
        """
        answers = self._answers(_engine.PREDICTIONS, X, base_margin, None)
        told: list[dict[str, Any] | None] = self._ask(
            {"ask": "interval", "certainty": certainty, "answers": _listed(answers), "level": level}
        )
        labels = range(self.description.predictions) if self.classes_ is None else self.classes_.tolist()
        for own in told:
            if own is not None and "classes" in own:
                own["classes"] = [labels[place] for place in own["classes"]]
        return told

    # --- files

    def to_bytes(self) -> bytes:
        """The model as a ``.wardian`` file, which every other package of Wardian opens."""
        return self._engine.save()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the model as a ``.wardian`` file; a file that is there is replaced at once, or stays as it was."""
        whole(path, self.to_bytes())

    def seal(
        self,
        out: str | os.PathLike[str],
        *,
        data: Any = None,
        label: Any = None,
        held_out: Any = None,
        group: str | None = None,
        positive: str | None = None,
        predictions: Any = None,
        title: str | None = None,
        name: str | None = None,
        kind: str | None = None,
        language: str | None = None,
        case: Any = None,
    ) -> str:
        """Makes a page of the model, a folder, a package, a module for databases: what ``wardian seal`` makes, the same bytes.

        Args:
            out: What its name says: ``risk.html`` (one file, which opens from a disk), ``site/`` (a folder for any static host),
                ``risk.tgz`` (an npm package), ``risk.wasm`` (a module for databases), ``risk.wardian``, ``openapi.json``, ``card.html``,
                ``case.json``.
            data: Rows of the training data, or like them: ranges, an example, what is usual. Or the path of a file of CSV, JSON lines,
                Parquet or Arrow.
            label: What was to be predicted: a column's name (of several targets a list), or the values themselves.
            held_out: Rows with labels that the model was not trained on: how sure its answers are, and how good.
            group: The column of ``held_out`` by which figures are told for each group.
            positive: Of labels that are two texts the positive one; of those that a fitted classifier knows it is the second.
            predictions: The trainer's answers to ``data``, replayed bit for bit before anything is written.
            title, name, kind, language: What the page says.
            case: What else is said of the model: a dict like ``case.json``, or a path of one.

        Returns:
            What was sealed, in a line; what is to be known beside is warned of.

        Raises:
            WardianError: ``different_answer`` where the trainer's answers are others; ``invalid_case``, naming the place.
        """
        import warnings

        from ._seal import make, write

        path = os.fspath(out)
        product = os.path.basename(path.rstrip("/")) + ("/" if path.endswith("/") else "")
        if name is None and not self._name and case is None:
            # Of a model in memory the page's name is the file's.
            name = _slug(os.path.basename(path.rstrip("/")).split(".")[0])
        made = make(
            self,
            product,
            data=data,
            label=label,
            held_out=held_out,
            group=group,
            positive=positive,
            predictions=predictions,
            title=title,
            name=name,
            kind=kind,
            language=language,
            case=case,
        )
        write(path, made)
        for note in made.notes:
            warnings.warn(note, stacklevel=2)
        return made.summary

    def card(self) -> str:
        """The model's card: an HTML page of what it is, to be read or printed."""
        from ._seal import make

        return make(self, "card.html").file.decode()

    def _repr_html_(self) -> str:
        """The model's page, live, for notebooks; nothing but the model's name where the page's shell is not installed."""
        import html

        from ._seal import make

        try:
            page = make(self, "model.html").file.decode()
        except WardianError as error:
            return f"<pre>{html.escape(repr(self))}</pre><p>{html.escape(error.message)}</p>"
        said = html.escape(repr(self), quote=True)
        return (
            f'<iframe title="{said}" sandbox="allow-scripts allow-downloads" style="width:100%;height:40rem;border:0" '
            f'srcdoc="{html.escape(page, quote=True)}"></iframe>'
        )

    # --- Python's habits

    def __repr__(self) -> str:
        said = self.description
        trainer = " ".join(part for part in (said.trainer, said.trainer_version) if part) or said.format
        features = "1 feature" if self.n_features_in_ == 1 else f"{self.n_features_in_} features"
        return f"<wardian.Model: {said.kind}, {features}, {said.trees} trees; {trainer}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.to_bytes(), self._said, self.classes_, self._tells_truths)

    def __copy__(self) -> Model:
        return self

    def __deepcopy__(self, memo: Any) -> Model:
        return self

    # --- inside

    def _rows(self, given: Any) -> Any:
        return rows_of(given, self.description)

    def _read(self, file: bytes, said: dict[str, Any]) -> tuple[Read, list[str], list[str]]:
        """The rows in the bytes of a file of text, as the command's options say; what was decided, and what to know of the values."""
        try:
            made = self._engine.rows(file, json.dumps(said))
        except ValueError as error:
            # Whoever gave the file is at a command line: options are called as they are there.
            raise WardianError(*error.args) from None
        (length,) = struct.unpack_from("<I", made)
        told = json.loads(made[4 : 4 + length])
        values = np.frombuffer(made[4 + length :], dtype="<f8").astype(np.float64, copy=False).reshape(-1, self.n_features_in_)
        return Read(values), told["notes"], told["warnings"]

    def _answers(self, what: int, given: Any, base_margin: Any, threads: int | None) -> np.ndarray:
        rows = rows_of(given, self.description)
        if self.description.refuses_missing and not isinstance(given, Read):
            heed_missing(rows, self.description)
        flat = self._asked(what, rows, base_margin, threads)
        width = self.description.outputs if what == _engine.MARGINS else self.description.predictions
        return flat if width == 1 else flat.reshape(-1, width)

    def _asked(self, what: int, rows: Any, base_margin: Any, threads: int | None) -> np.ndarray:
        count = row_count(rows)
        if threads is None:
            threads = 1 if count < _FEW else _cores()
        elif threads < 1:
            raise WardianError(f"{threads} threads are asked for; 1 at least", "invalid_option")
        if base_margin is not None:
            base_margin = np.ascontiguousarray(base_margin, dtype=np.float32).reshape(-1)
        try:
            answers: np.ndarray = self._engine.answer(what, rows, base_margin, threads)
        except ValueError as error:
            raise raised(error) from None
        return answers

    def _one(self, row: Any) -> list[float | None]:
        """The values of one row, None for missing."""
        if isinstance(row, Sequence) and not isinstance(row, (str, bytes)) and row and all(np.ndim(value) == 0 for value in row):
            row = [row]
        elif isinstance(row, np.ndarray) and row.ndim == 1 and row.dtype.names is None:
            row = row.reshape(1, -1)
        values = as_matrix(self._rows(row))
        if len(values) != 1:
            raise WardianError(f"{len(values)} rows are given; one is due", "wrong_field_count")
        return [None if value != value else float(value) for value in values[0]]

    def _ask(self, question: dict[str, Any]) -> Any:
        try:
            return json.loads(self._engine.ask(json.dumps(question)))
        except ValueError as error:
            raise raised(error) from None

    def _class_places(self, values: np.ndarray) -> np.ndarray:
        if self._answers_are_classes:
            return values.astype(np.intp)
        if values.ndim == 2:
            return np.asarray(values.argmax(axis=1))
        return (values > 0.5).astype(np.intp)


def _restored(data: bytes, said: str, classes: Any, tells_truths: bool = False) -> Model:
    model = Model(data, None, classes)
    # A `.wardian` file does not say where it came from.
    model._said = said
    model.description = Description.of(said)
    model._tells_truths = tells_truths
    return model


def _schema(given: Any) -> Any:
    if isinstance(given, dict):
        return given
    try:
        with open(given, encoding="utf-8") as file:
            return json.load(file)
    except ValueError as error:
        raise WardianError(f"{os.fspath(given)}: {error}", "invalid_schema") from None


def _slug(text: str) -> str | None:
    """A name for a package; None where nothing is left."""
    return "-".join("".join(sign if sign.isalnum() and sign.isascii() else " " for sign in text.lower()).split()) or None


def _typed(names: Sequence[str]) -> np.ndarray:
    """Classes as they were before a file made texts of them: whole numbers, numbers, truths, or texts."""
    for kind in (int, float):
        try:
            values = [kind(name) for name in names]
        except ValueError:
            continue
        if [str(value) for value in values] == list(names):
            return np.array(values)
    if set(names) <= {"True", "False"}:
        return np.array([name == "True" for name in names])
    return np.array(names)


def _listed(answers: np.ndarray) -> list[float | None]:
    return [None if value != value else value for value in answers.astype(np.float64).reshape(-1).tolist()]


def _cells(values: Any, count: int, what: str) -> list[str]:
    """Values as a file of rows would have them; whole numbers without a fraction."""
    values = np.asarray(values)
    if values.shape != (count,):
        raise WardianError(f"{what}: {values.shape} values for {count} rows", "wrong_field_count", what)
    if values.dtype.kind == "f":
        return [
            "" if value != value else str(int(value)) if value.is_integer() else repr(value) for value in values.astype(np.float64).tolist()
        ]
    return ["" if value is None or value != value else str(value) for value in values.tolist()]


def _counted(column: np.ndarray) -> dict[str, list[Any]]:
    values, counts = np.unique(column[~np.isnan(column)], return_counts=True)
    return {"values": values.tolist(), "counts": counts.tolist()}


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
