"""An activation that mixes the elements along an axis."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy import ndarray

from nonlin.card import Card
from nonlin.derivation.remembered import remembered_row
from nonlin.derivation.steps import Program
from nonlin.errors import InvalidInput, NoSuchFacts
from nonlin.kernels.apply import Kernels, apply
from nonlin.kernels.grades import Grade
from nonlin.kernels.rowwise import row_kernel
from nonlin.workbench.activation import Activation
from nonlin.workbench.labelled import along, bears_labels, chunked_alike

if TYPE_CHECKING:
    from nonlin.vocabulary import RowDefinition


class RowWise(Activation):
    """An activation that mixes the elements along one axis, such as softmax."""

    __slots__ = ("_product", "_value")

    def __init__(self, card: Card, own: RowDefinition | None = None, grade: Grade = "exact") -> None:
        """Take a card of the catalog, or of a definition of one's `own`, and a grade."""
        super().__init__(card, own)
        self.grade = grade
        self._value, self._product = self._kernels("value"), self._kernels("vjp")

    def __repr__(self) -> str:
        return super().__repr__().replace("(", ".fast(", 1) if self.grade == "fast" else super().__repr__()

    @cached_property
    def fast(self) -> RowWise:
        """The fast grade: the same methods, with float32 rows computed in float32 lanes.

        Sums of a row are carried in float64. A share of a softmax is right within 4 + 3 d ulp, where d is the
        distance of its z from the largest in units of the temperature: the rounding of d itself, as in other
        libraries' float32; from d = 87 on it is 0. All other dtypes are as in the exact grade, and so is an
        activation that needs words besides exp.

        Examples
        --------
        >>> import numpy as np, nonlin as nl
        >>> nl.softmax.fast(np.float32([0, 1])).round(4)
        array([0.2689, 0.7311], dtype=float32)
        """
        return self if self.grade == "fast" else RowWise(self.card, self._own, "fast")

    def _with(self, card: Card, own: Any) -> RowWise:
        return RowWise(card, own, self.grade)

    def _origin(self) -> tuple[Any, ...]:
        return self.card, self._own, self.grade

    def __call__(self, z: Any, /, axis: int = -1, out: Any = None, **parameters: Any) -> Any:
        """Return f(z) along an axis.

        Parameters
        ----------
        z : array_like
            At least one-dimensional; dtypes as in the elementwise activations.
        axis : int
            The axis whose elements are mixed.
        out : ndarray, optional
            Where to store the result; may be `z` itself.
        **parameters : float or array_like
            Values of the activation's parameters, one for all rows or one a row.

        Examples
        --------
        >>> import numpy as np, nonlin as nl
        >>> nl.softmax([2.0, 1.0, 0.1]).round(4)
        array([0.659 , 0.2424, 0.0986])
        """
        ready = self._value.get(z.dtype) if type(z) is ndarray and z.ndim else None
        if ready is None or axis is None or (parameters and self._axis_word in parameters):
            return self._along("value", (z,), axis, out, parameters)
        given = self._numbers(parameters) if parameters else self._fixed
        if axis != -1:
            return ready(z, *given, axis=axis, out=out)
        return ready(z, *given) if out is None else ready(z, *given, out=out)

    def vjp(self, z: Any, g: Any, /, axis: int = -1, out: Any = None, **parameters: Any) -> Any:
        """Return the gradient with respect to z, given the one with respect to f(z): J^T g, without J."""
        alike = type(z) is ndarray is type(g) and z.dtype is g.dtype and z.ndim and g.ndim
        ready = self._product.get(z.dtype) if alike else None
        if ready is None or axis is None or (parameters and self._axis_word in parameters):
            return self._along("vjp", (z, g), axis, out, parameters)
        given = self._numbers(parameters) if parameters else self._fixed
        if axis != -1:
            return ready(z, g, *given, axis=axis, out=out)
        return ready(z, g, *given) if out is None else ready(z, g, *given, out=out)

    def jacobian(self, z: Any, /, **parameters: Any) -> Any:
        """Return the dense Jacobian over the last axis, J[..., i, j] = d f_i / d z_j: shape (..., n, n).

        Examples
        --------
        >>> import nonlin as nl
        >>> nl.softmax.jacobian([0.0, 0.0])
        array([[ 0.25, -0.25],
               [-0.25,  0.25]])
        """
        z = _at_least_one_dimensional(self, z)
        return self.vjp(z[..., None, :], np.eye(z.shape[-1], dtype=z.dtype), **parameters)

    def param_grad(self, z: Any, name: str, /, axis: int = -1, out: Any = None, **parameters: Any) -> Any:
        """Return the derivative of f(z) with respect to the parameter `name`, for each element."""
        self._known(name)
        return self._along(name, (z,), axis, out, parameters)

    def grad(self, z: Any, /, **parameters: Any) -> NoReturn:
        """Refuse: the derivative is a matrix for each row.

        Raises
        ------
        InvalidInput
            Always; the message names `jacobian` and `vjp`.
        """
        raise InvalidInput(
            f"{self.name} mixes the elements of a row, so its derivative is a matrix: "
            f"use {self.name}.jacobian(z) for the whole, {self.name}.vjp(z, g) for its product with a gradient"
        )

    value_and_grad = grad
    derivative = grad

    @property
    def facts(self) -> NoReturn:
        """Refuse: range, gain and the like belong to functions of one number.

        Raises
        ------
        NoSuchFacts
            Always.
        """
        raise NoSuchFacts(
            f"{self.name} mixes the elements of a row, so facts of one number (range, zeros, gain, ...) do not belong "
            f"to it; see {self.name}.summary, {self.name}.latex and {self.name}.jacobian(z)"
        )

    @cached_property
    def latex(self) -> str:
        """The formula of one element in LaTeX."""
        return str(self.definition.latex)

    def _along(
        self, what: str, arrays: tuple[Any, ...], axis: int, out: Any, parameters: Mapping[str, Any]
    ) -> Any:
        if self._axis_word in parameters:
            parameters = dict(parameters)
            axis = parameters.pop(self._axis_word)
        if out is None and any(map(bears_labels, arrays)):
            return along(lambda inside, at: self._along(what, inside, at, None, parameters), arrays, axis)
        given = tuple(_at_least_one_dimensional(self, a) for a in chunked_alike(arrays))
        options = {} if axis is None else {"axis": axis}
        return apply(self._kernels(what), given, self._numbers(parameters), out, **options)

    def _kernels(self, what: str) -> Kernels:
        if what not in self._found:
            self._found[what] = Kernels(lambda code: row_kernel(self.program(what), code, self.grade))
        return self._found[what]

    @cached_property
    def _axis_word(self) -> str:
        """What a dialect calls the axis, such as `dim`."""
        return dict(self.card.words).get("axis", "axis")

    def program(self, what: str) -> Program:
        """Return the steps of "value", of "vjp", or of the derivative by the parameter of that name."""
        if self._own is None:
            return remembered_row(self.card, what)
        from nonlin.derivation.row_programs import row_program

        return row_program(self._own, what)


def _at_least_one_dimensional(activation: Activation, z: Any) -> Any:
    array = z if hasattr(z, "ndim") else np.asarray(z)
    if array.ndim == 0:
        raise InvalidInput(f"{activation.name} works along an axis and was given a single number; give a row")
    return array
