"""Ratios and their means, from planted medians."""

from __future__ import annotations

import pytest

from nonlin.bench import Case, Result, Timing
from nonlin.bench.ratios import against_libraries, behind, is_ours, means, ratios


def test_the_ratio_is_the_rival_s_time_over_ours(record):
    found = {(one.case.function, one.case.values, one.rival): one.ratio for one in ratios(record)}
    assert found == pytest.approx(
        {
            ("gelu", 4096, "torch"): 2.0, ("gelu", 65536, "torch"): 8.0, ("relu", 4096, "torch"): 0.5,
            ("gelu", 4096, "copy"): 0.5, ("gelu", 65536, "copy"): 0.5, ("relu", 4096, "copy"): 0.5,
        }
    )  # fmt: skip


def test_means_are_geometric(record):
    mean = means(against_libraries(ratios(record)), lambda one: one.case.function)
    assert mean == pytest.approx({"gelu": 4.0, "relu": 0.5})


def test_the_copy_is_nobody_to_lose_against(record):
    assert [(one.case.function, one.rival) for one in behind(ratios(record))] == [("relu", "torch")]


def test_losses_come_worst_first(record):
    times = {"exact": Timing(1.0, 1, 1, 3), "torch": Timing(0.9, 1, 1, 3), "jax": Timing(0.2, 1, 1, 3)}
    record = type(record)(
        **{**vars(record), "results": (Result(Case("mish", "value", 1, None, "fresh", 1), times),)}
    )
    assert [one.rival for one in behind(ratios(record))] == ["jax", "torch"]


@pytest.mark.parametrize(
    ("name", "ours"), [("exact", True), ("exact + vjp", True), ("fast", True), ("torch", False)]
)
def test_grades_are_ours(name, ours):
    assert is_ours(name) is ours
