"""Writes the shipped model as ONNX, for the page to be measured beside: python benches/diabetes.py MODEL.ubj MODEL.onnx"""

import pathlib
import sys

import onnxmltools
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

source, target = map(pathlib.Path, sys.argv[1:])
model = xgboost.XGBClassifier(n_jobs=1)
model.load_model(source)
# The converter asks for names of its own making.
model.get_booster().feature_names = None
converted = onnxmltools.convert_xgboost(model, initial_types=[("input", FloatTensorType([None, 8]))])
target.write_bytes(converted.SerializeToString())
