"""Small data and small budgets: a study of a second."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nonlin.study import Settings

TINY: dict[str, Any] = {
    "hidden": (8,),
    "epochs": 2,
    "batch_size": 16,
    "learning_rates": (0.003, 0.03),
    "seeds": 2,
    "tuning_seeds": 1,
}


@pytest.fixture
def tiny() -> dict[str, Any]:
    return dict(TINY)


@pytest.fixture
def tiny_settings() -> Settings:
    return Settings(**TINY)


@pytest.fixture
def blobs() -> tuple[np.ndarray, np.ndarray]:
    """Three classes in four dimensions that a small network tells apart."""
    generator = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], 40)
    return generator.normal(size=(120, 4)) + 2.5 * np.eye(4)[y], y


@pytest.fixture
def line() -> tuple[np.ndarray, np.ndarray]:
    """A number that depends on two of three inputs."""
    generator = np.random.default_rng(0)
    X = generator.normal(size=(120, 3))
    return X, 50 + 10 * X[:, 0] - 5 * X[:, 1] + generator.normal(size=120)
