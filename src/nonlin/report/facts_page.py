"""The facts of one activation: the proved ones, the others, and why of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nonlin.facts.fact import Cost, Fact, Memory, Propagation, SelfNormalising
from nonlin.report.activation_page import how_known
from nonlin.report.page import Items, Page, Section, Settings
from nonlin.workbench import Elementwise

HEADINGS = {"proved": "Proved", "numeric": "Numeric, not proved", "measured": "Measured here, now"}


def facts_page(activation: Elementwise, with_cost: bool = False) -> Page:
    """Return what `nonlin facts NAME` says.

    Parameters
    ----------
    activation : Elementwise
    with_cost : bool
        Whether to measure the cost too.
    """
    told = [*activation.facts, *([activation.facts["cost"]] if with_cost else [])]
    groups = {how: [f for f in told if f.how == how] for how in HEADINGS}
    blocks = [Settings(HEADINGS[how], tuple(map(_entry, facts))) for how, facts in groups.items() if facts]
    why = Section("Why", (Items(tuple(_reasons(told))),))
    return Page(f"Facts of {activation.name}", how_known(activation.facts), (*blocks, why))


def _entry(fact: Fact) -> tuple[str, str]:
    return _spaced(fact.name), worded(fact.value)


def _reasons(facts: Iterable[Fact]) -> Iterable[str]:
    """Yield each reason after the names of the facts that share it."""
    shared: dict[str, list[str]] = {}
    for fact in facts:
        shared.setdefault(fact.because, []).append(_spaced(fact.name))
    return (f"{', '.join(names)}: {reason}" for reason, names in shared.items())


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def worded(value: Any) -> str:
    """Return a fact's value in words.

    Examples
    --------
    >>> worded(None), worded(2.0), worded((0.0, float("inf")))
    ('none', '2', '0 and inf')
    """
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value + 0.0:.9g}"
    if isinstance(value, Propagation):
        return f"variance 1 is {value.fate}, rate {value.return_rate:.6g}; chi {value.chi:.6g}"
    if isinstance(value, SelfNormalising):
        return (
            f"scale {value.scale:.9g}, shift {value.shift:.9g}; {value.fate}, rate {value.variance_rate:.6g}"
        )
    if isinstance(value, Memory):
        return f"{value.keeps}, {value.bytes_per_value} bytes a float32 value"
    if isinstance(value, Cost):
        return f"value {value.value:.2f}, with slope {value.value_and_slope:.2f} times copying"
    if type(value) is tuple:
        return " and ".join(map(worded, value))
    return str(value)
