"""Gated activations of Keras tensors: the product of two activations, so that derivatives of any order follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from nonlin.bridges.derivatives import partial
from nonlin.bridges.keras.dtypes import dtype_of, wide
from nonlin.bridges.keras.elementwise import activate, summed
from nonlin.bridges.keras.spelling import zero_wins
from nonlin.vocabulary import GatedDefinition


def activate_gated(definition: GatedDefinition, x: Any, gate: Any, parameters: Mapping[str, Any]) -> Any:
    """Return f(x, gate), in the wider dtype of both.

    Parameters
    ----------
    definition : GatedDefinition
    x, gate : tensor
        They broadcast; what is narrower than float32 is computed in float32 and rounded once.
    parameters : mapping of str to float or tensor
    """
    dtype = keras.backend.result_type(dtype_of(x), dtype_of(gate))
    a, b = (
        activate(partial(factor), ops.cast(t, wide(dtype)), [parameters[p.name] for p in factor.parameters])
        for factor, t in zip(definition.factors, (x, gate), strict=True)
    )
    return ops.cast(product(a, b), dtype)


def product(a: Any, b: Any) -> Any:
    """Return a b, 0 where one is 0 and the other infinite."""

    @ops.custom_gradient  # type: ignore[untyped-decorator]
    def with_gradient(a: Any, b: Any) -> Any:
        def gradient(*given: Any, upstream: Any = None) -> Any:
            g = given[0] if upstream is None else upstream
            return summed(g * b, a), summed(g * a, b)

        return zero_wins(a, b), gradient

    return with_gradient(a, b)
