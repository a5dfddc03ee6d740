"""The one rule of differentiation that every elementwise activation follows, on every backend.

The gradient of `computed(D, x, p)` is made of `computed(D', x, p)`, for a partial derivative D of the activation, so
that no backend ever differentiates the spelled operations, whose `where` and `exp` would give NaN far out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import ops

from nonlin.bridges.derivatives import Partial
from nonlin.bridges.keras.dtypes import dtype_of, wide
from nonlin.bridges.keras.spelling import evaluate


def activate(value: Partial, x: Any, parameters: Sequence[Any]) -> Any:
    """Return the activation at x, in the dtype of x.

    Parameters
    ----------
    value : Partial
        The activation itself.
    x : tensor
        Of any float dtype; what is narrower than float32 is computed in float32 and rounded once.
    parameters : sequence of float or tensor
        In the order of the definition; tensors broadcast against x, and gradients flow to them.
    """
    dtype = dtype_of(x)
    learned = {i: ops.cast(p, wide(dtype)) for i, p in enumerate(parameters) if not isinstance(p, float)}
    fixed = tuple(None if i in learned else p for i, p in enumerate(parameters))
    y = computed(value, ops.cast(x, wide(dtype)), fixed, tuple(learned.values()))
    return ops.cast(y, dtype)


def computed(derivative: Partial, x: Any, fixed: tuple[float | None, ...], learned: tuple[Any, ...]) -> Any:
    """Return D(x), differentiable in x and in every parameter that is learned.

    Parameters
    ----------
    derivative : Partial
    x : tensor
    fixed : tuple of float or None
        For each parameter its number, or None where it is a tensor.
    learned : tuple of tensor
        The parameters that are tensors.
    """

    @ops.custom_gradient  # type: ignore[untyped-decorator]
    def with_gradient(x: Any, *learned: Any) -> Any:
        numbers = iter(learned)
        values = [next(numbers) if f is None else ops.convert_to_tensor(f, dtype_of(x)) for f in fixed]
        y = evaluate(derivative.program, x, values)

        def gradient(*given: Any, upstream: Any = None) -> Any:
            """Return the gradients by x and by each learned parameter; JAX gives the upstream alone."""
            g = given[0] if upstream is None else upstream
            slopes = [derivative.by_input()]
            names = [name for name, f in zip(derivative.names, fixed, strict=True) if f is None]
            slopes += [derivative.by_parameter(name) for name in names]
            parts = [g * computed(slope, x, fixed, learned) for slope in slopes]
            return tuple(summed(part, to) for part, to in zip(parts, (x, *learned), strict=True))

        return y, gradient

    return with_gradient(x, *learned)


def summed(gradient: Any, to: Any) -> Any:
    """Return a gradient summed to the shape of what was broadcast."""
    extra = len(gradient.shape) - len(to.shape)
    stretched = [i for i, n in enumerate(to.shape) if n == 1 and gradient.shape[extra + i] != 1]
    axes = (*range(extra), *(extra + i for i in stretched))
    return ops.reshape(ops.sum(gradient, axes) if axes else gradient, to.shape)
