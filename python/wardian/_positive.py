"""The positive label of a risk whose classes are texts that a fitted estimator knows, and the file of its trees does not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ._errors import WardianError

if TYPE_CHECKING:
    from ._model import Model


def positive_of(model: Model, asked: str | None, labels: Iterable[str]) -> str | None:
    """The label whose probability the model answers, where these labels, as texts, are its classes; else what is asked for.

    Raises:
        WardianError: ``invalid_option`` where the other class is asked for.
    """
    classes = model.classes_
    # Classes that the file names are the engine's to look at.
    if classes is None or model.description.kind != "risk" or model.description.classes or classes.dtype.kind not in "OU":
        return asked
    negative, positive = (str(each) for each in classes)
    if asked is not None and asked.strip() == negative.strip():
        message = f"positive=: the model answers the probability of {positive!r}, not of {negative!r}"
        raise WardianError(message, "invalid_option", "positive")
    if asked is None and {positive} <= set(labels) <= {negative, positive, ""}:
        return positive
    return asked
