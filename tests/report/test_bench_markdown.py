"""The README's tables of speed say what was measured, and mark what is slower."""

from __future__ import annotations

import pytest

from nonlin.bench import Case, Record, Result, Timing
from nonlin.report.bench_markdown import markdown, summary_markdown


def result(function, task="value", values=4096, row=None, **seconds):
    timings = {name: Timing(s, s, s, 5) for name, s in seconds.items()}
    return Result(Case(function, task, values, row, "reused", 1), timings)


@pytest.fixture
def record() -> Record:
    """silu is 2 and 8 times as fast as PyTorch and half as fast as JAX; copying takes half our time."""
    return Record(
        command="nonlin bench", started="2026-03-02T10:11:12+00:00", seconds=1.0, complete=True,
        machine={}, versions={}, settings={}, notes=(),
        titles={"torch": "PyTorch", "jax": "JAX", "copy": "copy"},
        results=(
            result("silu", exact=1e-3, fast=5e-4, torch=2e-3, jax=5e-4, copy=5e-4),
            result("silu", values=2**20, exact=1e-3, torch=8e-3, copy=5e-4),
            result("silu", "gradient", exact=1e-3, torch=3e-3, copy=1e-3),
            result("softmax", values=1000, row=10, exact=1e-3, torch=1e-3, jax=2e-4),
        ),
    )  # fmt: skip


def test_means_are_geometric_and_losses_are_bold(record):
    lines = markdown(record).splitlines()
    assert lines[0] == "|  | PyTorch | JAX | time of a copy |"
    assert lines[2] == "| exact, value | 4.00 | **0.50** | × 2.0 |"
    assert lines[3] == "| fast, value | 4.00 | 1.00 | × 1.0 |"


def test_each_function_stands_beside_pytorch_and_its_fastest_rival(record):
    (line,) = (line for line in markdown(record).splitlines() if line.startswith("| `silu`"))
    assert line == "| `silu` | 4.00 | **0.50** (JAX) | 4.00 | 1.00 (JAX) | 3.00 | 3.00 | – | – |"


def test_rows_have_a_table_of_their_own_by_grade(record):
    assert markdown(record).splitlines()[-3:] == [
        "| rows of | PyTorch | JAX |",
        "|---|---|---|",
        "| `softmax`, 10, exact | 1.00 | **0.20** |",
    ]


def test_every_row_has_as_many_cells_as_its_head(record):
    for table in markdown(record).split("\n\n"):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_the_summary_has_the_means_and_says_where_another_is_faster(record):
    means, behind = summary_markdown(record).split("\n\n")
    assert means == markdown(record).split("\n\n")[0]
    lines = behind.splitlines()
    assert lines[0] == "|  | where another is faster |"
    assert lines[2] == "| exact, value | `silu` 0.50 (JAX), `softmax` of rows of 10 0.20 (JAX) |"
    assert lines[3:] == [
        "| fast, value | nowhere |",
        "| exact, value and gradient | nowhere |",
        "| fast, value and gradient | nowhere |",
    ]
