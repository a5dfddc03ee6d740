"""A record drawn by hand, in which every ratio is known."""

from __future__ import annotations

import pytest

from nonlin.bench import Case, Record, Result, Timing


def timing(seconds: float) -> Timing:
    return Timing(seconds, seconds * 0.9, seconds * 1.1, 5)


@pytest.fixture
def record() -> Record:
    """gelu is 2 and 8 times as fast as PyTorch, relu half as fast; copying takes half of our time."""
    small, large = (Case("gelu", "value", size, None, "reused", 1) for size in (4096, 65536))
    lost = Case("relu", "value", 4096, None, "reused", 1)
    return Record(
        command="nonlin bench --functions gelu,relu",
        started="2026-03-02T10:11:12+00:00",
        seconds=12.5,
        complete=True,
        machine={"processor": "AMD EPYC 9B14", "cores": 2, "system": "Linux"},
        versions={"python": "3.11.9", "torch": "2.13.0"},
        settings={"inputs": "normal draws of spread 3", "tolerance": "1e-05"},
        titles={"torch": "PyTorch", "copy": "copy"},
        results=(
            Result(small, {"exact": timing(1e-3), "torch": timing(2e-3), "copy": timing(5e-4)}),
            Result(large, {"exact": timing(1e-2), "torch": timing(8e-2), "copy": timing(5e-3)}),
            Result(lost, {"exact": timing(1e-3), "torch": timing(5e-4), "copy": timing(5e-4)}),
        ),
        notes=("SciPy is left out: scipy not installed",),
    )
