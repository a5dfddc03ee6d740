"""A definition: the one place where an activation is written down; plain data, nothing computed."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Any, Literal, get_args

import sympy as sp
from sympy.core.relational import Relational

from nonlin.errors import InvalidDefinition
from nonlin.vocabulary.claims import Claim
from nonlin.vocabulary.parameter import Parameter
from nonlin.vocabulary.twin import as_twins
from nonlin.vocabulary.words import abs as absolute
from nonlin.vocabulary.words import sign as signum
from nonlin.vocabulary.words import where, x

_RESERVED = ("x", "g", "z", "out", "axis", "name")
"""Inputs, and arguments of the methods; with v0, v1, ..., the steps of a Program."""

KinkRule = Literal["stated", "left", "right", "middle", "steeper"] | float


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    """An elementwise activation: y = formula(x).

    Parameters
    ----------
    formula : expression
        The value, in the words of `nonlin.vocabulary`.
    parameters : sequence of Parameter, optional
        The parameters that the formula uses, in the order in which they are documented.
    source : str
        The paper or text that introduced it.
    aliases : sequence of str, optional
        Other names that mean the same.
    twins : mapping of str to (str, Twin, or a list of them), optional
        What other libraries call it, and how they differ: `{"torch": "torch.nn.functional.silu"}`; see `Twin`.
    claims : sequence of Claim, optional
        Facts known from elsewhere, which the tests hold.
    learnable : sequence of str, optional
        The parameters that are learned unless said otherwise.
    kink_rule : "stated", "left", "right", "middle", "steeper" or float
        The slope at a kink: that of the branch which the formula's condition picks there, that of one side,
        the mean of both sides, that of the side with the larger magnitude, or a number.
    fast_lanes : bool
        Whether float32 lanes keep the promise of the fast grade, 4 ulp; where a certificate says that they do
        not, the fast grade computes as the exact one does.
    name, summary : str
        Given by the catalog: the file's name and the first line of its docstring.

    Raises
    ------
    InvalidDefinition
        If the formula uses a symbol that is neither `x` nor a stated parameter, or a parameter has a name
        that nonlin uses itself.
    """

    formula: Any
    parameters: Sequence[Parameter] = ()
    source: str = ""
    aliases: Sequence[str] = ()
    twins: Mapping[str, Any] = field(default_factory=dict)
    claims: Sequence[Claim] = ()
    learnable: Sequence[str] = ()
    kink_rule: KinkRule = "stated"
    fast_lanes: bool = True
    name: str = ""
    summary: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "formula", as_written(self.formula))
        for frozen in ("parameters", "aliases", "claims", "learnable"):
            object.__setattr__(self, frozen, tuple(getattr(self, frozen)))
        object.__setattr__(self, "twins", as_twins(self.twins))
        refuse_reserved_names(self, _RESERVED)
        refuse_unknown_symbols(self, x)

    def named(self, name: str, summary: str) -> Definition:
        """Return the same definition under a name."""
        return replace(self, name=name, summary=summary)

    def bound(self, **defaults: float) -> Definition:
        """Return the same definition with other defaults for its parameters."""
        renewed = {p: p.with_default(defaults.get(p.name, p.default)) for p in self.parameters}
        formula = self.formula.xreplace(renewed)
        return replace(self, formula=formula, parameters=tuple(renewed.values()), claims=())

    def renamed(self, names: Mapping[str, str]) -> Definition:
        """Return the same definition with other words for its parameters: `{"negative_slope": "alpha"}`."""
        renewed = {p: p.with_name(names.get(p.name, p.name)) for p in self.parameters}
        learned = tuple(names.get(name, name) for name in self.learnable)
        formula = self.formula.xreplace(renewed)
        return replace(self, formula=formula, parameters=tuple(renewed.values()), learnable=learned)

    def with_kink_rule(self, rule: Any) -> Definition:
        """Return the same definition with another slope at its kinks, a `KinkRule`.

        Raises
        ------
        InvalidDefinition
            If the rule is neither "stated", "left", "right", "middle" or "steeper" nor a finite number.
        """
        refuse_other_kink_rules(rule)
        return replace(self, kink_rule=rule)


def refuse_other_kink_rules(rule: Any) -> None:
    """Raise InvalidDefinition for what is no `KinkRule`."""
    named = isinstance(rule, str) and rule in get_args(get_args(KinkRule)[0])
    if not named and not (isinstance(rule, Real) and math.isfinite(rule)):
        raise InvalidDefinition(
            f"no kink rule {rule!r}: say 'left', 'right', 'middle', 'steeper' or a finite number"
        )


def as_written(formula: Any) -> Any:
    """Return the formula with each decimal number exact, and SymPy's own `Abs` as our word."""
    expression = sp.sympify(formula)
    decimals = {number: sp.Rational(repr(float(number))) for number in expression.atoms(sp.Float)}
    return expression.xreplace(decimals).replace(sp.Abs, absolute)


def trace(function: Callable[..., Any]) -> Definition:
    """Return the definition that a Python function writes when it is called once with symbols.

    The first argument is the input; each further one is a parameter and needs a default. The first line
    of the docstring becomes the summary.

    Raises
    ------
    InvalidDefinition
        If the function branches on its input, calls other libraries on it, or lacks a default.
    """
    name = function.__name__
    parameters = _parameters(function)
    try:
        expression = sp.sympify(function(x, **{p.name: p for p in parameters}), strict=True)
    except (TypeError, AttributeError, ArithmeticError, sp.SympifyError) as reason:
        raise InvalidDefinition(
            f"{name} could not be traced with a symbol ({_one_line(reason)}); write it in nonlin's words, "
            "such as nl.exp(x), nl.where(x > 0, a, b), nl.sqrt(x), without if, numpy or torch"
        ) from reason
    if not isinstance(expression, sp.Expr):
        raise InvalidDefinition(
            f"{name} returned {str(expression)[:60]}, which is no number; return a formula"
        )
    return Definition(
        formula=expression,
        parameters=parameters,
        name=name,
        summary=(inspect.getdoc(function) or "").partition("\n")[0],
    )


def _parameters(function: Callable[..., Any]) -> list[Parameter]:
    name, given = function.__name__, list(inspect.signature(function).parameters.values())
    if not given:
        raise InvalidDefinition(f"{name} takes no input; write def {name}(x): ...")
    for parameter in given[1:]:
        if parameter.default is inspect.Parameter.empty:
            raise InvalidDefinition(
                f"{name}: parameter {parameter.name!r} has no default; write {parameter.name}=1.0"
            )
        if not isinstance(parameter.default, Real) or not math.isfinite(parameter.default):
            raise InvalidDefinition(
                f"{name}: the default of {parameter.name!r} is {parameter.default!r}; give one finite number"
            )
    return [Parameter(p.name, float(p.default)) for p in given[1:]]


def kinks(formula: Any) -> tuple[Any, ...]:
    """Return the places where a `where`, an `abs` or a `sign` of the input switches, as expressions without x.

    Only those that a condition linear in x states: see `switches` for all conditions.
    """
    places = {switching_place(difference) for difference in switches(formula)}
    return tuple(sorted((p for p in places if p is not None), key=sp.default_sort_key))


def switches(formula: Any) -> tuple[Any, ...]:
    """Return the expressions by whose sign a `where`, an `abs` or a `sign` switches.

    A condition that holds at one point alone, `Eq(x, 0)`, fills a gap and switches nothing.
    """
    comparisons = {
        c
        for w in formula.atoms(where)
        for c in w.args[0].atoms(Relational)
        if not isinstance(c, sp.Eq | sp.Ne)
    }
    found = {c.lhs - c.rhs for c in comparisons} | {a.args[0] for a in formula.atoms(absolute, signum)}
    return tuple(sorted(found, key=sp.default_sort_key))


def switching_place(difference: Any) -> Any | None:
    """Solve `difference = 0` for x where that is linear in x; anything else is no stated kink."""
    slope = sp.expand(difference).coeff(x, 1)
    offset = sp.expand(difference).coeff(x, 0)
    linear = slope != 0 and not slope.has(x) and sp.expand(difference - slope * x - offset) == 0
    return -offset / slope if linear else None


def refuse_reserved_names(definition: Any, reserved: Sequence[str]) -> None:
    """Raise InvalidDefinition for a parameter with a name that nonlin uses itself."""
    for p in definition.parameters:
        if p.name in reserved or re.fullmatch(r"v\d+", p.name):
            raise InvalidDefinition(
                f"{definition.name or 'the formula'}: a parameter cannot be called {p.name!r}, which nonlin uses "
                "itself; choose another name"
            )


def refuse_unknown_symbols(definition: Any, *inputs: Any) -> None:
    """Raise InvalidDefinition for a symbol that is neither an input nor a parameter."""
    known = {*inputs, *definition.parameters}
    unknown = sorted(str(s) for s in definition.formula.free_symbols - known)
    if unknown:
        raise InvalidDefinition(
            f"{definition.name or 'the formula'} uses {', '.join(unknown)}, which is neither the input "
            f"{' or '.join(map(str, inputs))} nor one of its parameters; list it in parameters=[...]"
        )


def _one_line(reason: BaseException) -> str:
    return " ".join(str(reason).split())[:200] or type(reason).__name__
