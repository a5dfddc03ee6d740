"""An activation of two inputs, a value and the gate that lets it through, and everything that follows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from nonlin.card import Card, card_of
from nonlin.derivation.remembered import remembered
from nonlin.derivation.steps import Program
from nonlin.errors import InvalidInput
from nonlin.kernels.apply import Kernels, apply, computed_in
from nonlin.kernels.grades import Grade
from nonlin.workbench.elementwise import Elementwise, is_symbolic
from nonlin.workbench.formula import FromFormula
from nonlin.workbench.labelled import bears_labels, halves, is_lazy
from nonlin.workbench.splitting import Order, parts, split

if TYPE_CHECKING:
    from nonlin.vocabulary import GatedDefinition


class Gated(FromFormula):
    """An activation of two inputs, each element by itself: y[i] = f(x[i], gate[i]).

    Every method takes value and gate as two arrays, `f(x, gate)`, or as one that it splits along `axis`, `f(z)`;
    `gate` then says where the gates stand: "last" is the second half, as in PyTorch, Keras and JAX; "first"
    the first half; "interleaved" the first of each pair. Parameters broadcast against the value.

    In a dialect that has the gate first, as ONNX has in SwiGLU, the two arrays are `f(gate, x)`, derivatives by them
    come in the same order, and one array has its gates "first" unless told.

    Float32 values and slopes are within 1 ulp of the truth, in grade fast too, which computes as the exact one: what
    float32 lanes gain, three arrays of memory take. An infinite input gives the limit; where one factor is 0 and the
    other infinite, 0: a closed gate lets nothing through.
    """

    nature = "has two inputs, a value and its gate"
    slopes = ("slopes",)

    def __init__(self, card: Card, own: GatedDefinition | None = None, grade: Grade = "exact") -> None:
        """Take a card of the catalog, or of a definition of one's `own`, and a grade."""
        super().__init__(card, own, grade)

    def __repr__(self) -> str:
        return super().__repr__().replace("(x", f"({', '.join(self.in_order('x', 'gate'))}", 1)

    def in_order(self, first: Any, second: Any) -> tuple[Any, Any]:
        """Return value and gate of the two inputs; or the two inputs of value and gate.

        Examples
        --------
        >>> import nonlin as nl
        >>> nl.swiglu.in_order("a", "b"), nl.get("SwiGLU", dialect="onnx").in_order("a", "b")
        (('a', 'b'), ('b', 'a'))
        """
        return (second, first) if self.card.gate == "first" else (first, second)

    def __call__(
        self,
        x: Any,
        given: Any = None,
        /,
        *,
        axis: int = -1,
        gate: Order | None = None,
        out: Any = None,
        **parameters: Any,
    ) -> Any:
        """Return f(x, gate), or f(z) of an array that holds both.

        Parameters
        ----------
        x : array_like
            The value; or value and gate in one array, if no second one is given. Dtypes as in the elementwise
            activations. Two symbols give the formula. An array of pandas, xarray or dask stays one, with the labels of
            its values.
        given : array_like, optional
            The gate; it broadcasts against the value.
        axis : int
            The axis that is split.
        gate : {"last", "first", "interleaved"}, optional
            Where the gates stand along it: "last" unless given, or as the inputs of the dialect stand.
        out : ndarray, optional
            Where to store the result.
        **parameters : float or array_like
            Values of the activation's parameters.

        Raises
        ------
        InvalidInput
            If the axis to be split does not exist or has an odd length, or there is no such order.

        Examples
        --------
        >>> import numpy as np, nonlin as nl
        >>> nl.reglu([3.0, 3.0], [2.0, -2.0])
        array([6., 0.])
        >>> nl.reglu([3.0, 3.0, 2.0, -2.0])
        array([6., 0.])
        >>> nl.reglu([2.0, 3.0, -2.0, 3.0], gate="interleaved")
        array([6., 0.])
        """
        if is_symbolic(x):
            return self._formula_at(x, given, parameters)
        axis = parameters.pop(self._axis_word, axis)
        if given is None and out is None and (bears_labels(x) or is_lazy(x)):
            arrays = halves(self.name, x, axis, self._order(gate))
        else:
            arrays = self._inputs(x, given, axis, gate, parameters)
        return apply(self._kernels("value"), arrays, self._numbers(parameters), out)

    def vjp(
        self,
        x: Any,
        *given: Any,
        axis: int = -1,
        gate: Order | None = None,
        out: Any = None,
        **parameters: Any,
    ) -> Any:
        """Return the gradients by value and gate, given the one with respect to the result, in one pass.

        `vjp(x, gate, g)` returns a pair, whose shape is that of all three broadcast together; `vjp(z, g)` one
        array that holds both as z does. `out` is of the same form.

        Examples
        --------
        >>> import nonlin as nl
        >>> dx, dgate = nl.bilinear.vjp([3.0], [2.0], [10.0])
        >>> print(dx, dgate)
        [20.] [30.]
        >>> nl.bilinear.vjp([3.0, 2.0], [10.0])
        array([20., 30.])
        """
        gates, g = self._told(given, "vjp(x, gate, g) or vjp(z, g)")
        g = g if type(g) in (int, float) else _array(g)
        return self._derived(("pullback",), x, gates, (g,), axis, gate, out, parameters)

    def grad(
        self,
        x: Any,
        given: Any = None,
        /,
        *,
        axis: int = -1,
        gate: Order | None = None,
        out: Any = None,
        **parameters: Any,
    ) -> Any:
        """Return the derivatives by x and by the gate: a pair, or one array that holds both as z does.

        Examples
        --------
        >>> import nonlin as nl
        >>> dx, dgate = nl.bilinear.grad(3.0, 2.0)
        >>> print(dx, dgate)
        2.0 3.0
        """
        return self._derived(("slopes",), x, given, (), axis, gate, out, parameters)

    def value_and_grad(
        self, x: Any, given: Any = None, /, *, axis: int = -1, gate: Order | None = None, **parameters: Any
    ) -> tuple[Any, Any]:
        """Return f and what `grad` returns, in one pass over memory."""
        if given is not None:
            y, *slopes = self._derived(("value", "slopes"), x, given, (), axis, gate, None, parameters)
            return y, tuple(slopes)
        z = _array(x)
        first, _ = self._inputs(z, None, axis, gate, dict(parameters))
        y, dz = np.empty(first.shape, dtype := _computed_dtype(z)), np.empty(z.shape, dtype)
        self._derived(("value", "slopes"), z, None, (), axis, gate, (y, dz), parameters)
        return y, dz

    def param_grad(
        self,
        x: Any,
        *given: Any,
        axis: int = -1,
        gate: Order | None = None,
        out: Any = None,
        **parameters: Any,
    ) -> Any:
        """Return the derivative by a parameter: `param_grad(x, gate, name)` or `param_grad(z, name)`.

        Examples
        --------
        >>> import nonlin as nl
        >>> float(nl.swiglu.param_grad(4.0, 2.0, "beta", beta=0.0))
        4.0
        """
        gates, name = self._told(given, "param_grad(x, gate, name) or param_grad(z, name)")
        self._known(name)
        arrays = self._inputs(x, gates, axis, gate, parameters)
        return apply(self._kernels(name), arrays, self._numbers(parameters), out)

    def jacobian(self, x: Any, given: Any = None, /, *, gate: Order | None = None, **parameters: Any) -> Any:
        """Return the dense Jacobian over the last axis.

        For value and gate a pair of shape (..., n, n), each zero off the diagonal; for one array that holds both
        J[..., i, j] = d f_i / d z_j, of shape (..., n, 2 n).

        Examples
        --------
        >>> import nonlin as nl
        >>> nl.bilinear.jacobian([5.0, 6.0, 7.0, 8.0])
        array([[7., 0., 5., 0.],
               [0., 8., 0., 6.]])
        """
        x = np.atleast_1d(x)
        slopes = self.grad(x, given, gate=gate, **parameters)
        if given is not None:
            return tuple(_diagonal(np.atleast_1d(s)) for s in slopes)
        order = self._order(gate)
        first, second = split(self.name, slopes, -1, order)
        joined = np.zeros((*first.shape, slopes.shape[-1]), slopes.dtype)
        for place, slope in zip(split(self.name, joined, -1, order), (first, second), strict=True):
            place[...] = _diagonal(slope)
        return joined

    @cached_property
    def value_factor(self) -> Elementwise:
        """What is let through, as an activation of one input."""
        return self._factor(self.definition.value_factor)

    @cached_property
    def gate_factor(self) -> Elementwise:
        """How far the gate is open, as an activation of one input: SiLU for SwiGLU.

        Examples
        --------
        >>> import nonlin as nl
        >>> print(f"{nl.geglu.gate_factor.facts.gain:.4f}")
        1.5335
        """
        return self._factor(self.definition.gate_factor)

    @property
    def slope_formulas(self) -> tuple[Any, Any]:
        """The formulas of the derivatives by x and by the gate, as SymPy expressions."""
        from nonlin.derivation.gated import slopes

        return slopes(self.definition)

    @property
    def facts(self) -> NoReturn:
        """Refuse: facts are of functions of one number.

        Raises
        ------
        InvalidInput
            Always; the message names the gate's facts.
        """
        raise self._refusal("facts", ".facts")

    def derivative(self, order: int) -> NoReturn:
        """Refuse: there are several derivatives of an order; the message names those there are."""
        raise self._refusal("higher derivatives", f".derivative({order!r})")

    def plot(self, path: str | None = None) -> NoReturn:
        """Refuse: a picture shows a function of one number; the message names the gate's."""
        raise self._refusal("pictures", ".plot()")

    def program(self, *what: str) -> Program:
        """Return the Program of "value", "slopes", "pullback" or a parameter's name.

        Examples
        --------
        >>> import nonlin as nl
        >>> print(nl.glu.program("value"))
        program(x, gate)
            v0 = sigmoid(gate)
            v1 = mul(v0, x)
            return v1
        """
        return self._program(what)

    def _refusal(self, subject: str, method: str) -> InvalidInput:
        return InvalidInput(
            f"{self.name} has two inputs, and {subject} are of functions of one number; "
            f"those of its gate: nonlin.{self.name}.gate_factor{method}"
        )

    def _factor(self, definition: Any) -> Elementwise:
        return Elementwise(card_of(definition), definition, self.grade)

    def _formula_at(self, x: Any, gate: Any, parameters: Mapping[str, Any]) -> Any:
        from nonlin.vocabulary import gate as gate_symbol
        from nonlin.vocabulary import x as x_symbol

        if gate is None:
            raise InvalidInput(f"a formula of {self.name} needs value and gate: {self.name}({x}, gate)")
        x, gate = self.in_order(x, gate)
        values = dict(zip(self.definition.parameters, self._values(parameters), strict=True))
        return self.formula.xreplace(values).subs({x_symbol: x, gate_symbol: gate}, simultaneous=True)

    def _program(self, what: tuple[str | int, ...], sharp: Any = None) -> Program:
        if self._own is None:
            return remembered(self.card, what, sharp)
        from nonlin.derivation.gated import programs

        return programs(self._own, what, sharp)

    def _kernels(self, *what: str) -> Kernels:
        if what not in self._found:
            self._found[what] = Kernels(partial(self._kernel, what), partial(self._whole, what))
        return self._found[what]

    def _told(self, given: tuple[Any, ...], way: str) -> tuple[Any, Any]:
        """Return the gates, None if they stand in the first array, and the last argument."""
        if len(given) not in (1, 2):
            raise InvalidInput(f"{self.name} was given {1 + len(given)} arguments; write {self.name}.{way}")
        return (None, *given) if len(given) == 1 else given

    def _inputs(
        self, x: Any, given: Any, axis: int, gate: Any, parameters: dict[str, Any]
    ) -> tuple[Any, Any]:
        """Return value and gate; a dialect's word for the axis leaves the parameters."""
        axis = parameters.pop(self._axis_word, axis)
        if given is None:
            return split(self.name, _array(x), axis, self._order(gate))
        if gate is not None:
            parts(0, gate)  # refuses what is no order
        return self.in_order(x, given)

    def _order(self, gate: Any) -> Any:
        return self.card.gate if gate is None else gate

    def _derived(
        self, what: tuple[str, ...], x: Any, given: Any, g: tuple[Any, ...], axis: int, gate: Any, out: Any,
        parameters: dict[str, Any],
    ) -> Any:  # fmt: skip
        """Compute what has a number for each input; into one array if both are in one."""
        axis = parameters.pop(self._axis_word, axis)
        arrays = (*self._inputs(x, given, axis, gate, parameters), *g)
        kernels, numbers = self._kernels(*what), self._numbers(parameters)
        if given is not None:
            return self._slopes_in_order(apply(kernels, arrays, numbers, self._slopes_in_order(out)))
        if out is None:
            out = np.empty(_shape_of_both(axis, arrays), _computed_dtype(*arrays))
        *values, joined = out if isinstance(out, tuple) else (out,)
        apply(kernels, arrays, numbers, (*values, *split(self.name, joined, axis, self._order(gate))))
        return out

    def _slopes_in_order(self, found: Any) -> Any:
        """Return results whose last two belong to value and gate in the order of the inputs; and back again."""
        return (*found[:-2], *self.in_order(*found[-2:])) if isinstance(found, tuple) else found

    @cached_property
    def _axis_word(self) -> str:
        """What a dialect calls the axis, such as `dim`."""
        return dict(self.card.words).get("axis", "axis")


def _diagonal(slope: Any) -> Any:
    return np.where(np.eye(slope.shape[-1], dtype=bool), slope[..., None], slope.dtype.type(0))


def _array(z: Any) -> np.ndarray:
    array = z if hasattr(z, "dtype") or bears_labels(z) else np.asarray(z)
    if isinstance(array, np.ndarray | np.generic):
        return np.asarray(array)
    kind = type(array)
    raise InvalidInput(
        f"only a NumPy array is split into values and gates, not a {kind.__module__}.{kind.__name__}; give "
        "numpy.asarray of it, or values and gates as two arrays"
    )


def _computed_dtype(*arrays: Any) -> np.dtype[Any]:
    code, narrower = computed_in(*(a.dtype for a in arrays if hasattr(a, "dtype")))
    return narrower or np.dtype(code)


def _shape_of_both(axis: int, arrays: tuple[Any, ...]) -> tuple[int, ...]:
    """Return the shape of an array that holds values and gates, when both and g are broadcast together."""
    shape = list(np.broadcast_shapes(*(np.shape(a) for a in arrays)))
    shape[axis if axis < 0 else axis - arrays[0].ndim] *= 2
    return tuple(shape)
