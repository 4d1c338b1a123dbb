"""Sealed models in what scikit-learn's users have: pipelines, displays, importance, its own checks; and shap's plots."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest
import shap
import xgboost
from cases import Case, same
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.calibration import CalibrationDisplay
from sklearn.datasets import load_breast_cancer
from sklearn.inspection import PartialDependenceDisplay, permutation_importance
from sklearn.metrics import RocCurveDisplay
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

import wardian
from wardian.sklearn import SealedClassifier, SealedRegressor

X, y = load_breast_cancer(return_X_y=True, as_frame=True)
FITTED = xgboost.XGBClassifier(n_estimators=20).fit(X, y)


def test_it_drops_into_scikit_learn() -> None:
    sealed = SealedClassifier(FITTED)
    assert is_classifier(sealed) and is_regressor(SealedRegressor())
    assert same(sealed.predict_proba(X), FITTED.predict_proba(X))
    assert np.array_equal(clone(sealed).fit().predict(X), FITTED.predict(X))
    assert sealed.score(X, y) == FITTED.score(X, y)
    piped = make_pipeline(FunctionTransformer(), sealed)
    assert np.array_equal(piped.predict(X), FITTED.predict(X))
    assert cross_val_score(sealed, X, y).min() > 0.9
    CalibrationDisplay.from_estimator(sealed.fit(), X, y)
    RocCurveDisplay.from_estimator(sealed, X, y)
    PartialDependenceDisplay.from_estimator(sealed, X, ["mean radius"])
    ours = permutation_importance(sealed, X, y, random_state=0, n_repeats=2).importances_mean
    assert np.array_equal(ours, permutation_importance(FITTED, X, y, random_state=0, n_repeats=2).importances_mean)


def test_regressors(petal: Case) -> None:
    sealed = SealedRegressor(petal.path).fit()
    assert same(sealed.predict(petal.X), petal.predictions)
    with pytest.raises(wardian.WardianError, match="SealedRegressor takes it"):
        SealedClassifier(petal.path).fit()
    with pytest.raises(wardian.WardianError, match="no model is given"):
        SealedClassifier().fit()


#: What scikit-learn checks of an estimator that is trained by `fit` on any rows: this one is trained already, on rows of a width of its
#: own, and so takes none of the checks' rows.
def test_scikit_learns_checks_of_what_is_no_training() -> None:
    told = check_estimator(SealedClassifier(FITTED), on_fail=None, on_skip=None)
    passed = {one["check_name"] for one in told if one["status"] == "passed"}
    wanted = {
        "check_estimator_cloneable",
        "check_estimator_tags_renamed",
        "check_valid_tag_types",
        "check_estimator_repr",
        "check_no_attributes_set_in_init",
        "check_parameters_default_constructible",
        "check_get_params_invariance",
        "check_set_params",
        "check_mixin_order",
    }
    assert wanted <= passed, wanted - passed


def test_predictions_as_scikit_learn_wants_them() -> None:
    sealed = SealedClassifier(FITTED).fit()
    rows = X.to_numpy()
    probabilities = sealed.predict_proba(rows)
    assert probabilities.shape == (len(X), 2) and np.allclose(probabilities.sum(axis=1), 1)
    # Row by row and in subsets, in another order: the same.
    assert same(np.vstack([sealed.predict_proba(rows[place : place + 1]) for place in range(50)]), probabilities[:50])
    assert same(sealed.predict_proba(rows[::-1])[::-1].copy(), probabilities)
    assert np.array_equal(sealed.classes_, [0, 1]) and sealed.n_features_in_ == 30
    assert list(sealed.feature_names_in_) == list(X.columns)
    with pytest.raises(ValueError, match="30 columns are due"):
        sealed.predict(rows[:, :3])
    before = rows.copy()
    sealed.predict(rows)
    assert np.array_equal(before, rows)


def test_shaps_plots_take_an_explanation(diabetes: Case) -> None:
    explanation = diabetes.model.explain(diabetes.X)
    assert isinstance(explanation, shap.Explanation)
    shap.plots.waterfall(explanation[0], show=False)
    shap.plots.beeswarm(explanation, show=False)
    shap.plots.bar(explanation, show=False)
    assert np.array_equal(explanation[:5, "glucose"].values, explanation.values[:5, 1])
    several = wardian.load(xgboost.XGBClassifier(n_estimators=5).fit(X[:90], np.arange(90) % 3)).explain(X[:40])
    shap.plots.beeswarm(several[:, :, 1], show=False)
