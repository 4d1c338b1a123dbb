"""The original model as the original service held it: a scikit-learn pipeline that sets missing codes to NaN and then
asks the XGBoost classifier."""

import json
import pathlib

import numpy
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from xgboost import XGBClassifier

MODELS = pathlib.Path(__file__).resolve().parents[2] / "models" / "diabetes"
SCHEMA = json.loads((MODELS / "schema.json").read_text(encoding="utf-8"))
COLUMNS = [feature["name"] for feature in SCHEMA["features"]]
ZERO_IS_MISSING = [feature["name"] for feature in SCHEMA["features"] if 0.0 in feature["missing_codes"]]


def missing_codes_to_nan(frame):
    frame = frame.copy()
    frame[ZERO_IS_MISSING] = frame[ZERO_IS_MISSING].replace(0.0, numpy.nan)
    return frame


def build():
    classifier = XGBClassifier(n_jobs=1)
    classifier.load_model(MODELS / "diabetes.ubj")
    return Pipeline([("missing", FunctionTransformer(missing_codes_to_nan)), ("classifier", classifier)])


def margins(pipeline, frame):
    """The sums of the trees, which `predict_proba` maps to probabilities."""
    return pipeline[-1].predict(pipeline[:-1].transform(frame), output_margin=True)
