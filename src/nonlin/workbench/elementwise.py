"""An activation of one number at a time, and everything that follows from its formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from nonlin.card import Card
from nonlin.derivation.remembered import remembered, remembered_nearest
from nonlin.derivation.steps import Program
from nonlin.errors import InvalidInput
from nonlin.kernels.apply import Kernels, apply
from nonlin.kernels.grades import Grade
from nonlin.workbench.formula import FromFormula
from nonlin.workbench.labelled import is_lazy

if TYPE_CHECKING:
    from nonlin.facts.fact import SelfNormalising
    from nonlin.facts.facts import Facts
    from nonlin.facts.landmarks import Landmarks
    from nonlin.vocabulary import Definition


class Elementwise(FromFormula):
    """An activation that works on each element by itself: y[i] = f(x[i])."""

    # On a few values a call costs as much as the calls inside it, so the methods of one result find their kernel
    # themselves: 0.52 microseconds for a slope of 16 values, 0.56 by way of `_compute`.
    nature = "works on each element by itself"
    __slots__ = ("_both", "_product", "_slope", "_value")

    def __init__(self, card: Card, own: Definition | None = None, grade: Grade = "exact") -> None:
        """Take a card of the catalog, or of a definition of one's `own`, and a grade."""
        super().__init__(card, own, grade)
        self._own: Definition | None = own
        self._value, self._slope = self._kernels("value"), self._kernels("slope")
        self._both, self._product = self._kernels("value", "slope"), self._kernels("pullback")

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
        ready = self._value.get(x.dtype if type(x) is ndarray else type(x))
        if ready is not None:
            given = self._numbers(parameters) if parameters else self._fixed
            if given:
                return ready(x, *given) if out is None else ready(x, *given, out=out)
            return ready(x) if out is None else ready(x, out=out)
        if is_symbolic(x):
            return self._formula_at(x, parameters)
        return apply(self._value, (x,), self._numbers(parameters), out)

    def grad(self, x: Any, /, out: Any = None, **parameters: Any) -> Any:
        """Return f'(x), the slope; at a kink it is PyTorch's choice, or that of `at_kink`.

        Examples
        --------
        >>> import nonlin as nl
        >>> float(nl.sigmoid.grad(0.0))
        0.25
        """
        ready = self._slope.get(x.dtype if type(x) is ndarray else type(x))
        if ready is not None:
            given = self._numbers(parameters) if parameters else self._fixed
            if given:
                return ready(x, *given) if out is None else ready(x, *given, out=out)
            return ready(x) if out is None else ready(x, out=out)
        return apply(self._slope, (x,), self._numbers(parameters), out)

    def value_and_grad(self, x: Any, /, out: Any = None, **parameters: Any) -> tuple[Any, Any]:
        """Return f(x) and f'(x) in one pass over memory, for lazy arrays in two; `out` is a pair of arrays."""
        if type(x) is not ndarray and out is None and is_lazy(x):
            return self(x, **parameters), self.grad(x, **parameters)
        return self._compute(self._both, x, out, parameters)  # type: ignore[no-any-return]

    def vjp(self, x: Any, g: Any, /, out: Any = None, **parameters: Any) -> Any:
        """Return g f'(x) in one pass, rounded once: the gradient to pass on, given the upstream one.

        Parameters
        ----------
        x : array_like
            The input of the forward pass.
        g : array_like
            The gradient with respect to f(x); same shape as `x`, or one that broadcasts.
        """
        kind = x.dtype if type(x) is ndarray else type(x)
        ready = self._product.get(kind) if kind is (g.dtype if type(g) is ndarray else type(g)) else None
        if ready is not None:
            given = self._numbers(parameters) if parameters else self._fixed
            if given:
                return ready(x, g, *given) if out is None else ready(x, g, *given, out=out)
            return ready(x, g) if out is None else ready(x, g, out=out)
        return apply(self._product, (x, g), self._numbers(parameters), out)

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
        kernels = self._kernels(order)

        def nth(x: Any, /, out: Any = None, **parameters: Any) -> Any:
            return self._compute(kernels, x, out, parameters)

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
        self._known(name)
        return self._compute(self._kernels(name), x, out, parameters)

    def jacobian(self, x: Any, /, **parameters: Any) -> Any:
        """Return the dense Jacobian over the last axis: shape (..., n, n), zero off the diagonal."""
        slope = np.atleast_1d(self.grad(x, **parameters))
        return np.where(np.eye(slope.shape[-1], dtype=bool), slope[..., None], slope.dtype.type(0))

    @cached_property
    def slope_formula(self) -> Any:
        """The derivative's formula, as a SymPy expression."""
        from nonlin.derivation.calculus import derivative

        return derivative(self.definition)

    @cached_property
    def facts(self) -> Facts:
        """What is known of the function: range, limits, Lipschitz constant, Gaussian moments, gains, ...

        Those of the catalog ship with the package; any others are derived when asked for, one by one.

        Examples
        --------
        >>> import nonlin as nl
        >>> nl.gelu.facts["lipschitz"].how, round(nl.gelu.facts.lipschitz, 6)
        ('proved', 1.128904)
        """
        from nonlin.facts.facts import Facts, found_in
        from nonlin.facts.shipped import shipped
        from nonlin.workbench.cost import cost

        ready = shipped(self.card) if self._own is None else None
        return Facts(ready or found_in(lambda: self.definition), partial(cost, self))

    def self_normalising(self, by: str | None = None) -> SelfNormalising:
        """Return the scale and shift that keep mean 0 and variance 1 from layer to layer.

        Parameters
        ----------
        by : str, optional
            A parameter that is to take the place of the shift; see `nonlin.facts.normalising`.

        Raises
        ------
        InvalidInput
            If no value of that parameter makes the mean 0, or f(z) has no finite variance.
        UnknownParameter
            If it has no such parameter.

        Examples
        --------
        SELU is ELU by its depth:

        >>> import nonlin as nl
        >>> found = nl.elu.self_normalising(by="alpha")
        >>> round(found.scale, 7), round(found.parameter[1], 7), found.fate
        (1.050701, 1.6732632, 'attracting')
        """
        from nonlin.facts.normalising import self_normalising

        return self_normalising(self.definition, by)

    @cached_property
    def landmarks(self) -> Landmarks:
        """Kinks, zeros, extrema, inflections and saturation points."""
        from nonlin.facts.landmarks import landmarks

        return landmarks(self.definition)

    def plot(self, path: str | None = None, **parameters: float) -> Any:
        """Draw f with f'; see `nonlin.plot`."""
        from nonlin.plotting import plot

        return plot(self.bind(**parameters) if parameters else self, path=path)

    def _formula_at(self, symbol: Any, parameters: Mapping[str, Any]) -> Any:
        from nonlin.vocabulary import x

        values = dict(zip(self.definition.parameters, self._values(parameters), strict=True))
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
        return self._program(what)

    def _program(self, what: tuple[str | int, ...], sharp: Any = None) -> Program:
        if self._own is None:
            return remembered(self.card, what, sharp)
        from nonlin.derivation.programs import programs

        return programs(self._own, what, sharp)

    def _kernels(self, *what: str | int) -> Kernels:
        if what not in self._found:
            self._found[what] = Kernels(partial(self._kernel, what), partial(self._whole, what))
            if all(w in ("value", "slope") or isinstance(w, int) for w in what):
                self._found[what].nearest = partial(self._nearest, what)
        return self._found[what]

    def _nearest(self, what: tuple[str | int, ...], output: int, *asked: Any) -> ndarray:
        """Return an output of those, correctly rounded, where a tie asks for it; see `derivation.rounding`."""
        if self._own is None:
            return remembered_nearest(self.card, what[output], *asked)
        from nonlin.derivation.rounding import nearest

        return nearest(self._own, what[output], *asked)

    def _compute(self, kernels: Kernels, x: Any, out: Any, parameters: Mapping[str, Any]) -> Any:
        """Call a kernel of one array."""
        ready = kernels.get(x.dtype if type(x) is ndarray else type(x))
        if ready is not None:
            given = self._numbers(parameters) if parameters else self._fixed
            if given:
                return ready(x, *given) if out is None else ready(x, *given, out=out)
            return ready(x) if out is None else ready(x, out=out)
        return apply(kernels, (x,), self._numbers(parameters), out)


def is_symbolic(x: Any) -> bool:
    """Tell whether it is SymPy's, without importing SymPy."""
    return hasattr(x, "free_symbols")
