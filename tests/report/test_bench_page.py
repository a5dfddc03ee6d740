"""A benchmark's page says what was measured, losses included."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nonlin.bench import Case, Record, Result, Timing
from nonlin.report.as_html import as_html
from nonlin.report.as_json import as_json, from_json
from nonlin.report.as_text import as_text
from nonlin.report.bench_page import bench_page, bench_summary
from nonlin.report.page import Details, Section, Table, Tag


def result(function="gelu", task="value", values=4096, row=None, output="reused", threads=1, **seconds):
    timings = {name.replace("_vjp", " + vjp"): Timing(s, s, s, 5) for name, s in seconds.items()}
    return Result(Case(function, task, values, row, output, threads), timings)


@pytest.fixture
def record() -> Record:
    """gelu is 2 and 8 times as fast as PyTorch, relu half as fast; softmax ties; copying takes half our time."""
    return Record(
        command="nonlin bench --budget 12",
        started="2026-03-02T10:11:12+00:00",
        seconds=12.5,
        complete=True,
        machine={"processor": "AMD EPYC 9B14", "cores": 2, "system": "Linux"},
        versions={"python": "3.11.9", "torch": "2.13.0"},
        settings={"inputs": "normal draws of spread 3", "tolerance": "1e-05"},
        titles={"torch": "PyTorch", "jax": "JAX", "copy": "copy"},
        results=(
            result(exact=1e-3, torch=2e-3, jax=4e-3, copy=5e-4),
            result(values=2**20, exact=1e-2, torch=8e-2, copy=5e-3),
            result("relu", exact=1e-3, torch=5e-4, jax=9.99e-4, copy=5e-4),
            result("relu", "gradient", exact=1e-3, exact_vjp=2e-3, torch=1.5e-3, copy=1e-3),
            result("softmax", values=1000, row=10, exact=1e-3, torch=1e-3, copy=5e-4),
        ),
        notes=("SciPy is left out: scipy not installed",),
    )


def section(page, title):
    return next(block for block in page.blocks if isinstance(block, Section) and block.title == title)


def tables(page, title):
    return {block.caption: block for block in section(page, title).blocks if isinstance(block, Table)}


def test_the_lead_counts_the_losses(record):
    assert bench_summary(record).lead == (
        "nonlin is ahead in 5 of 8 comparisons with other libraries, and behind in 3."
    )


def test_one_table_holds_the_means_over_everything(record):
    table = next(iter(tables(bench_summary(record), "Over all functions").values()))
    assert [row[0] for row in table.rows] == ["exact value", "exact gradient", "exact + vjp"]
    value, gradient, vjp = table.rows
    assert value[1] == pytest.approx((2 * 8 * 0.5 * 1) ** 0.25)
    assert value[2] == pytest.approx((4 * 0.999) ** 0.5)
    assert gradient[1:] == (pytest.approx(1.5), None, pytest.approx(1.0))
    assert vjp[1:] == (Tag("0.75", "bad"), None, pytest.approx(2.0))


def test_means_stand_by_size_and_output(record):
    table = tables(bench_summary(record), "Over all functions")[
        "exact value on 1 thread: geometric means over 2 functions"
    ]
    assert [column.header for column in table.columns] == ["values", "output", "PyTorch", "JAX", "× copy"]
    assert table.rows[0] == (
        4096,
        "reused",
        pytest.approx(1.0),
        pytest.approx(3.996**0.5),
        pytest.approx(2.0),
    )
    assert table.rows[1] == (2**20, "reused", pytest.approx(8.0), None, pytest.approx(2.0))


def test_both_ways_to_the_gradient_and_rows_have_tables_of_their_own(record):
    captions = list(tables(bench_summary(record), "Over all functions"))[1:]
    assert [caption.partition(":")[0] for caption in captions] == [
        "exact value on 1 thread", "exact gradient on 1 thread", "exact + vjp on 1 thread",
        "exact value on 1 thread",
    ]  # fmt: skip


def test_functions_come_least_first_and_losses_are_marked(record):
    table = next(iter(tables(bench_summary(record), "Function by function").values()))
    assert [row[0] for row in table.rows] == ["relu", "softmax", "gelu"]
    assert table.rows[0][1] == Tag("0.50", "bad")
    assert table.rows[1][1] == 1.0


def test_almost_a_draw_is_not_rounded_up(record):
    table = next(iter(tables(bench_summary(record), "Function by function").values()))
    assert table.rows[0][2] == Tag("0.99", "bad")


def test_losses_are_listed_worst_first(record):
    (table,) = tables(bench_summary(record), "Where nonlin is behind").values()
    assert table.caption.startswith("In 3 of 8 comparisons")
    assert table.rows == (
        ("relu", "exact value", "PyTorch", Tag("0.50", "bad"), "4,096 reused, on 1"),
        ("relu", "exact + vjp", "PyTorch", Tag("0.75", "bad"), "4,096 reused, on 1"),
        ("relu", "exact value", "JAX", Tag("0.99", "bad"), "4,096 reused, on 1"),
    )


def test_a_terminal_shows_the_worst_and_counts_the_rest(record):
    names = [f"f{i}" for i in range(30)]
    many = replace(
        record, results=tuple(result(name, exact=1.0, torch=0.5 + i / 100) for i, name in enumerate(names))
    )
    (table,) = tables(bench_summary(many), "Where nonlin is behind").values()
    assert [row[0] for row in table.rows] == names[:20]
    assert "And 10 more" in as_text(bench_summary(many))
    (whole,) = tables(bench_page(many), "Where nonlin is behind").values()
    assert len(whole.rows) == 30


def test_the_page_holds_every_median(record):
    (details,) = [block for block in bench_page(record).blocks if isinstance(block, Details)]
    (table,) = details.blocks
    assert len(table.rows) == len(record.results)
    assert table.rows[0] == ("gelu", "value", 4096, None, "reused", 1, 1e3, 2e3, 4e3, 500.0, None)


def test_what_was_done_is_said(record):
    text = as_text(bench_summary(record))
    for said in (*record.notes, "AMD EPYC 9B14", "torch 2.13.0", "2026-03-02", record.command):
        assert said in text


def test_eighty_columns_are_enough(record):
    assert max(map(len, as_text(bench_summary(record), 80).splitlines())) <= 80


def test_an_interrupted_run_says_so(record):
    assert "Interrupted" in as_text(bench_summary(replace(record, complete=False)))
    assert "Interrupted" not in as_text(bench_summary(record))


def test_nothing_measured_is_a_page_too(record):
    page = bench_summary(replace(record, results=()))
    assert page.lead == "Nothing was measured."
    assert "scipy" in as_text(page)


def test_no_loss_is_said(record):
    won = replace(record, results=record.results[:2])
    assert "Nowhere in this run." in as_text(bench_summary(won))


def test_only_the_copy(record):
    alone = replace(record, results=(result(exact=1e-3, copy=5e-4),), titles={"copy": "copy"})
    assert bench_summary(alone).lead == "No rival was measured."
    assert "2.0" in as_text(bench_summary(alone))


def test_other_forms(record):
    page = bench_page(record)
    assert from_json(as_json(page)) == page
    html = as_html(page)
    assert "Where nonlin is behind" in html
    assert "PyTorch" in html
