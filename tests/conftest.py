"""Fixtures over every activation of the catalog and every dtype."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from chromium import launched
from oracles import ORACLES, Oracle

# A shell's background job ignores Ctrl-C, and so would every program that the tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(params=sorted(ORACLES))
def oracle(request: pytest.FixtureRequest) -> Oracle:
    """The independent truth of one elementwise activation."""
    return ORACLES[request.param]


@pytest.fixture
def activation(oracle: Oracle) -> Any:
    """The activation of that oracle."""
    return nl.get(oracle.name)


@pytest.fixture(params=["softmax", "log_softmax"])
def rowwise(request: pytest.FixtureRequest) -> Any:
    """An activation that mixes the elements of a row."""
    return nl.get(request.param)


@pytest.fixture(params=[np.float32, np.float64], ids=["float32", "float64"])
def dtype(request: pytest.FixtureRequest) -> Any:
    """A dtype that kernels are compiled for."""
    return request.param


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of a process: Playwright can be started once."""
    yield from launched()
