"""Results of studies that never ran, as fixtures."""

from __future__ import annotations

from typing import Any

import pytest

from drawn_results import HOSTILE, make_results


@pytest.fixture(scope="session")
def results() -> dict[str, Any]:
    return make_results(best="mish")


@pytest.fixture(scope="session")
def hostile_results() -> dict[str, Any]:
    return make_results(HOSTILE)


@pytest.fixture(scope="session")
def results_for():
    return make_results
