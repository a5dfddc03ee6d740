"""Each operation of a Program in JAX's operations, in a form that loses no digits, with limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.scipy.special import erf, erfc

from nonlin.bridges import spelling
from nonlin.bridges.jax.row_words import row_words
from nonlin.derivation.program import Program


def shortened(u: Array) -> Array:
    """Return u rounded to half the digits of its dtype, so that products of two such numbers are exact."""
    info = np.finfo(np.dtype(u.dtype))
    return lax.reduce_precision(u, exponent_bits=info.nexp, mantissa_bits=(info.nmant - 1) // 2)


JAX = spelling.Library(jnp, erf, erfc, shortened, tensor=jnp.asarray, dtype_of=lambda array: array.dtype)


def evaluate(program: Program, x: Array, parameters: Sequence[Array]) -> Array:
    """Return the first output of a Program at x: see `nonlin.bridges.spelling.evaluate`."""
    y: Array = spelling.evaluate(JAX, program, x, parameters)
    return y


def evaluate_rows(
    program: Program, given: Mapping[str, Array], axis: int, parameters: Sequence[Array]
) -> Array:
    """Return the output of a row program along an axis: see `nonlin.bridges.spelling.evaluate_rows`."""
    y: Array = spelling.evaluate_rows(JAX, row_words(axis), program, given, parameters)
    return y


def zero_wins(a: Array, b: Array) -> Array:
    """Return a b, 0 where one is 0 and the other infinite."""
    product: Array = spelling.zero_wins(jnp, a, b)
    return product
