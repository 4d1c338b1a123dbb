"""Fixtures that all tests share."""

from __future__ import annotations

import pytest
from cases import FILES, Case, read_case


@pytest.fixture(scope="session", params=sorted(FILES))
def case(request: pytest.FixtureRequest) -> Case:
    return read_case(request.param)


@pytest.fixture(scope="session")
def diabetes() -> Case:
    return read_case("diabetes")


@pytest.fixture(scope="session")
def petal() -> Case:
    return read_case("petal")
