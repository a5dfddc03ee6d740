"""What mixes a row, in the words of `keras.ops`: by its formulas, softmax in forms that keep more digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keras import ops

from nonlin.bridges.arranging import Axes, in_rows
from nonlin.bridges.keras.dtypes import dtype_of, wide
from nonlin.bridges.keras.elementwise import summed
from nonlin.bridges.keras.spelling import evaluate_rows
from nonlin.bridges.masking import refuse_other_masks
from nonlin.card import Shape
from nonlin.derivation.row_programs import row_program
from nonlin.errors import InvalidInput
from nonlin.vocabulary import RowDefinition
from nonlin.workbench.arranging import count_of


def softmax(z: Any, axis: int, temperature: Any) -> Any:
    """Return exp(z / T) over its sum; where a single element is infinite, that one takes all."""

    @ops.custom_gradient  # type: ignore[untyped-decorator]
    def with_gradient(z: Any, temperature: Any) -> Any:
        row = _Row(z, axis, temperature)
        e = row.exponentials()
        s = ops.where(row.undecided, row.alone, e / ops.sum(e, axis, keepdims=True))

        def gradient(*given: Any, upstream: Any = None) -> Any:
            g = given[0] if upstream is None else upstream
            s = softmax(z, axis, temperature)
            du = s * (g - ops.sum(s * g, axis, keepdims=True))
            known = ops.where(s == 0, ops.zeros_like(z), z)
            return summed(du / temperature, z), summed(-du * known / (temperature * temperature), temperature)

        return s, gradient

    return with_gradient(z, temperature)


def log_softmax(z: Any, axis: int, temperature: Any) -> Any:
    """Return the logarithm of the softmax: log1p of all but one of the largest keeps a sure winner's digits."""

    @ops.custom_gradient  # type: ignore[untyped-decorator]
    def with_gradient(z: Any, temperature: Any) -> Any:
        row = _Row(z, axis, temperature)
        ties = ops.sum(ops.cast(row.is_top, dtype_of(z)), axis, keepdims=True)
        e = row.exponentials()
        others = ops.sum(ops.where(row.is_top, ops.zeros_like(e), e), axis, keepdims=True)
        norm = ops.log1p((ties - 1) + others)
        y = ops.where(row.undecided, ops.log(row.alone), row.distance / temperature - norm)

        def gradient(*given: Any, upstream: Any = None) -> Any:
            g = given[0] if upstream is None else upstream
            s = softmax(z, axis, temperature)
            du = g - s * ops.sum(g, axis, keepdims=True)
            return summed(du / temperature, z), summed(-du * z / (temperature * temperature), temperature)

        return y, gradient

    return with_gradient(z, temperature)


def by_formula(
    definition: RowDefinition, z: Any, axis: int, parameters: tuple[Any, ...], present: Any = None
) -> Any:
    """Return what the formula of a definition says; its gradient is the definition's own pullback."""
    seen = {} if present is None else {"present": present}

    @ops.custom_gradient  # type: ignore[untyped-decorator]
    def with_gradient(z: Any, *parameters: Any) -> Any:
        def evaluated(what: str, **g: Any) -> Any:
            program = row_program(definition, what, present is not None)
            return evaluate_rows(program, {"z": z, **g, **seen}, axis, parameters)

        def gradient(*given: Any, upstream: Any = None) -> Any:
            g = given[0] if upstream is None else upstream
            changes = [
                evaluated(p.name) if p.name in definition.param_grads else ops.zeros_like(z)  # which counts
                for p in definition.parameters
            ]
            pulled = [summed(g * change, to) for change, to in zip(changes, parameters, strict=True)]
            return evaluated("vjp", g=g), *pulled

        return evaluated("value"), gradient

    return with_gradient(z, *parameters)


IN_KERAS: Mapping[str, Callable[..., Any]] = {
    "keras.activations.softmax": softmax, "keras.activations.log_softmax": log_softmax,
}  # fmt: skip
"""By the name of Keras' twin what float32 asks for more care than its formula, as `(z, axis, parameters...)`."""


def activate_rows(
    definition: RowDefinition, z: Any, parameters: tuple[Any, ...], axis: Axes, where: Any = None
) -> Any:
    """Return the activation along an axis, or several as one row, in the dtype of z.

    Parameters
    ----------
    definition : RowDefinition
    z : tensor
        At least one-dimensional; what is narrower than float32 is computed in float32 and rounded once.
    parameters : tuple of float or tensor
        In the order of the definition; they broadcast against z, one for all rows or one a row.
    axis : int or tuple of int
    where : tensor of bool, optional
        Which elements take part; it broadcasts to z.

    Raises
    ------
    InvalidInput
        If there is no such axis, or the parts of a row or the mask do not fit.
    """
    axes, rank = axis if isinstance(axis, tuple) else (axis,), len(z.shape)
    for a in axes:
        if not -rank <= a < rank:
            raise InvalidInput(f"{definition.name} has no axis={a} in a tensor of shape {tuple(z.shape)}")
    shape: Shape = "whole"
    count = 1
    if definition.arrangement is not None:
        shape, by = definition.arrangement.shape, definition.arrangement.by
        given = parameters[definition.parameters.index(by)]
        count = count_of(definition.name, shape, by.name, given, [z.shape[a] for a in axes])
    present = None if where is None else _present(definition.name, where, z)
    if shape == "whole" and len(axes) == 1:
        return _along(definition, z, axes[0], parameters, present)
    return in_rows(
        ops, lambda rows, seen: _along(definition, rows, -1, parameters, seen), z, axes, shape, count, present
    )


def _present(name: str, where: Any, z: Any) -> Any:
    """Return a mask as numbers, in the shape of z."""
    mask = ops.convert_to_tensor(where)
    refuse_other_masks(name, mask, dtype_of(mask) == "bool", tuple(z.shape))
    return ops.broadcast_to(ops.cast(mask, wide(dtype_of(z))), z.shape)


def _along(definition: RowDefinition, z: Any, axis: int, parameters: tuple[Any, ...], present: Any) -> Any:
    dtype, axis = dtype_of(z), axis - len(z.shape) if axis >= 0 else axis
    numbers = tuple(ops.cast(ops.convert_to_tensor(p), wide(dtype)) for p in parameters)
    for symbol, n in zip(definition.parameters, numbers, strict=True):
        if len(n.shape) >= -axis and n.shape[axis] != 1:
            raise InvalidInput(
                f"{definition.name}: {symbol.name} of shape {tuple(n.shape)} varies along a row; give one a row"
            )
    at = ops.cast(z, wide(dtype))
    careful = IN_KERAS.get(definition.twins.get("keras", "")) if present is None else None
    y = careful(at, axis, *numbers) if careful else by_formula(definition, at, axis, numbers, present)
    return ops.cast(y, dtype)


class _Row:
    """What each row's elements are beside its largest."""

    def __init__(self, z: Any, axis: int, temperature: Any) -> None:
        top = ops.max(z, axis, keepdims=True)
        self.temperature = temperature
        self.is_top = ops.equal(z, top)
        self.undecided = ops.isinf(top)
        winners = ops.cast(self.is_top, dtype_of(z))
        single = ops.sum(winners, axis, keepdims=True) == 1
        self.alone = ops.where(single, winners, ops.full_like(winners, float("nan")))
        self.distance = z - ops.where(self.undecided, ops.zeros_like(top), top)

    def exponentials(self) -> Any:
        return ops.exp(self.distance / self.temperature)
