"""Why answers are what they are: exact SHAP values, laid out as the package shap has them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


class Explanation:
    """What each feature adds to each row's margin.

    ``shap.plots.waterfall(explanation[0])``, ``shap.plots.beeswarm(explanation)`` and the others take it as it is. The package shap is
    not needed to make one: what is not defined here (slices, ``abs``, ``mean`` and the like) is shap's own, once it is imported.

    Attributes:
        values: Contributions on the margin's scale, 64-bit: (rows, features), or (rows, features, outputs) of a model of several outputs.
        base_values: What they are added to: (rows,), or (rows, outputs). With the contributions it makes the margin.
        data: The rows' values, 64-bit: (rows, features).
        feature_names: The features' names.
        output_names: The outputs' names, or None for one.
    """

    values: np.ndarray
    base_values: np.ndarray
    data: np.ndarray
    feature_names: list[str]
    output_names: list[str] | None

    def __init__(
        self,
        values: np.ndarray,
        base_values: np.ndarray,
        data: np.ndarray,
        feature_names: list[str],
        output_names: list[str] | None = None,
    ) -> None:
        self.values = values
        self.base_values = base_values
        self.data = data
        self.feature_names = feature_names
        self.output_names = output_names

    @property
    def shape(self) -> tuple[int, ...]:
        """That of ``values``."""
        return tuple(self.values.shape)

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"<wardian.Explanation of {' × '.join(map(str, self.shape))} contributions>"

    # `isinstance(explanation, shap.Explanation)`, which shap's plots ask first, looks here after the type.
    @property
    def __class__(self) -> type:
        shap = sys.modules.get("shap")
        return getattr(shap, "Explanation", Explanation)

    @__class__.setter
    def __class__(self, value: type) -> None:
        raise AttributeError("an explanation's class is not set")

    def _shap(self) -> Any:
        import shap

        return shap.Explanation(
            values=self.values,
            base_values=self.base_values,
            data=self.data,
            feature_names=self.feature_names,
            output_names=self.output_names,
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "shap" not in sys.modules:
            raise AttributeError(f"a wardian.Explanation has no {name!r}")
        return getattr(self._shap(), name)

    def __getitem__(self, item: Any) -> Any:
        """A part of it: of rows, where ``item`` is a place or a slice; else, and once shap is imported, as shap slices."""
        if "shap" in sys.modules:
            return self._shap()[item]
        if isinstance(item, tuple):
            raise TypeError("rows are taken by a place or a slice; import shap to slice otherwise")
        return Explanation(self.values[item], self.base_values[item], self.data[item], self.feature_names, self.output_names)

    def __reduce__(self) -> tuple[Any, ...]:
        return Explanation, (self.values, self.base_values, self.data, self.feature_names, self.output_names)
