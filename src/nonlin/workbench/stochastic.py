"""Activations that draw noise from an explicit generator; value and gradients agree when they are given the same."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NoReturn, Self

import numpy as np

from nonlin.card import Card
from nonlin.errors import InvalidInput
from nonlin.kernels.apply import computed_in
from nonlin.kernels.half_rounding import rounded
from nonlin.workbench.activation import Activation
from nonlin.workbench.elementwise import is_symbolic


class Stochastic(Activation):
    """An activation that draws noise: a random number for each element.

    `draw(x, generator)` returns the noise. Given to value and gradient as `noise=`, both are of the same function;
    `generator=` draws and computes in one call.
    """

    nature = "draws noise"
    instead: str
    """Where facts are, as the end of a sentence."""

    @cached_property
    def of(self) -> Any:
        """The activation that it is once the noise is known."""
        from nonlin.workbench.making import named

        return named(self.card.noise[0])

    @cached_property
    def latex(self) -> str:
        """The formula in LaTeX."""
        return str(self.definition.latex)

    @property
    def facts(self) -> NoReturn:
        """Refuse: facts are of functions that draw nothing."""
        raise InvalidInput(f"{self.name} {self.nature}, so it has no facts; {self.instead}")

    def bind(self, **values: float) -> Self:
        """Return the same activation with other defaults for its parameters, which must make sense together."""
        bound = super().bind(**values)
        bound.checked({})
        return bound

    def draw(self, x: Any, generator: np.random.Generator, **parameters: Any) -> Any:
        """Return noise for an input: an array of its shape, in float64.

        Parameters
        ----------
        x : array_like
            Only its shape matters.
        generator : numpy.random.Generator
        **parameters : float or array_like
            Values of the activation's parameters.

        Raises
        ------
        InvalidInput
            If it is no such generator, or the parameters make no sense together.

        Examples
        --------
        >>> import numpy as np, nonlin as nl
        >>> x = np.array([-1.0, -1.0, 2.0])
        >>> slopes = nl.rrelu.draw(x, np.random.default_rng(0))
        >>> bool((nl.rrelu(x, noise=slopes) == x * nl.rrelu.grad(x, noise=slopes)).all())
        True
        """
        if not isinstance(generator, np.random.Generator):
            raise InvalidInput(
                f"{self.name}: generator={generator!r} is no numpy.random.Generator; give numpy.random.default_rng(0), "
                "with a seed of your own"
            )
        return self._drawn(np.shape(x), generator, self.checked(parameters))

    def _noise(self, x: Any, generator: Any, noise: Any, parameters: Mapping[str, Any]) -> Any:
        """Return the noise that is given, or drawn; None for neither."""
        if noise is not None and generator is not None:
            raise InvalidInput(f"{self.name}: give a generator, or the noise that was drawn; not both")
        if generator is not None:
            return self.draw(x, generator, **parameters)
        self.checked(parameters)
        return noise

    def checked(self, parameters: Mapping[str, Any]) -> list[Any]:
        """Return the parameters' values, which make sense together."""
        raise NotImplementedError

    def _drawn(self, shape: tuple[int, ...], generator: np.random.Generator, values: list[Any]) -> Any:
        raise NotImplementedError


class RandomSlope(Stochastic):
    """An elementwise activation with one of its parameters drawn for each element, from `lower` to `upper`.

    Without generator and noise it is the one to evaluate with: the parameter is their mean.
    """

    instead = "those of its evaluation form are in .evaluation.facts"

    @cached_property
    def evaluation(self) -> Any:
        """The activation without noise, which has facts, bridges and pictures.

        Examples
        --------
        >>> import nonlin as nl
        >>> nl.rrelu.evaluation
        nonlin.leaky_relu(x, negative_slope=0.229167)
        """
        lower, upper = self.card.defaults.values()
        return self.of.bind(**{self._becomes: (lower + upper) / 2})

    @property
    def of_mean_square(self) -> Any:
        """The activation whose parameter is the root of the mean square of the noise: its gain is that in training.

        Examples
        --------
        >>> import nonlin as nl
        >>> nl.rrelu.of_mean_square
        nonlin.leaky_relu(x, negative_slope=0.236927)
        """
        lower, upper = self.card.defaults.values()
        root = ((lower * lower + lower * upper + upper * upper) / 3) ** 0.5
        return self.of.bind(**{self._becomes: root})

    def __call__(
        self, x: Any, /, generator: Any = None, noise: Any = None, out: Any = None, **parameters: Any
    ) -> Any:
        """Return f(x).

        Parameters
        ----------
        x : array_like
        generator : numpy.random.Generator, optional
            Draws the noise.
        noise : array_like, optional
            What `draw` returned; without it and a generator, the mean is taken.
        out : ndarray, optional
            Where to store the result; may be `x` itself.
        **parameters : float or array_like
            Values of the activation's parameters.

        Examples
        --------
        >>> import numpy as np, nonlin as nl
        >>> float(nl.rrelu(-1.0, lower=0.1, upper=0.3))
        -0.2
        >>> y = nl.rrelu(np.full(1000, -1.0), generator=np.random.default_rng(0))
        >>> bool((y.min() > -1 / 3) & (y.max() < -1 / 8) & (y.std() > 0.05))
        True
        """
        if is_symbolic(x):
            return self.bind(**parameters).evaluation(x)
        return self.of(x, out=out, **self._slope(x, generator, noise, parameters))

    def grad(self, x: Any, /, noise: Any = None, out: Any = None, **parameters: Any) -> Any:
        """Return f'(x), with the noise that the value had."""
        return self.of.grad(x, out=out, **self._slope(x, None, noise, parameters))

    def value_and_grad(
        self, x: Any, /, generator: Any = None, noise: Any = None, out: Any = None, **parameters: Any
    ) -> tuple[Any, Any]:
        """Return f(x) and f'(x), of the same noise, in one pass over memory."""
        slope = self._slope(x, generator, noise, parameters)
        return self.of.value_and_grad(x, out=out, **slope)  # type: ignore[no-any-return]

    def vjp(self, x: Any, g: Any, /, noise: Any = None, out: Any = None, **parameters: Any) -> Any:
        """Return g f'(x) in one pass, with the noise that the value had."""
        return self.of.vjp(x, g, out=out, **self._slope(x, None, noise, parameters))

    def param_grad(self, x: Any, name: str, /, noise: Any = None, **parameters: Any) -> Any:
        """Return the derivative by `lower` or `upper`, for noise that keeps its place between them.

        Examples
        --------
        >>> import nonlin as nl
        >>> float(nl.rrelu.param_grad(-4.0, "lower"))
        -2.0
        """
        self._known(name)
        lower, upper = self.checked(parameters)
        slope = self._slope(x, None, noise, parameters)
        width = np.subtract(upper, lower)
        place = np.where(width > 0, (slope[self._becomes] - lower) / np.where(width > 0, width, 1.0), 0.5)
        change = self.of.param_grad(x, self._becomes, **slope)
        return (change * (place if name == self.parameters[1].name else 1 - place)).astype(change.dtype)

    def jacobian(self, x: Any, /, noise: Any = None, **parameters: Any) -> Any:
        """Return the dense Jacobian over the last axis: shape (..., n, n), zero off the diagonal."""
        slope = np.atleast_1d(self.grad(x, noise=noise, **parameters))
        return np.where(np.eye(slope.shape[-1], dtype=bool), slope[..., None], slope.dtype.type(0))

    @property
    def _becomes(self) -> str:
        return self.card.noise[2]

    def _slope(self, x: Any, generator: Any, noise: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
        drawn = self._noise(x, generator, noise, parameters)
        if drawn is None:
            lower, upper = self.checked(parameters)
            drawn = np.add(lower, upper) / 2
        return {self._becomes: drawn}

    def checked(self, parameters: Mapping[str, Any]) -> list[Any]:
        lower, upper = values = list(self._numbers(parameters))
        if not np.all(np.less_equal(lower, upper)):
            low, high = (p.name for p in self.parameters)
            raise InvalidInput(
                f"{self.name}: {low}={np.max(lower):g} is above {high}={np.min(upper):g}; {low} must be at most {high}"
            )
        return values

    def _drawn(self, shape: tuple[int, ...], generator: np.random.Generator, values: list[Any]) -> Any:
        lower, upper = values
        return lower + np.subtract(upper, lower) * generator.random(shape)


class RandomRows(Stochastic):
    """A row-wise activation of the input plus noise, drawn for each element; soft, or one-hot with `hard=True`."""

    instead = "they belong to functions of one number"

    def __call__(
        self, z: Any, /, axis: int = -1, generator: Any = None, noise: Any = None, hard: bool = False,
        out: Any = None, **parameters: Any,
    ) -> Any:  # fmt: skip
        """Return a sample for each row.

        Parameters
        ----------
        z : array_like
            Scores, such as logits: at least one-dimensional.
        axis : int
            The axis along which a row lies.
        generator : numpy.random.Generator, optional
            Draws the noise; needed unless noise is given.
        noise : array_like, optional
            What `draw` returned.
        hard : bool
            Return 1 for the largest element of a row and 0 for the others; its gradient is that of the soft
            sample (straight through).
        out : ndarray, optional
            Where to store the result.
        **parameters : float or array_like
            The temperature, above 0.

        Raises
        ------
        InvalidInput
            If there is neither generator nor noise, or the temperature is not above 0.

        Examples
        --------
        >>> import numpy as np, nonlin as nl
        >>> z = np.log([[0.7, 0.2, 0.1]] * 10000)
        >>> y = nl.gumbel_softmax(z, generator=np.random.default_rng(0), hard=True)
        >>> y.mean(axis=0).round(1)
        array([0.7, 0.2, 0.1])
        """
        z, axis = _rows(self, z), parameters.pop(self._axis_word, axis)
        if hard and not hasattr(axis, "__index__"):
            raise InvalidInput(
                f"{self.name}: axis={axis!r} with hard=True; a hard sample lies along one axis"
            )
        soft = self._soft("__call__", z, (), generator, noise, axis, parameters)
        answer = _one_hot(soft, axis) if hard else soft
        return _stored(answer, z.dtype, out)

    def vjp(self, z: Any, g: Any, /, noise: Any, axis: int = -1, out: Any = None, **parameters: Any) -> Any:
        """Return the gradient with respect to z, with the noise that the value had; the same for a hard sample."""
        z, axis = _rows(self, z), parameters.pop(self._axis_word, axis)
        g = np.asarray(g)
        pulled = self._soft("vjp", z, (g,), None, noise, axis, parameters)
        return _stored(pulled, np.result_type(z.dtype, g.dtype), out)

    def param_grad(self, z: Any, name: str, /, noise: Any, axis: int = -1, **parameters: Any) -> Any:
        """Return the derivative of each element by the temperature, with the noise that the value had."""
        self._known(name)
        z, axis = _rows(self, z), parameters.pop(self._axis_word, axis)
        return _stored(
            self._soft("param_grad", z, ("temperature",), None, noise, axis, parameters), z.dtype, None
        )

    def jacobian(self, z: Any, /, noise: Any, **parameters: Any) -> Any:
        """Return the dense Jacobian over the last axis: shape (..., n, n)."""
        z = _rows(self, z)
        noise = np.broadcast_to(noise, z.shape)[..., None, :]
        return self.vjp(z[..., None, :], np.eye(z.shape[-1], dtype=z.dtype), noise=noise, **parameters)

    def grad(self, z: Any, /, **parameters: Any) -> NoReturn:
        """Refuse: the derivative is a matrix for each row."""
        raise InvalidInput(
            f"{self.name} mixes the elements of a row, so its derivative is a matrix: use "
            f"{self.name}.jacobian(z, noise=noise) or {self.name}.vjp(z, g, noise=noise)"
        )

    value_and_grad = grad

    def _soft(
        self, method: str, z: Any, others: tuple[Any, ...], generator: Any, noise: Any, axis: int,
        parameters: Mapping[str, Any],
    ) -> Any:  # fmt: skip
        """Return what a method of the activation below gives for z plus noise, in float64."""
        drawn = self._noise(z, generator, noise, parameters)
        if drawn is None:
            raise InvalidInput(
                f"{self.name} draws noise: give generator=numpy.random.default_rng(0), with a seed of your own, or "
                f"noise=nonlin.{self.name}.draw(z, generator)"
            )
        given = dict(zip(self.of.card.defaults, self.checked(parameters), strict=True))
        return getattr(self.of, method)(np.add(z, drawn, dtype=np.float64), *others, axis=axis, **given)

    def checked(self, parameters: Mapping[str, Any]) -> list[Any]:
        values = list(self._numbers(parameters))
        if not np.all(np.greater(values[0], 0)):
            word = self.parameters[0].name
            raise InvalidInput(
                f"{self.name}: {word}={np.min(values[0]):g} is not above 0; for samples that are one-hot say hard=True"
            )
        return values

    def _drawn(self, shape: tuple[int, ...], generator: np.random.Generator, values: list[Any]) -> Any:
        return generator.gumbel(size=shape)

    @cached_property
    def _axis_word(self) -> str:
        """What a dialect calls the axis, such as `dim`."""
        return dict(self.card.words).get("axis", "axis")


def stochastic(card: Card, own: Any = None) -> Stochastic:
    """Return the activation of a card that draws noise."""
    return (RandomSlope if card.noise[2] else RandomRows)(card, own)


def _rows(activation: Activation, z: Any) -> Any:
    z = np.asarray(z)
    if z.ndim == 0:
        raise InvalidInput(f"{activation.name} works along an axis and was given a single number; give a row")
    return z


def _one_hot(soft: Any, axis: int) -> Any:
    """Return 1 at the first largest element of each row, and NaN where the row has no largest."""
    hard = np.zeros_like(soft)
    np.put_along_axis(hard, np.expand_dims(np.argmax(soft, axis), axis), 1.0, axis)
    return np.where(np.isnan(soft), soft, hard)


def _stored(answer: Any, dtype: np.dtype[Any], out: Any) -> Any:
    """Return float64 results in the dtype that belongs to an input's, rounded once."""
    code, narrower = computed_in(dtype)
    answer = rounded(answer, narrower) if narrower else answer.astype(code, copy=False)
    return answer if out is None else np.positive(answer, out=out, casting="same_kind")
