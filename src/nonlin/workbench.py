"""The object that users hold: one definition, and everything that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NoReturn, cast

import numpy as np
import sympy
from sympy.core.parameters import distribute

from nonlin.derivation.calculus import derivative
from nonlin.derivation.program import Program
from nonlin.derivation.programs import programs
from nonlin.errors import InvalidInput, UnknownParameter, did_you_mean
from nonlin.kernels.apply import Kernels, apply
from nonlin.kernels.elementwise import PRECISIONS, Code, Grade, fits_fast_lanes, kernel
from nonlin.kernels.rowwise import row_kernel
from nonlin.vocabulary import Definition, KinkRule, Parameter, RowDefinition, trace, x

if TYPE_CHECKING:
    from nonlin.derivation.facts import Facts
    from nonlin.derivation.landmarks import Landmarks


class Activation:
    """An activation function: y = f(x), with its exact derivatives and all that is known of it.

    Get one by name (`nonlin.gelu`, `nonlin.get("gelu")`) or define one (`nonlin.activation`).

    Attributes
    ----------
    name : str
    parameters : tuple of Parameter
        Each with `name`, `default` and `meaning`.
    source : str
        The paper that introduced it.
    aliases : tuple of str
    """

    def __init__(self, definition: Definition | RowDefinition) -> None:
        self.definition = definition
        self.name = definition.name
        self.parameters: tuple[Parameter, ...] = tuple(definition.parameters)
        self.source = definition.source
        self.aliases = tuple(definition.aliases)
        self.__doc__ = definition.summary
        self._defaults = tuple(p.default for p in self.parameters)
        self._found: dict[Any, Kernels] = {}

    def __repr__(self) -> str:
        parameters = ", ".join(f"{p.name}={p.default:g}" for p in self.parameters)
        return f"nonlin.{self.name}({', '.join(filter(None, ['x', parameters]))})"

    def bind(self, **values: float) -> Activation:
        """Return the same activation with other defaults for its parameters.

        Raises
        ------
        UnknownParameter
            If it has no such parameter.
        InvalidInput
            If a value is not one finite number.

        Examples
        --------
        >>> import nonlin as nl
        >>> float(nl.leaky_relu.bind(negative_slope=0.2)(-1.0))
        -0.2
        """
        self._numbers(values)
        for name, value in values.items():
            if np.ndim(value) or not np.isfinite(value):
                raise InvalidInput(
                    f"{self.name}: {name}={value!r} cannot be a default; give one finite number"
                )
        return type(self)(self.definition.bound(**values))

    @cached_property
    def latex(self) -> str:
        """The formula in LaTeX."""
        raise NotImplementedError

    def _values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return a value for each parameter: the given ones, else the defaults."""
        if not given:
            return self._defaults
        known = [p.name for p in self.parameters]
        for name in given:
            if name not in known:
                raise UnknownParameter(
                    f"{self.name} has no parameter {name!r}.{did_you_mean(name, known)} "
                    + (f"It has: {', '.join(known)}" if known else "It has none")
                )
        return tuple(given.get(p.name, p.default) for p in self.parameters)

    def _numbers(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return a number, or an array of them, for each parameter."""
        for name, value in given.items():
            if name in (p.name for p in self.parameters) and not _is_numeric(value):
                raise InvalidInput(f"{self.name}: {name}={value!r} is no real number, nor an array of them")
        return self._values(given)


class Elementwise(Activation):
    """An activation that works on each element by itself: y[i] = f(x[i])."""

    definition: Definition

    def __init__(self, definition: Definition, grade: Grade = "exact") -> None:
        super().__init__(definition)
        self.grade = grade

    def __repr__(self) -> str:
        return super().__repr__().replace("(", ".fast(", 1) if self.grade == "fast" else super().__repr__()

    @cached_property
    def fast(self) -> Elementwise:
        """The fast grade: the same methods, with float32 results within 4 ulp instead of 1.

        Inputs near 0 are computed in float32 lanes, far ones as in the exact grade, each by itself; so are
        activations whose exponentials take a rounded argument (such as 1.702 x), and all other dtypes. Near a
        zero of the slope, the error is below 4 ulp of the slope's own terms.

        Examples
        --------
        >>> import numpy as np, nonlin as nl
        >>> nl.silu.fast(np.float32([0, 1])).round(4)
        array([0.    , 0.7311], dtype=float32)
        """
        return self if self.grade == "fast" else Elementwise(self.definition, "fast")

    def bind(self, **values: float) -> Elementwise:  # see Activation
        return Elementwise(cast(Elementwise, super().bind(**values)).definition, self.grade)

    def __call__(self, x: Any, /, out: Any = None, **parameters: Any) -> Any:
        """Return f(x).

        Parameters
        ----------
        x : array_like
            Any shape and layout; float32 and float64 keep their dtype, float16 and bfloat16 too, integers
            promote as in `numpy.exp`. A symbol gives the formula, so definitions compose.
        out : ndarray, optional
            Where to store the result; may be `x` itself.
        **parameters : float or array_like
            Values of the activation's parameters; arrays broadcast against `x`.

        Returns
        -------
        ndarray, or a scalar for a scalar

        Raises
        ------
        UnknownParameter
            If it has no such parameter.
        InvalidInput
            If x is complex, text or wider than float64.

        Examples
        --------
        >>> import numpy as np, nonlin as nl
        >>> nl.relu(np.float32([-1, 0, 2]))
        array([0., 0., 2.], dtype=float32)
        """
        if _is_symbolic(x):
            return self._formula_at(x, parameters)
        return self._apply(self._kernels("value"), (x,), parameters, out)

    def grad(self, x: Any, /, out: Any = None, **parameters: Any) -> Any:
        """Return f'(x), the slope; at a kink it is PyTorch's choice, or that of `at_kink`.

        Examples
        --------
        >>> import nonlin as nl
        >>> float(nl.sigmoid.grad(0.0))
        0.25
        """
        return self._apply(self._kernels("slope"), (x,), parameters, out)

    def value_and_grad(self, x: Any, /, out: Any = None, **parameters: Any) -> tuple[Any, Any]:
        """Return f(x) and f'(x) in one pass over memory; `out` is a pair of arrays."""
        answer: tuple[Any, Any] = self._apply(self._kernels("value", "slope"), (x,), parameters, out)
        return answer

    def vjp(self, x: Any, g: Any, /, out: Any = None, **parameters: Any) -> Any:
        """Return g f'(x) in one pass, rounded once: the gradient to pass on, given the upstream one.

        Parameters
        ----------
        x : array_like
            The input of the forward pass.
        g : array_like
            The gradient with respect to f(x); same shape as `x`, or one that broadcasts.
        """
        return self._apply(self._kernels("pullback"), (x, g), parameters, out)

    def derivative(self, order: int) -> Callable[..., Any]:
        """Return the derivative of that order, as a function of arrays; order 0 is the activation itself.

        Examples
        --------
        >>> import nonlin as nl
        >>> float(nl.silu.derivative(2)(0.0))
        0.5
        """
        if isinstance(order, bool) or not hasattr(order, "__index__") or order < 0:
            raise InvalidInput(f"derivative({order!r}): the order is a whole number from 0 on")
        order = int(order)

        def nth(x: Any, /, out: Any = None, **parameters: Any) -> Any:
            return self._apply(self._kernels(order), (x,), parameters, out)

        nth.__name__ = f"{self.name}_derivative_{order}"
        nth.__doc__ = f"Return derivative {order} of {self.name} at x."
        return nth

    def param_grad(self, x: Any, name: str, /, out: Any = None, **parameters: Any) -> Any:
        """Return the derivative of f(x) with respect to the parameter `name`, element by element.

        Examples
        --------
        >>> import nonlin as nl
        >>> float(nl.leaky_relu.param_grad(-3.0, "negative_slope"))
        -3.0
        """
        self._values({name: 0.0, **parameters})
        return self._apply(self._kernels(name), (x,), parameters, out)

    def jacobian(self, x: Any, /, **parameters: Any) -> Any:
        """Return the dense Jacobian over the last axis: shape (..., n, n), zero off the diagonal."""
        slope = np.atleast_1d(self.grad(x, **parameters))
        return np.where(np.eye(slope.shape[-1], dtype=bool), slope[..., None], slope.dtype.type(0))

    def at_kink(self, rule: KinkRule) -> Elementwise:
        """Return the same activation with another slope at its kinks.

        Parameters
        ----------
        rule : "left", "right", "middle" or float
            One side's slope, the mean of both, or a number.

        Examples
        --------
        >>> import nonlin as nl
        >>> float(nl.relu.grad(0.0)), float(nl.relu.at_kink("right").grad(0.0))
        (0.0, 1.0)
        """
        return Elementwise(self.definition.with_kink_rule(rule), self.grade)

    @cached_property
    def latex(self) -> str:
        """The formula in LaTeX."""
        return str(sympy.latex(self.definition.formula))

    @property
    def formula(self) -> Any:
        """The formula, as a SymPy expression in `x` and the parameters."""
        return self.definition.formula

    @cached_property
    def slope_formula(self) -> Any:
        """The derivative's formula, as a SymPy expression."""
        return derivative(self.definition)

    @cached_property
    def facts(self) -> Facts:
        """What is known of the function: range, limits, Lipschitz constant, Gaussian moments, gains, ..."""
        from nonlin.derivation.facts import facts

        return facts(self.definition)

    @cached_property
    def landmarks(self) -> Landmarks:
        """Kinks, zeros, extrema, inflections and saturation points."""
        from nonlin.derivation.landmarks import landmarks

        return landmarks(self.definition)

    def plot(self, path: str | None = None, **parameters: float) -> Any:
        """Draw f with f'; see `nonlin.plot`."""
        from nonlin.plotting import plot

        return plot(self.bind(**parameters) if parameters else self, path=path)

    def _formula_at(self, symbol: Any, parameters: Mapping[str, Any]) -> Any:
        values = dict(zip(self.parameters, self._values(parameters), strict=True))
        return self.definition.formula.xreplace(values).subs(x, symbol)

    def program(self, *what: str | int) -> Program:
        """Return the Program of "value", "slope", "pullback", a derivative's order or a parameter's name.

        Examples
        --------
        >>> import nonlin as nl
        >>> print(nl.silu.program("value"))
        program(x)
            v0 = sigmoid(x)
            v1 = mul(v0, x)
            return v1
        """
        return programs(self.definition, what)

    def _kernels(self, *what: str | int) -> Kernels:
        if what not in self._found:
            self._found[what] = partial(_kernel, self.definition, what, self.grade)
        return self._found[what]

    def _apply(
        self, kernels: Kernels, arrays: tuple[Any, ...], parameters: Mapping[str, Any], out: Any
    ) -> Any:
        return apply(kernels, arrays, self._numbers(parameters) if parameters else self._defaults, out=out)


class RowWise(Activation):
    """An activation that mixes the elements along one axis, such as softmax."""

    definition: RowDefinition

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
        return self._along(self.definition.value, (z,), axis, out, parameters)

    def vjp(self, z: Any, g: Any, /, axis: int = -1, out: Any = None, **parameters: Any) -> Any:
        """Return the gradient with respect to z, given the one with respect to f(z): J^T g, without J."""
        return self._along(self.definition.vjp, (z, g), axis, out, parameters)

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
        self._values({name: 0.0, **parameters})
        return self._along(self.definition.param_grads[name], (z,), axis, out, parameters)

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

    @cached_property
    def latex(self) -> str:
        """The formula of one element in LaTeX."""
        return self.definition.latex

    def _along(
        self, function: Any, arrays: tuple[Any, ...], axis: int, out: Any, parameters: Mapping[str, Any]
    ) -> Any:
        given = tuple(_at_least_one_dimensional(self, a) for a in arrays)
        kernels = partial(row_kernel, function, arrays=len(arrays), params=len(self.parameters))
        return apply(kernels, given, self._numbers(parameters), axis=axis, out=out)


def activation(function: Callable[..., Any]) -> Elementwise:
    """Make an activation of a Python function: y = function(x, parameter=default, ...).

    The function is called once with symbols, so it is written in nonlin's words (`nl.exp`, `nl.where`,
    `nl.sqrt`, other activations, ...) and Python's arithmetic. Its derivatives, kernels, facts and bridges
    follow from it.

    Raises
    ------
    InvalidDefinition
        If it branches on its input, calls NumPy or PyTorch on it, or a parameter lacks a default.

    Examples
    --------
    >>> import nonlin as nl
    >>> @nl.activation
    ... def bent(x, a=0.5):
    ...     "Bent identity with an adjustable bend."
    ...     return x + a * (nl.sqrt(x**2 + 1) - 1)
    >>> float(bent(0.0)), float(bent.grad(0.0))
    (0.0, 1.0)
    """
    with distribute(False):
        return Elementwise(trace(function))


def of(definition: Definition | RowDefinition) -> Activation:
    """Return the activation of a definition."""
    return Elementwise(definition) if isinstance(definition, Definition) else RowWise(definition)


def _is_numeric(value: Any) -> bool:
    return np.can_cast(getattr(value, "dtype", None) or np.asarray(value).dtype, np.float64)


def _kernel(definition: Definition, what: tuple[str | int, ...], grade: Grade, code: Code) -> np.ufunc:
    if grade == "fast" and code == "f" and fits_fast_lanes(program := programs(definition, what)):
        return kernel(program, code, "fast")
    return kernel(programs(definition, what, PRECISIONS[code]), code)


def _is_symbolic(x: Any) -> bool:
    return isinstance(x, sympy.Basic)


def _at_least_one_dimensional(activation: Activation, z: Any) -> Any:
    array = z if hasattr(z, "dtype") else np.asarray(z)
    if array.ndim == 0:
        raise InvalidInput(f"{activation.name} works along an axis and was given a single number; give a row")
    return array
