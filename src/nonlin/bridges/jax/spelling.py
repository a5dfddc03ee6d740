"""Each operation of a Program in JAX's operations, in a form that loses no digits, with limits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.scipy.special import erf, erfc

from nonlin.bridges.jax.row_words import row_words
from nonlin.derivation.program import Program, run
from nonlin.derivation.steps import angles
from nonlin.kernels.primitives.coefficients import EXP_REST_DOUBLE, TANH_REST_DOUBLE

BELL_ENDS = 40.0  # the normal density is 0 in float64 beyond 38.6


def sigmoid(u: Array) -> Array:
    """Return e / (1 + e) with e = exp(-|u|), which keeps the digits of the left tail."""
    e = jnp.exp(-jnp.abs(u))
    return jnp.where(u >= 0, 1, e) / (1 + e)


def sech2(u: Array) -> Array:
    """Return the square of 2 e / (1 + e^2) with e = exp(-|u|), since XLA takes subnormal numbers for 0."""
    e = jnp.exp(-jnp.abs(u))
    return jnp.square(2 * e / (1 + e * e))


def softplus(u: Array) -> Array:
    return jnp.maximum(u, 0) + jnp.log1p(jnp.exp(-jnp.abs(u)))


def normal_pdf(u: Array) -> Array:
    """Return the density from a short number near u, whose square is exact, and what remains.

    The rounding of u^2 would cost u^2 / 2 units in the last place: 80 at the end of float32's tail.
    """
    u = jnp.clip(u, -BELL_ENDS, BELL_ENDS)
    short = shortened(u)
    bell: Array = jnp.exp(short * short * -0.5) * math.sqrt(0.5 / math.pi)
    # Of a product of two exponentials XLA would make one of the sum.
    return bell + bell * jnp.expm1((u - short) * (u + short) * -0.5)


def normal_cdf(u: Array) -> Array:
    """Return erfc(t) / 2 at t = -u / sqrt(2), by four terms of its series around a short number near t.

    There the square inside erfc is exact, and the distance to t is known with more digits than t has.
    """
    v = jnp.clip(-u, -BELL_ENDS, BELL_ENDS)
    factor = math.sqrt(0.5)
    of_v, of_factor = shortened(v), math.ldexp(round(math.ldexp(factor, 12)), -12)
    short = shortened(v * factor)
    distance = (of_v * of_factor - short) + of_v * (factor - of_factor) + (v - of_v) * factor
    y = 2 * short * distance
    series = distance * (1 - y / 2 * (1 - y / 3 * (1 - y / 4)))
    return erfc(short) / 2 - jnp.exp(-short * short) * series / math.sqrt(math.pi)


def shortened(u: Array) -> Array:
    """Return u rounded to half the digits of its dtype, so that products of two such numbers are exact."""
    info = np.finfo(np.dtype(u.dtype))
    return lax.reduce_precision(u, exponent_bits=info.nexp, mantissa_bits=(info.nmant - 1) // 2)


def expm1_rest(u: Array) -> Array:
    near = jnp.clip(u, -1, 1)
    return jnp.where(jnp.abs(u) < 1, near * near * polynomial(near, EXP_REST_DOUBLE), jnp.expm1(u) - u)


def tanh_rest(u: Array) -> Array:
    """Return a series near 0; else |u| - 1 and 2 / (1 + exp(2 |u|)), which do not cancel, with the sign of u."""
    near, size = jnp.clip(u, -1, 1), jnp.abs(u)
    e = jnp.exp(-2 * size)
    far = jnp.copysign((size - 1) + 2 * e / (1 + e), u)
    return jnp.where(size < 1, near * (near * near) * polynomial(near * near, TANH_REST_DOUBLE), far)


def polynomial(u: Array, coefficients: Sequence[float]) -> Array:
    total: Array = jnp.full_like(u, coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total = total * u + c
    return total


def zero_wins(a: Array, b: Array) -> Array:
    product = a * b
    return jnp.where(jnp.isnan(product) & ((a == 0) | (b == 0)), 0, product)


SPELLING: Mapping[str, Callable[..., Array]] = {
    "add": jnp.add, "mul": jnp.multiply, "div": jnp.divide, "neg": jnp.negative, "pow": jnp.power, "sqrt": jnp.sqrt,
    "gt": jnp.greater, "ge": jnp.greater_equal, "lt": jnp.less, "le": jnp.less_equal, "eq": jnp.equal,
    "ne": jnp.not_equal, "and": jnp.logical_and, "or": jnp.logical_or, "not": jnp.logical_not,
    "exp": jnp.exp, "expm1": jnp.expm1, "expm1_rest": expm1_rest, "tanh_rest": tanh_rest, "log": jnp.log,
    "log1p": jnp.log1p, "tanh": jnp.tanh, "sech2": sech2,
    "sigmoid": sigmoid, "softplus": softplus, "erf": erf, "normal_cdf": normal_cdf, "normal_pdf": normal_pdf,
    "hypot": jnp.hypot, "sin": jnp.sin, "cos": jnp.cos, "abs": jnp.abs, "sign": jnp.sign, "where": jnp.where,
    "zero_wins": zero_wins,
}  # fmt: skip
"""Each operation on arrays of one dtype; `sub` is in `evaluate`."""


def evaluate(program: Program, x: Array, parameters: Sequence[Array]) -> Array:
    """Return the first output of a Program at x: NaN for NaN, the limit for an infinity.

    Parameters
    ----------
    program : Program
        Of the single input x, guarded.
    x : Array
        float32 or float64.
    parameters : sequence of Array
        In the order of the Program, of the dtype of `x`; they broadcast against x.
    """
    far = float(np.finfo(np.dtype(x.dtype)).max)
    large = far**0.25  # at infinity beyond it is infinite, and what is below 1 / large is 0
    near = jnp.clip(x, -far, far)
    values = {"x": near, **dict(zip(program.parameters, parameters, strict=True))}
    circling = replace(program, outputs=(program.outputs[0], *angles(program, program.outputs[0])))
    y, *turned = (_lifted(v, x.dtype) for v in run(circling, values, _spelling(x.dtype)))
    for angle in turned:  # a sine has no limit
        lost = (jnp.abs(y) <= large) & (jnp.abs(angle) > large)
        y = jnp.where((x != near) & lost, math.nan, y)
    y = jnp.where((x != near) & (jnp.abs(y) > large), y * far, y)
    y = jnp.where((x != near) & (jnp.abs(y) < 1 / large), y / far, y)
    return jnp.where(jnp.isnan(x), x, y)


def evaluate_rows(
    program: Program, given: Mapping[str, Array], axis: int, parameters: Sequence[Array]
) -> Array:
    """Return the output of a row program along an axis.

    Parameters
    ----------
    program : Program
        See `nonlin.derivation.row_programs`.
    given : mapping of str to Array
        "z", and "g" where the program has it.
    axis : int
    parameters : sequence of Array
        In the order of the program; they broadcast against z.
    """
    z = given["z"]
    values = {**given, **dict(zip(program.parameters, parameters, strict=True))}
    y = _lifted(run(program, values, {**_spelling(z.dtype), **row_words(axis)})[0], z.dtype)
    return jnp.broadcast_to(y, jnp.broadcast_shapes(y.shape, z.shape))


def _spelling(dtype: Any) -> Mapping[str, Callable[..., Array]]:
    """Return the operations for operands that may be numbers."""

    def lifted(operation: Callable[..., Array]) -> Callable[..., Array]:
        return lambda *operands: operation(*(_lifted(o, dtype) for o in operands))

    def difference(a: Any, b: Any) -> Array:
        """Take a number away, and then what it lacks in the dtype, so that the distance to a root keeps its digits."""
        whole = _lifted(a, dtype)
        if not isinstance(b, float):
            return whole - _lifted(b, dtype)
        near = float(np.asarray(b, dtype))
        for part in filter(None, (near, b - near)):
            # A plain constant XLA would add to the one before, and lose it.
            whole = whole - jnp.where(jnp.isnan(whole), 0, _lifted(part, dtype))
        return whole

    return {**{name: lifted(operation) for name, operation in SPELLING.items()}, "sub": difference}


def _lifted(value: Any, dtype: Any) -> Array:
    if isinstance(value, Array):
        return value
    return jnp.asarray(value, bool if isinstance(value, bool) else dtype)
