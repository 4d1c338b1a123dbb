"""A sealed model as scikit-learn's estimators: it is fitted already, and drops into what takes one.

>>> from wardian.sklearn import SealedClassifier
>>> CalibrationDisplay.from_estimator(SealedClassifier("model.ubj").fit(), X, y)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.validation import check_is_fitted

from ._errors import WardianError
from ._model import Model, load

__all__ = ["SealedClassifier", "SealedRegressor"]


class _Sealed(BaseEstimator):  # type: ignore[misc]
    """What both have. ``model`` is whatever ``wardian.load`` takes."""

    def __init__(self, model: Any = None) -> None:
        # As scikit-learn asks: what is given is kept as it is, so that a clone is made of it.
        self.model = model

    def fit(self, X: Any = None, y: Any = None) -> Any:
        """Opens the model. Nothing is trained: X and y are not looked at."""
        if self.model is None:
            raise WardianError("no model is given: SealedClassifier('model.ubj')", "empty_input")
        self._opened()
        return self

    def _opened(self) -> Model:
        if not hasattr(self, "model_"):
            model = load(self.model)
            self._check(model)
            self.model_ = model
            self.n_features_in_ = model.n_features_in_
            if not model.description.names_are_invented:
                self.feature_names_in_ = model.feature_names_in_
        return self.model_

    def _check(self, model: Model) -> None:
        """Raises for a model of another kind."""

    def __sklearn_clone__(self) -> Any:
        # What is cloned otherwise comes without what it has learnt: of a fitted estimator that would be all.
        return type(self)(self.model)

    def __sklearn_is_fitted__(self) -> bool:
        return self.model is not None

    def _ready(self) -> Model:
        check_is_fitted(self)
        return self._opened()

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.requires_fit = False
        return tags


class SealedClassifier(ClassifierMixin, _Sealed):  # type: ignore[misc]
    """A sealed model that tells classes.

    Args:
        model: A path, bytes, a fitted model, or a ``wardian.Model``.

    Attributes:
        classes_: The labels; 0, 1 and so on where the model names none.
    """

    def _check(self, model: Model) -> None:
        if model.description.kind not in ("risk", "classes"):
            raise WardianError(f"the model answers a {model.description.kind}: SealedRegressor takes it", "unsupported_model")
        count = max(2, model.description.predictions)
        self.classes_ = np.arange(count) if model.classes_ is None else model.classes_

    def predict(self, X: Any) -> np.ndarray:
        """The label of each row."""
        model = self._ready()
        if model.classes_ is not None:
            return model.predict(X)
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of each class: (rows, classes)."""
        return self._ready().predict_proba(X)


class SealedRegressor(RegressorMixin, _Sealed):  # type: ignore[misc]
    """A sealed model that answers numbers.

    Args:
        model: A path, bytes, a fitted model, or a ``wardian.Model``.
    """

    def _check(self, model: Model) -> None:
        if model.classes_ is not None:
            raise WardianError("the model tells classes: SealedClassifier takes it", "unsupported_model")

    def predict(self, X: Any) -> np.ndarray:
        """The number of each row, or the numbers."""
        return self._ready().predict(X)
