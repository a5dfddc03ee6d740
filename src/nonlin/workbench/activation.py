"""What every activation is: a name, parameters, a source; bound, copied and pickled alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from nonlin import catalog
from nonlin.card import Card, Parameter
from nonlin.errors import InvalidInput, UnknownParameter
from nonlin.kernels.apply import FLOAT64, Kernels

if TYPE_CHECKING:
    from nonlin.vocabulary import Definition, RowDefinition


class Docstring:
    """A class's docstring, for which its instances have their own, made when it is read."""

    def __init__(self, of_class: str | None) -> None:
        """Take the class's own."""
        self.of_class = of_class

    def __get__(self, instance: Activation | None, owner: type) -> str | None:
        if instance is None:
            return self.of_class
        from nonlin.workbench.describing import described

        return described(instance)


class Activation:
    """An activation function: y = f(x), with its exact derivatives and all that is known of it.

    Get one by name (`nonlin.gelu`, `nonlin.get("gelu")`) or define one (`nonlin.activation`).

    Attributes
    ----------
    name, summary : str
    parameters : tuple of Parameter
        Each with `name`, `default` and `meaning`.
    source : str
        The paper that introduced it.
    aliases : tuple of str
    """

    nature = "is an activation"
    """What is particular about it, as the end of a sentence."""

    __slots__ = (
        "__dict__",
        "__weakref__",
        "_by_name",
        "_fixed",
    )  # what every call reads: found at once in a slot

    def __init__(self, card: Card, own: Definition | RowDefinition | None = None) -> None:
        """Take a card of the catalog, or of a definition of one's `own`."""
        self.card = card
        self._own: Any = own
        self.name, self.source, self.aliases = card.name, card.source, card.aliases
        self.parameters: tuple[Parameter, ...] = card.parameters
        self.summary = card.summary
        self._by_name = card.defaults
        self._fixed = tuple(np.array(default) for default in self._by_name.values())
        for number in self._fixed:
            number.flags.writeable = False
        self._found: dict[Any, Kernels] = {}

    def __init_subclass__(cls) -> None:
        cls.__doc__ = Docstring(cls.__doc__)  # type: ignore[assignment]  # the class's text, the instance's own

    if TYPE_CHECKING:  # each kind states its own arguments

        @property
        def __call__(self) -> Callable[..., Any]: ...
        @property
        def vjp(self) -> Callable[..., Any]: ...
        @property
        def jacobian(self) -> Callable[..., Any]: ...
        @property
        def param_grad(self) -> Callable[..., Any]: ...

    @cached_property
    def definition(self) -> Any:
        """The `Definition` or `RowDefinition`, which needs SymPy."""
        return self._own or catalog.definition(self.card)

    def __repr__(self) -> str:
        parameters = ", ".join(f"{p.name}={p.default:g}" for p in self.parameters)
        spelling = f" as {self.card.spelling}" if self.card.dialect else ""
        return f"nonlin.{self.name}({', '.join(filter(None, ['x', parameters]))}){spelling}"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: formula, picture, facts."""
        from nonlin.report.card_html import card_html

        return card_html(self)

    def bind(self, **values: float) -> Self:
        """Return the same activation with other defaults for its parameters.

        Raises
        ------
        UnknownParameter
            If it has no such parameter.
        InvalidInput
            If a value is not one finite number; infinity stands where it is the default.

        Examples
        --------
        >>> import nonlin as nl
        >>> float(nl.leaky_relu.bind(negative_slope=0.2)(-1.0))
        -0.2
        """
        self._numbers(values)
        for name, value in values.items():
            if np.ndim(value) or not (np.isfinite(value) or value == self.card.defaults[name]):
                raise InvalidInput(
                    f"{self.name}: {name}={value!r} cannot be a default; give one finite number"
                )
        bound: Self = self._with(self.card.bound(values), self._own and self._own.bound(**values))
        return bound

    def _with(self, card: Card, own: Any) -> Any:
        return type(self)(card, own)

    def __reduce__(self) -> tuple[Any, ...]:
        from nonlin.workbench.making import is_named, named

        card, own, *grade = self._origin()
        if is_named(self):
            return named, (self.name, *grade)
        return type(self), (card, own, *grade)

    def _origin(self) -> tuple[Any, ...]:
        """Return what it was made of."""
        return self.card, self._own

    def __copy__(self) -> Activation:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Activation:
        return self

    @cached_property
    def latex(self) -> str:
        """The formula in LaTeX."""
        raise NotImplementedError

    def _values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return a value for each parameter: the given ones, else the defaults."""
        self._known(*given)
        return tuple({**self._by_name, **given}.values())

    def _numbers(self, given: Mapping[str, Any]) -> Sequence[Any]:
        """Return a number, or an array of them, for each parameter."""
        numbers = []
        for name in self._by_name:
            if name not in given:
                self._known(*given)
                numbers.append(self._by_name[name])
                continue
            value = given[name]
            if type(value) is not float and not _is_numeric(value):
                raise InvalidInput(f"{self.name}: {name}={value!r} is no real number, nor an array of them")
            numbers.append(value)
        if len(given) > len(numbers):
            self._known(*given)
        return numbers

    def _known(self, *names: str) -> None:
        """Refuse a name that no parameter has."""
        for name in names:
            if name not in self._by_name:
                raise UnknownParameter.of(self.name, name, list(self._by_name))


def _is_numeric(value: Any) -> bool:
    if type(value) is int:
        return -(2**63) <= value < 2**64
    dtype = getattr(value, "dtype", None) or np.asarray(value).dtype
    return dtype is FLOAT64 or np.can_cast(dtype, FLOAT64)
