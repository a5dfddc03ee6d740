"""A study's page says what the study found, in its units, and nothing that it did not find."""

from __future__ import annotations

import copy

import pytest

from nonlin.errors import InvalidInput
from nonlin.report.as_html import as_html, charts_of
from nonlin.report.as_text import as_text
from nonlin.report.page import Bars, Intervals, Line, Marks, Note, Panels, Section, Span, Table, Tag
from nonlin.report.study_page import study_page, study_summary


def section(page, title):
    return next(block for block in page.blocks if isinstance(block, Section) and block.title == title)


def tables(page):
    return [block for block in section(page, "Ranking").blocks if isinstance(block, Table)]


@pytest.fixture
def changed(results):
    return copy.deepcopy(results)


def test_the_verdict_leads(results):
    assert study_page(results).lead == study_summary(results).lead == results["verdict"]


def test_the_table_holds_the_numbers_of_the_results(results):
    (table,) = tables(study_page(results))
    assert [row[0] for row in table.rows] == results["ranking"]
    for name, mean, sd, difference, interval, verdict, rate, *_ in table.rows:
        one = results["activations"][name]
        assert (mean, sd, rate) == (one["metric"]["mean"], one["metric"]["sd"], one["learning_rate"])
        assert verdict.text == one["verdict"]
        if one["difference"]:
            assert difference == one["difference"]["mean"]
            assert interval == Span(*one["difference"]["interval"])


def test_better_and_worse_stand_out_and_no_difference_does_not(results):
    (table,) = tables(study_page(results))
    tags = {cell for row in table.rows for cell in row if isinstance(cell, Tag)}
    assert tags == {Tag("better", "good"), Tag("no difference shown"), Tag("reference")}


def test_the_ranking_chart_draws_the_same_differences(results):
    chart = charts_of(study_page(results).blocks)[0]
    (series,) = chart.series
    assert isinstance(series, Intervals)
    assert series.names == tuple(results["ranking"])
    place = series.names.index("mish")
    assert [series.low[place], series.high[place]] == results["activations"]["mish"]["difference"]["interval"]
    assert series.x[series.names.index("relu")] == 0
    assert series.low[series.names.index("relu")] is None


def test_no_more_decimals_than_the_spread_allows(changed):
    text = as_text(study_summary(changed))
    assert "98.3" in text
    assert "98.33" not in text
    for one in changed["activations"].values():
        one["metric"]["sd"] = 0.0005
    assert "98.28 %" in as_text(study_summary(changed))


def test_a_metric_that_is_lower_when_better_turns_the_words_round(changed):
    changed["metric"] = {"name": "RMSE", "higher_is_better": False, "unit": "", "explanation": ""}
    chart = charts_of(study_page(changed).blocks)[0]
    assert chart.x.title.startswith("← better")
    assert "Left of zero is better" in chart.description
    assert not chart.x.percent


def test_r2_is_not_a_percentage(changed):
    changed["metric"] |= {"name": "R2"}
    assert "0.98" in as_text(study_summary(changed))
    assert "%" not in study_summary(changed).blocks[0].text


def test_the_studys_own_notes_come_before_everything_else(results):
    page = study_page(results)
    assert [block.text for block in page.blocks if isinstance(block, Note)] == results["notes"]


def test_learning_curves_are_compared_and_shown_with_their_seeds(results):
    scored, by_seed, lost = section(study_page(results), "Learning").blocks
    assert (
        {line.name for line in scored.series}
        == {line.name for line in lost.series}
        == set(results["activations"])
    )
    for chart in by_seed.charts:
        *beside, own = chart.series
        curve = results["activations"][chart.title]["curves"]["validation_metric"]
        assert [list(own.y), list(own.low), list(own.high)] == [curve[end] for end in ("mean", "low", "high")]
        assert [line.name for line in beside] == (["relu"] if chart.title != "relu" else [])
    for line in lost.series:
        assert list(line.y) == results["activations"][line.name]["curves"]["train_loss"]["mean"]


def test_rates_mark_the_chosen_one_the_edge_and_what_diverged(results):
    (panels,) = [b for b in section(study_page(results), "Learning rate").blocks if isinstance(b, Panels)]
    by_name = {chart.title: chart for chart in panels.charts}
    for name, one in results["activations"].items():
        ring = next(s for s in by_name[name].series if isinstance(s, Marks) and s.shape == "ring")
        assert ring.x == (one["learning_rate"],)
    crosses = [s for s in by_name["selu"].series if isinstance(s, Marks) and s.shape == "cross"]
    assert [cross.x for cross in crosses] == [(0.03,)]
    assert by_name["selu"].series[0].y[-1] is None
    assert "diverged at 0.03" in by_name["selu"].description
    assert "highest tried" in by_name["tanh"].description
    assert "tried" not in by_name["relu"].description


def test_cost_is_sorted_and_shapes_have_value_and_slope(results):
    page = study_page(results)
    (bars,) = section(page, "Cost").blocks[0].series
    assert isinstance(bars, Bars)
    assert list(bars.x) == sorted(bars.x)
    for chart in section(page, "The activations").blocks[0].charts:
        value, slope = chart.series
        assert isinstance(value, Line)
        shape = results["activations"][chart.title]["shape"]
        assert list(value.y) == shape["value"]
        assert [y for y in slope.y if y is not None] == shape["slope"]
        assert (value.stroke, slope.stroke) == ("solid", "dashed")


def test_a_slope_that_jumps_is_broken_and_a_steep_one_is_not(changed):
    x = changed["activations"]["relu"]["shape"]["x"]
    changed["activations"]["relu"]["shape"]["slope"] = [float(at > 0) for at in x]
    changed["activations"]["tanh"]["shape"]["slope"] = [1 / (1 + 100 * at * at) for at in x]
    panels = {
        chart.title: chart for chart in section(study_page(changed), "The activations").blocks[0].charts
    }
    broken, whole = panels["relu"].series[1], panels["tanh"].series[1]
    assert [at for at, y in zip(broken.x, broken.y, strict=True) if y is None] == [pytest.approx(0.02)]
    assert None not in whole.y


def test_a_study_in_which_every_run_diverged_can_be_shown(changed):
    for one in changed["activations"].values():
        one |= dict.fromkeys(
            ("learning_rate", "curves", "step_milliseconds", "zero_slope_share", "always_zero_share", "shape")
        )
        one["metric"] = {"mean": None, "sd": None, "values": dict.fromkeys(one["metric"]["values"])}
        one["difference"] = None
        for tried in one["learning_rates"]:
            tried["validation"]["mean"] = None
    page = study_page(changed | {"ranking": []})
    assert "No activation could be trained to the end." in as_text(page)
    assert "No run came far enough to be drawn." in as_html(page)


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("hidden", [7, 13], "hidden layers of 7 and 13 units"),
        ("model", "mine.nets:tower", "mine.nets:tower"),
        ("epochs", 33, "for 33 epochs"),
        ("batch_size", 17, "batches of 17 rows"),
        ("optimizer", "Lion", "by Lion"),
        ("learning_rates", [0.0123, 0.5], "2 learning rates were tried (0.0123, 0.5)"),
        ("tuning_seeds", [4, 5, 6], "3 seeds each"),
        ("split_seed", 99, "split seed 99"),
    ],
)
def test_the_protocol_is_told_from_the_settings(changed, setting, value, words):
    changed["settings"][setting] = value
    told = " ".join(section(study_page(changed), "What was done").blocks[0].items)
    assert words in told


def test_what_the_intervals_leave_open_is_said_in_numbers(changed):
    ends = iter([[-0.001, 0.01], [-0.02, 0.002], *[[-0.003, 0.004]] * 5])
    for one in changed["activations"].values():
        if one["difference"]:
            one["difference"]["interval"], one["verdict"] = next(ends), "no difference shown"
    items = section(study_page(changed), "How to read this").blocks[0].items
    assert any("anything from −2.0 to +1.0 percentage points" in item for item in items)


def test_every_setting_version_and_circumstance_is_on_the_page(results):
    text = as_text(study_page(results), width=200)
    for name, value in {**results["settings"], **results["versions"], **results["machine"]}.items():
        assert name.replace("_", " ") in text
        if isinstance(value, str):
            assert value in text


def test_an_activation_that_never_finished_is_shown_without_numbers(changed):
    changed["activations"]["selu"] |= {
        "metric": {"mean": None, "sd": None, "values": {str(seed): None for seed in range(5)}},
        "difference": None, "verdict": "no difference shown", "learning_rate": None, "curves": None,
        "step_milliseconds": None, "zero_slope_share": None, "always_zero_share": None, "shape": None,
    }  # fmt: skip
    changed["ranking"].remove("selu")
    page = study_page(changed)
    (table,) = tables(page)
    assert table.rows[-1][:5] == ("selu", None, None, None, None)
    assert "selu" in as_text(page)
    assert "selu" in as_html(page)


def test_the_smallest_study_can_be_shown(results_for):
    page = study_page(results_for(("relu", "tanh"), seeds=2))
    assert "tanh" in as_text(page)
    assert "tanh" in as_html(page)


@pytest.mark.parametrize("part", ["title", "verdict", "activations", "settings", "metric", "ranking", "data"])
def test_results_with_a_missing_part_are_refused_by_its_name(changed, part):
    del changed[part]
    with pytest.raises(InvalidInput, match=part):
        study_page(changed)


def test_another_schema_is_refused(changed):
    with pytest.raises(InvalidInput, match="schema 2"):
        study_page(changed | {"schema": 2})


def test_one_rate_that_failed_does_not_press_the_others_into_a_line(changed):
    changed["activations"]["gelu"]["learning_rates"][-1]["validation"]["mean"] = -1e6
    (panels,) = [b for b in section(study_page(changed), "Learning rate").blocks if isinstance(b, Panels)]
    low, high = panels.charts[0].y.range
    assert 0.5 < low < 0.84
    assert high < 1.1
    assert "outside; the table has them" in panels.description
    assert "−1e+08" in as_text(study_page(changed), width=120)


def test_a_single_comparison_needs_no_correction(results_for):
    page = study_page(results_for(("relu", "tanh")))
    assert "corrected" not in charts_of(page.blocks)[0].description
