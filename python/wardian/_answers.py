"""Answers as columns with names: what engines and files take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._errors import WardianError

if TYPE_CHECKING:
    from ._model import Model

#: What may be asked of rows.
WHATS = ("predict", "predict_proba", "margins", "explain")


def values(model: Model, what: str, rows: Any) -> Any:
    """Numbers or labels for rows, on one thread: engines run as many tasks as there are cores beside each other."""
    if what != "explain":
        return getattr(model, what)(rows, threads=1)
    explanation = model.explain(rows, threads=1)
    contributions, base = explanation.values, explanation.base_values
    if contributions.ndim == 3:
        # Output by output: its features, and its base.
        contributions, base = contributions.transpose(0, 2, 1), base[:, :, None]
        return np.concatenate([contributions, base], axis=2).reshape(len(contributions), -1)
    return np.column_stack((contributions, base))


def columns(model: Model, what: str, rows: Any) -> list[np.ndarray]:
    """The answers as a column for each of ``fields``."""
    answers = values(model, what, rows)
    if answers.ndim == 1:
        return [answers]
    return [np.ascontiguousarray(answers[:, place]) for place in range(answers.shape[1])]


def arrays(model: Model, what: str, rows: Any) -> list[Any]:
    """The same as Arrow's arrays."""
    import pyarrow as pa

    return [pa.array(column) for column in columns(model, what, rows)]


def fields(model: Model, what: str) -> list[tuple[str, str]]:
    """The names of the columns that answers make, and their types in SQL's words: float, double, long, boolean, string."""
    if what not in WHATS:
        raise WardianError(f"{what!r} may not be asked for: {', '.join(WHATS)} may", "invalid_option")
    said = model.description
    number = "float" if said.answer_bits == 32 else "double"
    if what == "explain":
        of = [""] if said.outputs == 1 else [f"_{output}" for output in range(said.outputs)]
        return [(f"{name}{end}", "double") for end in of for name in [*(f"contribution_{own}" for own in said.names), "base"]]
    if what == "predict_proba":
        if said.kind not in ("risk", "classes"):
            raise WardianError(f"the model's answers are no probabilities ({said.kind})", "invalid_option")
        classes = range(max(2, said.predictions)) if model.classes_ is None else model.classes_
        return [(f"probability_{label}", number) for label in classes]
    if what == "margins":
        return [("margin", number)] if said.outputs == 1 else [(f"margin_{output}", number) for output in range(said.outputs)]
    if model.classes_ is not None:
        kinds = {"i": "long", "u": "long", "f": "double", "b": "boolean"}
        return [("prediction", kinds.get(model.classes_.dtype.kind, "string"))]
    if said.predictions == 1:
        return [("prediction", "long" if said.objective == "IsolationForest" else number)]
    return [(f"prediction_{place}", number) for place in range(said.predictions)]
