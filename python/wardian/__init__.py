"""Trained trees in a sealed case: the trainer's own answer, bit for bit, explained.

>>> import wardian
>>> model = wardian.load("model.ubj")      # XGBoost, LightGBM, CatBoost, scikit-learn or ONNX: a file, bytes, or a fitted model
>>> model.predict(X)                        # numpy, pandas, polars, pyarrow, lists: what the trainer's predict gives
>>> model.explain(X)                        # exact SHAP values
"""

from __future__ import annotations

# Importing typing takes longer than all the rest; what checks types takes this as it takes typing's.
TYPE_CHECKING = False

__version__ = "0.1.0"
__all__ = ["Explanation", "Model", "WardianError", "load"]

if TYPE_CHECKING:
    from typing import Any

    from ._errors import WardianError
    from ._explanation import Explanation
    from ._model import Model, load


def _is_main_interpreter() -> bool:
    for name in ("_interpreters", "_xxsubinterpreters"):
        try:
            interpreters = __import__(name)
        except ModuleNotFoundError:
            continue
        return bool(interpreters.get_current() == interpreters.get_main())
    # Python has one where it cannot make more.
    return True


if not _is_main_interpreter():
    # numpy loads in one of a process: where another one tries, either it or the main one is left without, or both with half of it.
    raise ImportError("wardian answers in Python's main interpreter alone: numpy, which it needs, does not load in a subinterpreter")

# What needs numpy is imported when it is asked for: `import wardian` takes a millisecond, which a command line and a worker that only
# passes models on are glad of.
_HOMES = {"Explanation": "_explanation", "Model": "_model", "WardianError": "_errors", "load": "_model"}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
