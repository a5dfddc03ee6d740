"""Our own contestants: each grade, and for the gradient both ways to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nonlin
from nonlin.bench.setting import Array, Ready, Setting
from nonlin.machine import usable_cores
from nonlin.workbench import Elementwise

GRADES = ("exact", "fast")
THEN_VJP = " + vjp"
"""Marks the way that computes the value and then, in a second pass, g f'(x)."""


def set_up(setting: Setting, grade: str) -> dict[str, Ready]:
    """Return our contestants by name; none if the activation has no such grade.

    With the gradient, an elementwise activation has two ways: `value_and_grad` gives f(x) and f'(x) in one
    pass; the value and then `vjp` gives g f'(x), as an automatic backward pass does.
    """
    activation = graded(setting.activation, grade)
    if activation is None:
        return {}
    if setting.task == "value":
        return {grade: _value(activation, setting)}
    if isinstance(activation, Elementwise):
        return {
            grade: _one_pass(activation, setting),
            grade + THEN_VJP: _value_then_vjp(activation, setting),
        }
    return {grade + THEN_VJP: _value_then_vjp(activation, setting)}


def graded(activation: Any, grade: str) -> Any | None:
    """Return the activation in that grade, if it has it."""
    return activation if grade == "exact" else getattr(activation, grade, None)


def _value(activation: Any, setting: Setting) -> Ready:
    x = setting.x
    if setting.outputs is None:
        return Ready(lambda: activation(x))
    (out,) = setting.outputs
    return Ready(lambda: activation(x, out=out))


def _one_pass(activation: Any, setting: Setting) -> Ready:
    x, outputs = setting.x, setting.outputs
    both: Callable[[], Any] = (
        (lambda: activation.value_and_grad(x))
        if outputs is None
        else (lambda: activation.value_and_grad(x, out=outputs))
    )
    return Ready(both, lambda pair: (pair[0], pair[1] * setting.g))


def _value_then_vjp(activation: Any, setting: Setting) -> Ready:
    x, g = setting.x, setting.g
    y, dx = setting.outputs or (None, None)
    return Ready(lambda: (activation(x, out=y), activation.vjp(x, g, out=dx)))


def can_hold() -> bool:
    """Tell whether nonlin can use several threads."""
    return hasattr(nonlin, "set_num_threads")


def hold(threads: int) -> int:
    """Use that many threads, if nonlin can; return how many it used before."""
    if not can_hold():
        return 1
    before: int = nonlin.get_num_threads() if hasattr(nonlin, "get_num_threads") else usable_cores()
    nonlin.set_num_threads(threads)
    return before


def expected(setting: Setting, places: Any) -> tuple[Array, ...]:
    """Return the right answers at some places (rows, if rows are mixed), by our exact grade."""
    activation: Any = setting.activation
    x, g = setting.x[places].copy(), setting.g[places].copy()
    return (activation(x),) if setting.task == "value" else (activation(x), activation.vjp(x, g))
