"""Rows in files that every engine is asked for."""

from __future__ import annotations

import pytest
from scored import Scored, make


@pytest.fixture(scope="session")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    return make(tmp_path_factory.mktemp("scored"))
