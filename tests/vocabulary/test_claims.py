"""Claims hold where they should, fail where they should, and read as sentences."""

from __future__ import annotations

import math
from typing import Any

import pytest

from nonlin.vocabulary import Bounded, Claim, Complement, Increasing, Limit, Minimum, Odd, Slope, Value


def silu(x: float) -> float:
    return x / (1 + math.exp(-x)) if x > -700 else 0.0


def silu_slope(x: float) -> float:
    s = 1 / (1 + math.exp(-x)) if x > -700 else 0.0
    return s * (1 + x * (1 - s))


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))


def nothing(x: float) -> float:
    return math.nan


CASES: list[tuple[Claim, Any, Any, bool]] = [
    (Value(at=1, is_=0.731058578630), silu, nothing, True),
    (Value(at=1, is_=0.731058578632), silu, nothing, False),
    (Value(at=1, is_=0.7311, digits=4), silu, nothing, True),
    (Value(at=1, is_=0.7312, digits=4), silu, nothing, False),
    (Slope(at=0, is_=0.5), nothing, silu_slope, True),
    (Slope(at=0, is_=0.25), nothing, silu_slope, False),
    (Limit(at=-math.inf, is_=0), silu, nothing, True),
    (Limit(at=-math.inf, is_=-1), silu, nothing, False),
    (Limit(at=math.inf, is_=math.inf), silu, nothing, True),
    (Limit(at=math.inf, is_=-math.inf), silu, nothing, False),
    (Limit(at=math.inf, is_=1), silu, nothing, False),
    (Bounded(below=-0.2785), silu, nothing, True),
    (Bounded(below=-0.27), silu, nothing, False),
    (Bounded(below=0, above=1), sigmoid, nothing, True),
    (Bounded(above=0.99), sigmoid, nothing, False),
    (Minimum(at=-1.2784645, is_=-0.2784645), silu, silu_slope, True),
    (Minimum(at=-1.28, is_=-0.2784645), silu, silu_slope, False),
    (Minimum(at=-1.2784645, is_=-0.27), silu, silu_slope, False),
    (Odd(), math.tanh, nothing, True),
    (Odd(), sigmoid, nothing, False),
    (Complement(total=1), sigmoid, nothing, True),
    (Complement(total=2), sigmoid, nothing, False),
    (Increasing(), sigmoid, nothing, True),
    (Increasing(), silu, nothing, False),
]


def name_of(case: Any) -> str:
    return str(getattr(case, "__name__", case))[:40]


@pytest.mark.parametrize(("claim", "value", "slope", "expected"), CASES, ids=name_of)
def test_a_claim_holds_or_fails(claim: Claim, value: Any, slope: Any, expected: bool) -> None:
    assert claim.holds(value, slope) is expected


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (Value(at=1, is_=0.5), "f(1) = 0.5"),
        (Slope(at=0, is_=0.25), "f'(0) = 0.25"),
        (Limit(at=-math.inf, is_=0), "f(x) tends to 0 as x tends to -inf"),
        (Bounded(below=0, above=1), "0 <= f(x) <= 1"),
        (Odd(), "f(-x) = -f(x)"),
        (Complement(total=1), "f(-x) = 1 - f(x)"),
        (Increasing(), "f never decreases"),
        (Minimum(at=-1.5, is_=-0.375), "the least value is -0.375, at x = -1.5"),
    ],
)
def test_a_claim_reads_as_a_sentence(claim: Claim, sentence: str) -> None:
    assert str(claim) == sentence


@pytest.mark.parametrize("claim", [c for c, *_ in CASES], ids=lambda v: str(v)[:40])
def test_no_claim_holds_of_a_function_that_is_nowhere(claim: Claim) -> None:
    assert not claim.holds(nothing, nothing)
