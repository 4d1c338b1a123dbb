"""Fitted models in memory → the bytes of the file that their trainer would have saved, by its own save call."""

from __future__ import annotations

import math
import os
import pickle
import tempfile
from dataclasses import dataclass, field
from typing import Any

from ._errors import WardianError


@dataclass
class Saved:
    """What a trainer has saved.

    Attributes:
        bytes: The file.
        classes: The labels that ``predict`` gives, as the estimator has them; None where it gives numbers.
        options: Options of reading the file.
        stops_early: Whether the object's own ``predict`` takes rounds that the file's reader leaves out.
        is_raw: Whether the object's own ``predict`` gives raw values, before any link.
    """

    bytes: bytes
    classes: Any = None
    options: dict[str, Any] = field(default_factory=dict)
    stops_early: bool = False
    is_raw: bool = False


def saved(model: Any) -> Saved:
    """What the trainer of a fitted model saves of it.

    Raises:
        WardianError: An object that is no model, one that is not fitted, or a trainer that is not known.
    """
    homes = [cls.__module__.partition(".")[0] for cls in type(model).__mro__]
    for home, save in _TRAINERS.items():
        if home in homes:
            try:
                return save(model)
            except WardianError:
                raise
            except Exception as error:
                if not _is_fitted(model, error):
                    raise WardianError(f"{type(model).__name__}: the model was not fitted: call fit first", "invalid_model") from error
                raise WardianError(f"{type(model).__name__} could not be saved: {error}", "invalid_model") from error
    kind = type(model)
    if isinstance(model, (dict, list, tuple)):
        # What a person keeps beside a model, in one pickle, is loaded as this.
        items = model.items() if isinstance(model, dict) else enumerate(model)
        within = next((key for key, value in items if hasattr(value, "predict")), None)
        hint = f"[{within!r}]" if within is not None else "[…]"
        raise WardianError(
            f"a {kind.__name__} is no model: give the one that is in it, as in wardian.load(loaded{hint})", "unsupported_model"
        )
    raise WardianError(
        f"{kind.__module__}.{kind.__qualname__} is no model that is known: a path, bytes, or a fitted model of XGBoost, LightGBM, "
        "CatBoost or scikit-learn is due",
        "unsupported_model",
    )


def _is_fitted(model: Any, error: Exception) -> bool:
    """Whether a model that could not be saved was fitted at all."""
    if any(cls.__name__ == "NotFittedError" for cls in type(error).__mro__):
        return False
    # CatBoost has no exception of its own for it.
    asked = getattr(model, "is_fitted", None)
    return not callable(asked) or bool(asked())


def _xgboost(model: Any) -> Saved:
    import xgboost

    if isinstance(model, xgboost.Booster):
        best = model.attr("best_iteration")
        return Saved(_xgboost_bytes(model), stops_early=best is not None and int(best) + 1 < _round_count(model))
    if not isinstance(model, xgboost.XGBModel):
        raise WardianError(f"xgboost.{type(model).__name__} is no model", "unsupported_model")
    booster = model.get_booster()
    missing = getattr(model, "missing", math.nan)
    options = {} if missing is None or math.isnan(missing) else {"missing": float(missing)}
    classes = model.classes_ if isinstance(model, xgboost.XGBClassifier) else None
    return Saved(_xgboost_bytes(booster), classes, options)


def _round_count(booster: Any) -> int:
    try:
        return int(booster.num_boosted_rounds())
    except AttributeError:
        # Before 1.4: of several classes it counts a tree each, and says more than there are.
        return len(booster.get_dump())


def _xgboost_bytes(booster: Any) -> bytes:
    try:
        return bytes(booster.save_raw(raw_format="ubj"))
    except TypeError:
        # Before 1.6 only files have a format that is documented.
        return _by_file(lambda path: booster.save_model(path), "model.json")


def _lightgbm(model: Any) -> Saved:
    import lightgbm

    if isinstance(model, lightgbm.Booster):
        return Saved(model.model_to_string().encode())
    if not isinstance(model, lightgbm.LGBMModel):
        raise WardianError(f"lightgbm.{type(model).__name__} is no model", "unsupported_model")
    # With an objective of its user's own even a classifier's `predict` gives raw scores.
    has_labels = not callable(model.objective)
    classes = model.classes_ if isinstance(model, lightgbm.LGBMClassifier) and has_labels else None
    return Saved(model.booster_.model_to_string().encode(), classes)


def _catboost(model: Any) -> Saved:
    import catboost

    if not isinstance(model, catboost.CatBoost):
        raise WardianError(f"catboost.{type(model).__name__} is no model", "unsupported_model")
    classes = model.classes_ if isinstance(model, catboost.CatBoostClassifier) else None
    # What is neither a classifier nor a regressor, as CatBoost itself.
    is_raw = not (hasattr(model, "predict_proba") or isinstance(model, (catboost.CatBoostRegressor, catboost.CatBoostRanker)))
    return Saved(_by_file(lambda path: model.save_model(path, format="cbm"), "model.cbm"), classes, is_raw=is_raw)


def _sklearn(model: Any) -> Saved:
    from sklearn.utils.validation import check_is_fitted

    if not hasattr(model, "predict"):
        raise WardianError(f"{type(model).__name__} does not predict", "unsupported_model")
    check_is_fitted(model)
    # scikit-learn's own way to save; the pickle is read by our reader, and never run.
    classes = getattr(model, "classes_", None)
    # CatBoost's regressors have an empty list of them, and so has a pipeline that ends in one.
    return Saved(pickle.dumps(model, protocol=4), None if classes is None or len(classes) == 0 else classes)


def _onnx(model: Any) -> Saved:
    return Saved(model.SerializeToString())


def _by_file(save: Any, name: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="wardian-") as folder:
        path = os.path.join(folder, name)
        save(path)
        with open(path, "rb") as file:
            return file.read()


# XGBoost's and LightGBM's estimators are scikit-learn's too: they come first.
_TRAINERS = {"xgboost": _xgboost, "lightgbm": _lightgbm, "catboost": _catboost, "sklearn": _sklearn, "onnx": _onnx}
