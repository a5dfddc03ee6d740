"""An activation that mixes the elements along an axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy import ndarray
from numpy.lib.array_utils import normalize_axis_tuple

from nonlin.card import Card
from nonlin.derivation.remembered import remembered_row
from nonlin.derivation.steps import Program
from nonlin.errors import InvalidInput, NoSuchFacts
from nonlin.kernels.apply import Kernels, apply, stored
from nonlin.kernels.grades import Grade
from nonlin.kernels.rowwise import row_kernel
from nonlin.workbench.activation import Activation
from nonlin.workbench.arranging import Rows, alike, count_of, last, put_back
from nonlin.workbench.labelled import along, bears_labels, chunked_alike

if TYPE_CHECKING:
    from nonlin.vocabulary import RowDefinition


Axis = int | tuple[int, ...] | None

NONE: Mapping[Any, Any] = {}


class RowWise(Activation):
    """An activation that mixes the elements along one axis, such as softmax."""

    nature = "mixes the elements of a row"
    __slots__ = ("_product", "_value", "axis")

    def __init__(self, card: Card, own: RowDefinition | None = None, grade: Grade = "exact") -> None:
        """Take a card of the catalog, or of a definition of one's `own`, and a grade."""
        super().__init__(card, own)
        self.grade = grade
        self.axis = card.axis
        """The axis along which it works unless told."""
        plain = card.rows[0] == "whole"
        self._value, self._product = (self._kernels(w) if plain else NONE for w in ("value", "vjp"))

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

    def __call__(
        self, z: Any, /, axis: Axis = None, out: Any = None, where: Any = None, **parameters: Any
    ) -> Any:
        """Return f(z) along an axis.

        Parameters
        ----------
        z : array_like
            At least one-dimensional; dtypes as in the elementwise activations.
        axis : int or tuple of int, optional
            The axis whose elements are mixed, the last unless said (of `batch_norm` the first); several axes are
            one row.
        out : ndarray, optional
            Where to store the result; may be `z` itself.
        where : array_like of bool, optional
            Which elements take part; it broadcasts against `z`. The others count as if they were not there: their
            value is 0 (of `log_softmax` -inf), whatever else stands in the row, and whatever they hold. So a row
            without any is all 0 (or -inf).
        **parameters : float or array_like
            Values of the activation's parameters, one for all rows or one a row.

        Examples
        --------
        >>> import numpy as np, nonlin as nl
        >>> nl.softmax([2.0, 1.0, 0.1]).round(4)
        array([0.659 , 0.2424, 0.0986])
        >>> nl.softmax([2.0, 1.0, 0.1], where=[False, True, True]).round(4)
        array([0.    , 0.7109, 0.2891])
        """
        ready = self._value.get(z.dtype) if type(z) is ndarray and z.ndim and where is None else None
        axis = self.axis if axis is None else axis
        if ready is None or type(axis) is tuple or (parameters and self._axis_word in parameters):
            return self._along("value", (z,), axis, out, where, parameters)
        given = self._numbers(parameters) if parameters else self._fixed
        if axis != -1:
            return ready(z, *given, axis=axis, out=out)
        return ready(z, *given) if out is None else ready(z, *given, out=out)

    def vjp(
        self, z: Any, g: Any, /, axis: Axis = None, out: Any = None, where: Any = None, **parameters: Any
    ) -> Any:
        """Return the gradient with respect to z, given the one with respect to f(z): J^T g, without J.

        What `where` leaves out has the gradient 0, and its g does not count.
        """
        alike = type(z) is ndarray is type(g) and z.dtype is g.dtype and z.ndim and g.ndim and where is None
        ready = self._product.get(z.dtype) if alike else None
        axis = self.axis if axis is None else axis
        if ready is None or type(axis) is tuple or (parameters and self._axis_word in parameters):
            return self._along("vjp", (z, g), axis, out, where, parameters)
        given = self._numbers(parameters) if parameters else self._fixed
        if axis != -1:
            return ready(z, g, *given, axis=axis, out=out)
        return ready(z, g, *given) if out is None else ready(z, g, *given, out=out)

    def jacobian(self, z: Any, /, where: Any = None, **parameters: Any) -> Any:
        """Return the dense Jacobian over the last axis, J[..., i, j] = d f_i / d z_j: shape (..., n, n).

        Of `maxout` it has a row for each block: (..., n / k, n).

        Examples
        --------
        >>> import nonlin as nl
        >>> nl.softmax.jacobian([0.0, 0.0])
        array([[ 0.25, -0.25],
               [-0.25,  0.25]])
        """
        z = _at_least_one_dimensional(self, z)
        mask = None if where is None else np.broadcast_to(where, z.shape)[..., None, :]
        one_each = np.eye(self._rows(z.shape[-1:], parameters).results, dtype=z.dtype)
        return self.vjp(z[..., None, :], one_each, axis=-1, where=mask, **parameters)

    def param_grad(
        self, z: Any, name: str, /, axis: Axis = None, out: Any = None, where: Any = None, **parameters: Any
    ) -> Any:
        """Return the derivative of f(z) with respect to the parameter `name`, for each element.

        Raises
        ------
        InvalidInput
            If the parameter only counts, such as the `groups` of `group_norm`.
        """
        self._known(name)
        if name == self.card.rows[1]:
            raise InvalidInput(f"{self.name}: {name} counts, so nothing can be derived by it")
        return self._along(name, (z,), axis, out, where, parameters)

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
        self,
        what: str,
        arrays: tuple[Any, ...],
        axis: Axis,
        out: Any,
        where: Any,
        parameters: Mapping[str, Any],
    ) -> Any:
        if self._axis_word in parameters:
            parameters = dict(parameters)
            axis = parameters.pop(self._axis_word)
        if out is None and any(map(bears_labels, (*arrays, where))):
            if self.card.rows[0] == "blocks":
                raise InvalidInput(
                    f"{self.name} gives one number for several elements, each with a label of its own; "
                    "give numpy.asarray of them"
                )
            return along(
                lambda inside, at: self._along(what, inside[:-1], at, None, inside[-1], parameters),
                (*arrays, where),
                axis,
            )
        axis = self.axis if axis is None else axis
        given = tuple(_at_least_one_dimensional(self, a) for a in arrays)
        numbers = self._numbers(parameters)
        kernels = self._kernels(what, where is not None)
        if where is not None:
            given = (*given, self._mask(where, given[0]))
        given = chunked_alike(given)
        if self.card.rows[0] == "whole" and not isinstance(axis, tuple):
            return apply(kernels, given, numbers, out, axis=axis)
        if any(not isinstance(a, ndarray) for a in given):
            raise InvalidInput(
                f"{self.name} along several axes or in parts works on NumPy arrays, not on "
                f"{type(given[0]).__module__}.{type(given[0]).__name__}; give numpy.asarray of it"
            )
        answer = self._in_rows(what, kernels, given, axis, numbers, parameters)
        return answer if out is None else stored(answer, out)

    def _in_rows(
        self,
        what: str,
        kernels: Kernels,
        given: Sequence[ndarray[Any, Any]],
        axis: int | tuple[int, ...],
        numbers: Sequence[Any],
        parameters: Mapping[str, Any],
    ) -> Any:
        """Compute along several axes as along one, and in parts of an axis."""
        given = alike(given)
        like, axes = given[0].shape, normalize_axis_tuple(axis, given[0].ndim)
        flat = [last(a, axes) for a in given]
        rows = self._rows([like[a] for a in axes], parameters)
        of_results = {1} if what == "vjp" else set()
        ready = tuple(rows.of_results(a) if i in of_results else rows.of(a) for i, a in enumerate(flat))
        answer = apply(kernels, np.broadcast_arrays(*ready), numbers, axis=-1)
        back = rows.pulled if what == "vjp" else rows.values
        return put_back(back(answer), axes, like)

    def _rows(self, lengths: Sequence[int], parameters: Mapping[str, Any]) -> Rows:
        shape, by = self.card.rows
        given = {**self._by_name, **parameters}.get(by)
        return Rows(shape, count_of(self.name, shape, by, given, lengths), math.prod(lengths))

    def _mask(self, where: Any, z: Any) -> Any:
        """Return a mask in the shape of z."""
        mask = where if hasattr(where, "dtype") and np.ndim(where) else np.asarray(where)
        if mask.dtype != bool:
            raise InvalidInput(
                f"{self.name}: where= tells which elements take part, in booleans, not {mask.dtype}"
            )
        if not isinstance(mask, ndarray) or not isinstance(z, ndarray):
            return mask
        try:
            return np.broadcast_to(mask, z.shape)
        except ValueError as reason:
            raise InvalidInput(
                f"{self.name}: where= of shape {mask.shape} does not broadcast to {z.shape}"
            ) from reason

    def _kernels(self, what: str, masked: bool = False) -> Kernels:
        if (what, masked) not in self._found:
            self._found[what, masked] = Kernels(
                lambda code: row_kernel(self.program(what, masked), code, self.grade)
            )
        return self._found[what, masked]

    @cached_property
    def _axis_word(self) -> str:
        """What a dialect calls the axis, such as `dim`."""
        return dict(self.card.words).get("axis", "axis")

    def program(self, what: str, masked: bool = False) -> Program:
        """Return the steps of "value", of "vjp", or of the derivative by the parameter of that name.

        Those for masked rows have a last input "present", 1 for elements that take part.
        """
        if self._own is None:
            return remembered_row(self.card, what, masked)
        from nonlin.derivation.row_programs import row_program

        return row_program(self._own, what, masked)


def _at_least_one_dimensional(activation: Activation, z: Any) -> Any:
    array = z if hasattr(z, "ndim") else np.asarray(z)
    if array.ndim == 0:
        raise InvalidInput(f"{activation.name} works along an axis and was given a single number; give a row")
    return array
