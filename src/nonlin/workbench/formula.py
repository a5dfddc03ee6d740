"""An activation that a formula says, in two grades: from a Program to kernels."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from nonlin.card import Card
from nonlin.derivation.steps import Program
from nonlin.kernels.elementwise import kernel, lanes, loop
from nonlin.kernels.grades import PRECISIONS, Code, Grade
from nonlin.kernels.ufunc import make_ufunc
from nonlin.workbench.activation import Activation

if TYPE_CHECKING:
    from nonlin.vocabulary import KinkRule


class FromFormula(Activation):
    """An activation whose kernels follow from its formula."""

    slopes: tuple[str, ...] = ("slope",)

    def __init__(self, card: Card, own: Any = None, grade: Grade = "exact") -> None:
        """Take a card of the catalog, or of a definition of one's `own`, and a grade."""
        super().__init__(card, own)
        self.grade = grade

    def __repr__(self) -> str:
        return super().__repr__().replace("(", ".fast(", 1) if self.grade == "fast" else super().__repr__()

    @cached_property
    def fast(self) -> Self:
        """The fast grade: the same methods, with float32 results within 4 ulp instead of 1.

        Most inputs are computed in float32 lanes, far ones as in the exact grade, each by itself; so are all
        other dtypes, and activations whose slope would lose more (`definition.fast_lanes`). Within 1 of a zero
        of the slope, the slope's error is below 2^-23 in itself.

        Examples
        --------
        >>> import numpy as np, nonlin as nl
        >>> nl.silu.fast(np.float32([0, 1])).round(4)
        array([0.    , 0.7311], dtype=float32)
        """
        return self if self.grade == "fast" else type(self)(self.card, self._own, "fast")

    def _with(self, card: Card, own: Any) -> Self:
        return type(self)(card, own, self.grade)

    def _origin(self) -> tuple[Any, ...]:
        return self.card, self._own, self.grade

    def at_kink(self, rule: KinkRule) -> Self:
        """Return the same activation with another slope at its kinks.

        Parameters
        ----------
        rule : "left", "right", "middle", "steeper" or float
            One side's slope, the mean of both, that of the larger magnitude, or a number.

        Examples
        --------
        >>> import nonlin as nl
        >>> float(nl.relu.grad(0.0)), float(nl.relu.at_kink("right").grad(0.0))
        (0.0, 1.0)
        """
        changed = self.definition.with_kink_rule(rule)
        return self._with(replace(self.card, kink_rule=rule), self._own and changed)

    @cached_property
    def latex(self) -> str:
        """The formula in LaTeX."""
        from sympy import latex

        return str(latex(self.definition.formula))

    @property
    def formula(self) -> Any:
        """The formula, as a SymPy expression in the inputs and the parameters."""
        return self.definition.formula

    @cached_property
    def ufunc(self) -> np.ufunc:
        """The value as a real `numpy.ufunc` with loops for float32 and float64.

        Its inputs are x, the gate of a gated one, then each parameter as float64: none has a default here.
        `where=`, `outer` and the protocol of dask, xarray and pandas are NumPy's own, and so are its promotions:
        float16 gives float32, and so does a plain number for x beside an array of parameters.

        Examples
        --------
        >>> import numpy as np, nonlin as nl
        >>> nl.relu.ufunc(np.array([-1.0, 2.0]), where=[True, False], out=np.zeros(2))
        array([0., 0.])
        >>> nl.leaky_relu.ufunc(np.array(-1.0), [0.1, 0.2])
        array([-0.1, -0.2])
        """
        return self._whole(("value",))

    def _program(self, what: tuple[str | int, ...], sharp: Any = None) -> Program:
        raise NotImplementedError

    def _kernel(self, what: tuple[str | int, ...], code: Code) -> np.ufunc:
        return kernel(*self.to_compile(what, code))

    def _whole(self, what: tuple[str | int, ...]) -> np.ufunc:
        """Return one ufunc for float32 and float64."""
        loops = [loop(*self.to_compile(what, code)) for code in PRECISIONS]
        return make_ufunc(self.name, self.card.summary, loops)

    def to_compile(self, what: tuple[str | int, ...], code: Code) -> tuple[Program, Code, Grade]:
        """Return the arguments of `kernel`; in float32 lanes the slope stays as it is near its roots.

        Value and slope have them both or neither, so that one pass gives what two passes give.
        """
        if self.grade == "fast" and self.card.fast_lanes and code == "f":
            together = self._program(("value", *self.slopes, *what))
            if lanes(together, code, "fast") == "fast":
                return self._program(what), code, "fast"
        return self._program(what, PRECISIONS[code]), code, "exact"
