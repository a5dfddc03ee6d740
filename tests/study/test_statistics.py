import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_rel

from nonlin.study.statistics import Interval, paired_interval, verdict

SLEEP = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
"""Student (1908), table I: extra hours of sleep, hyoscine less hyoscyamine, for ten patients."""


def test_students_own_data():
    interval = paired_interval(SLEEP)
    # the mean 1.58 is in the paper; the interval is R's t.test(extra ~ group, data = sleep, paired = TRUE)
    assert interval.mean == pytest.approx(1.58)
    assert (interval.low, interval.high) == (
        pytest.approx(0.7001142, abs=1e-7),
        pytest.approx(2.4598858, abs=1e-7),
    )


@given(
    st.lists(st.tuples(st.floats(-10, 10), st.floats(-10, 10)), min_size=3, max_size=12),
    st.sampled_from([0.8, 0.95, 0.99]),
    st.integers(1, 9),
)
def test_agrees_with_scipys_paired_test(pairs, confidence, comparisons):
    a, b = np.array(pairs).T
    if np.std(a - b, ddof=1) < 1e-6:
        return
    theirs = ttest_rel(a, b).confidence_interval(1 - (1 - confidence) / comparisons)
    ours = paired_interval(a - b, confidence, comparisons)
    assert (ours.low, ours.high) == (pytest.approx(theirs.low), pytest.approx(theirs.high))


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=8), st.integers(2, 9))
def test_more_comparisons_never_narrow_an_interval(differences, comparisons):
    alone, corrected = paired_interval(differences), paired_interval(differences, comparisons=comparisons)
    assert corrected.low <= alone.low
    assert alone.high <= corrected.high


def test_equal_differences_of_one_step_show_nothing():
    assert verdict(paired_interval([0.01] * 5, resolution=0.01)) == "no difference shown"
    assert verdict(paired_interval([0.05] * 5, resolution=0.01)) == "better"


def test_equal_differences_of_few_seeds_show_less():
    two, many = (paired_interval([0.03] * seeds, resolution=0.01) for seeds in (2, 10))
    assert verdict(two) == "no difference shown"
    assert (many.low, many.high) == (pytest.approx(0.02), pytest.approx(0.04))


def test_no_difference_at_all_is_no_difference_shown():
    assert paired_interval([0.0] * 5, resolution=0.01) == Interval(0.0, 0.0, 0.0)
    assert verdict(Interval(0.0, 0.0, 0.0)) == "no difference shown"


def test_equal_differences_of_a_continuous_metric_are_taken_as_they_are():
    assert paired_interval([-0.1, -0.1, -0.1]) == Interval(
        pytest.approx(-0.1), pytest.approx(-0.1), pytest.approx(-0.1)
    )


@pytest.mark.parametrize(
    ("low", "high", "higher", "lower"),
    [
        (0.1, 0.2, "better", "worse"),
        (-0.2, -0.1, "worse", "better"),
        (-0.1, 0.2, *["no difference shown"] * 2),
    ],
)
def test_the_verdict_knows_which_direction_is_good(low, high, higher, lower):
    assert verdict(Interval(0.0, low, high)) == higher
    assert verdict(Interval(0.0, low, high), higher_is_better=False) == lower


def test_one_difference_is_no_sample():
    with pytest.raises(ValueError, match="at least 2"):
        paired_interval([0.1])


def test_the_corrected_intervals_hold_together_as_often_as_promised():
    """Seven intervals of five normal differences, 300 times: all hold 0 about 95 times in 100."""
    draws = np.random.default_rng(0).normal(size=(300, 7, 5))
    studies = [[paired_interval(d, comparisons=7) for d in study] for study in draws]
    held = [all(i.low <= 0 <= i.high for i in study) for study in studies]
    assert 0.92 <= np.mean(held) < 1
