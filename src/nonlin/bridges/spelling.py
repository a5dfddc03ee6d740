"""Each operation of a Program in those of a library with NumPy's names, for JAX and Keras alike, with limits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from nonlin.derivation.program import Program, run
from nonlin.derivation.steps import angles
from nonlin.kernels.primitives.coefficients import EXP_REST_DOUBLE, TANH_REST_DOUBLE

Tensor = Any  # of whichever library
Word = Callable[..., Tensor]

BELL_ENDS = 40.0
"""The normal density is 0 in float64 beyond 38.6."""


@dataclass(frozen=True)
class Library:
    """What computes.

    Attributes
    ----------
    operations : module
        With those of NumPy's names that are used here.
    erf, erfc : callable
    shortened : callable
        A tensor of magnitudes up to 40, rounded to half the digits of its dtype: products of two such are exact.
    tensor : callable
        `(number, dtype)`, a number as a tensor.
    dtype_of : callable
    """

    operations: Any
    erf: Word
    erfc: Word
    shortened: Word
    tensor: Callable[[Any, Any], Tensor]
    dtype_of: Callable[[Tensor], Any]

    @cached_property
    def words(self) -> Mapping[str, Word]:
        """Each operation on tensors of one dtype; `sub` is in `_lifted_words`."""
        ops = self.operations
        return {
            "add": ops.add, "mul": ops.multiply, "div": ops.divide, "neg": ops.negative, "pow": ops.power,
            "gt": ops.greater, "ge": ops.greater_equal, "lt": ops.less, "le": ops.less_equal, "eq": ops.equal,
            "ne": ops.not_equal, "and": ops.logical_and, "or": ops.logical_or, "not": ops.logical_not,
            "sqrt": ops.sqrt, "exp": ops.exp, "expm1": ops.expm1, "log": ops.log, "log1p": ops.log1p,
            "tanh": ops.tanh, "hypot": ops.hypot, "sin": ops.sin, "cos": ops.cos, "abs": ops.abs, "sign": ops.sign,
            "where": ops.where, "erf": self.erf,
            "normal_cdf": partial(normal_cdf, self), "normal_pdf": partial(normal_pdf, self),
            **{word.__name__: partial(word, ops) for word in (
                sigmoid, sech2, softplus, expm1_rest, tanh_rest, zero_wins,
            )},
        }  # fmt: skip


def sigmoid(ops: Any, u: Tensor) -> Tensor:
    """Return e / (1 + e) with e = exp(-|u|), which keeps the digits of the left tail."""
    e = ops.exp(-ops.abs(u))
    return ops.where(u >= 0, ops.ones_like(e), e) / (1 + e)


def sech2(ops: Any, u: Tensor) -> Tensor:
    """Return the square of 2 e / (1 + e^2) with e = exp(-|u|), since XLA takes subnormal numbers for 0."""
    e = ops.exp(-ops.abs(u))
    return ops.square(2 * e / (1 + e * e))


def softplus(ops: Any, u: Tensor) -> Tensor:
    return ops.maximum(u, ops.zeros_like(u)) + ops.log1p(ops.exp(-ops.abs(u)))


def normal_pdf(library: Library, u: Tensor) -> Tensor:
    """Return the density from a short number near u, whose square is exact, and what remains.

    The rounding of u^2 would cost u^2 / 2 units in the last place: 80 at the end of float32's tail.
    """
    ops = library.operations
    u = ops.clip(u, -BELL_ENDS, BELL_ENDS)
    short = library.shortened(u)
    bell = ops.exp(short * short * -0.5) * math.sqrt(0.5 / math.pi)
    # Of a product of two exponentials XLA would make one of the sum.
    return bell + bell * ops.expm1((u - short) * (u + short) * -0.5)


def normal_cdf(library: Library, u: Tensor) -> Tensor:
    """Return erfc(t) / 2 at t = -u / sqrt(2), by four terms of its series around a short number near t.

    There the square inside erfc is exact, and the distance to t is known with more digits than t has.
    """
    ops = library.operations
    v = ops.clip(-u, -BELL_ENDS, BELL_ENDS)
    factor = math.sqrt(0.5)
    of_v, of_factor = library.shortened(v), math.ldexp(round(math.ldexp(factor, 12)), -12)
    short = library.shortened(v * factor)
    distance = (of_v * of_factor - short) + of_v * (factor - of_factor) + (v - of_v) * factor
    y = 2 * short * distance
    series = distance * (1 - y / 2 * (1 - y / 3 * (1 - y / 4)))
    return library.erfc(short) / 2 - ops.exp(-short * short) * series / math.sqrt(math.pi)


def expm1_rest(ops: Any, u: Tensor) -> Tensor:
    near = ops.clip(u, -1, 1)
    series = near * near * polynomial(ops, near, EXP_REST_DOUBLE)
    return ops.where(ops.abs(u) < 1, series, ops.expm1(u) - u)


def tanh_rest(ops: Any, u: Tensor) -> Tensor:
    """Return a series near 0; else |u| - 1 and 2 / (1 + exp(2 |u|)), which do not cancel, with the sign of u."""
    near, size = ops.clip(u, -1, 1), ops.abs(u)
    e = ops.exp(-2 * size)
    far = ops.sign(u) * ((size - 1) + 2 * e / (1 + e))
    series = near * (near * near) * polynomial(ops, near * near, TANH_REST_DOUBLE)
    return ops.where(size < 1, series, far)


def polynomial(ops: Any, u: Tensor, coefficients: Sequence[float]) -> Tensor:
    total = ops.full_like(u, coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total = total * u + c
    return total


def zero_wins(ops: Any, a: Tensor, b: Tensor) -> Tensor:
    product = a * b
    lost = ops.logical_and(ops.isnan(product), ops.logical_or(a == 0, b == 0))
    return ops.where(lost, ops.zeros_like(product), product)


def evaluate(library: Library, program: Program, x: Tensor, parameters: Sequence[Tensor]) -> Tensor:
    """Return the first output of a Program at x: NaN for NaN, the limit for an infinity.

    Parameters
    ----------
    library : Library
    program : Program
        Of the single input x, guarded.
    x : tensor
        float32 or float64.
    parameters : sequence of tensor
        In the order of the Program, of the dtype of `x`; they broadcast against x.
    """
    ops, dtype = library.operations, library.dtype_of(x)
    far = float(np.finfo(np.dtype(dtype)).max)
    large = far**0.25  # at infinity beyond it is infinite, and what is below 1 / large is 0
    near = ops.clip(x, -far, far)
    values = {"x": near, **dict(zip(program.parameters, parameters, strict=True))}
    circling = replace(program, outputs=(program.outputs[0], *angles(program, program.outputs[0])))
    y, *turned = (_lifted(library, v, dtype) for v in run(circling, values, _lifted_words(library, dtype)))
    infinite, grown = x != near, ops.abs(y) > large
    for angle in turned:  # a sine has no limit
        lost = ops.logical_and(ops.logical_not(grown), ops.abs(angle) > large)
        y = ops.where(ops.logical_and(infinite, lost), math.nan, y)
    y = ops.where(ops.logical_and(infinite, grown), y * far, y)
    y = ops.where(ops.logical_and(infinite, ops.abs(y) < 1 / large), y / far, y)
    return ops.where(ops.isnan(x), x, y)


def evaluate_rows(
    library: Library, row_words: Mapping[str, Callable[..., Any]], program: Program, given: Mapping[str, Tensor],
    parameters: Sequence[Tensor],
) -> Tensor:  # fmt: skip
    """Return the output of a row program.

    Parameters
    ----------
    library : Library
    row_words : mapping of str to callable
        The words that see a whole row, along its axis.
    program : Program
        See `nonlin.derivation.row_programs`.
    given : mapping of str to tensor
        "z", and "g" and "present" where the program has them.
    parameters : sequence of tensor
        In the order of the program; they broadcast against z.
    """
    z, dtype = given["z"], library.dtype_of(given["z"])
    values = {**given, **dict(zip(program.parameters, parameters, strict=True))}
    y = _lifted(library, run(program, values, {**_lifted_words(library, dtype), **row_words})[0], dtype)
    return library.operations.broadcast_to(y, np.broadcast_shapes(tuple(y.shape), tuple(z.shape)))


def _lifted_words(library: Library, dtype: Any) -> Mapping[str, Word]:
    """Return the operations for operands that may be numbers."""
    ops = library.operations

    def lifted(operation: Word) -> Word:
        return lambda *operands: operation(*(_lifted(library, o, dtype) for o in operands))

    def difference(a: Any, b: Any) -> Tensor:
        """Take a number away, and then what it lacks in the dtype, so that the distance to a root keeps its digits."""
        whole = _lifted(library, a, dtype)
        if not isinstance(b, float):
            return whole - _lifted(library, b, dtype)
        near = float(np.asarray(b, dtype))
        for part in filter(None, (near, b - near)):
            # A plain constant XLA would add to the one before, and lose it.
            one = _lifted(library, part, dtype)
            whole = whole - ops.where(ops.isnan(whole), ops.zeros_like(whole), one)
        return whole

    return {**{name: lifted(operation) for name, operation in library.words.items()}, "sub": difference}


def _lifted(library: Library, value: Any, dtype: Any) -> Tensor:
    if isinstance(value, bool | float | int):
        return library.tensor(value, "bool" if isinstance(value, bool) else dtype)
    return value
