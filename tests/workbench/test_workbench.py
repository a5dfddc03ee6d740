"""The object that users hold, and functions they write themselves."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

import nonlin as nl
from nonlin.errors import InvalidDefinition, InvalidInput, UnknownParameter
from nonlin.vocabulary import RowDefinition, row_words
from oracles import Oracle, exact_array, neighbours, seams


def test_it_prints_how_it_is_called() -> None:
    assert repr(nl.relu) == "nonlin.relu(x)"
    assert repr(nl.leaky_relu) == "nonlin.leaky_relu(x, negative_slope=0.01)"
    assert repr(nl.softmax) == "nonlin.softmax(x, temperature=1)"


def test_its_help_is_the_summary() -> None:
    assert nl.mish.__doc__.startswith("Mish: the input, gated by")
    assert nl.mish.source.startswith("Misra (2019)")
    assert nl.hard_swish.aliases == ("hardswish", "hard_silu")


def test_formulas_can_be_read() -> None:
    assert nl.mish.latex == r"x \tanh\left(\operatorname{softplus}\left(x\right)\right)"
    assert nl.relu.latex == r"\begin{cases}x & x > 0 \\ 0 & \text{otherwise}\end{cases}"
    assert str(nl.sigmoid.slope_formula) == "sigmoid(-x)*sigmoid(x)"
    assert str(nl.silu.formula) == "x*sigmoid(x)"


def test_the_program_is_shown() -> None:
    assert str(nl.relu.program("value", "slope")).startswith("program(x)\n    v0 = gt(x, 0.0)")


# --- Parameters ---------------------------------------------------------------------------------------------


def test_binding_gives_an_activation_again() -> None:
    f = nl.elu.bind(alpha=2.5)
    assert type(f) is type(nl.elu)
    assert f.name == "elu"
    assert f.parameters[0].default == 2.5
    assert f(-1.0) == nl.elu(-1.0, alpha=2.5)
    assert f.bind(alpha=1.0)(-1.0) == nl.elu(-1.0)
    assert nl.elu.parameters[0].default == 1


@pytest.mark.parametrize("value", [np.array([1.0, 2.0]), [1.0], float("nan"), float("inf")])
def test_a_default_is_one_finite_number(value: Any) -> None:
    with pytest.raises(InvalidInput, match=r"elu: alpha=.*give one finite number"):
        nl.elu.bind(alpha=value)


def calls(f: Any) -> dict[str, Any]:
    return {
        "call": lambda **p: f([1.0], **p),
        "grad": lambda **p: f.grad([1.0], **p),
        "both": lambda **p: f.value_and_grad([1.0], **p),
        "vjp": lambda **p: f.vjp([1.0], [1.0], **p),
        "second": lambda **p: f.derivative(2)([1.0], **p),
        "jacobian": lambda **p: f.jacobian([1.0], **p),
        "bind": lambda **p: f.bind(**p),
        "param_grad": lambda **p: f.param_grad([1.0], "beta", **p),
    }


@pytest.mark.parametrize("call", calls(nl.swish))
def test_an_unknown_parameter_is_refused_with_those_there_are(call: str) -> None:
    with pytest.raises(
        UnknownParameter, match=r"swish has no parameter 'betta'\. Did you mean 'beta'\? It has: beta"
    ):
        calls(nl.swish)[call](betta=2.0)


def test_an_activation_without_parameters_says_so() -> None:
    with pytest.raises(UnknownParameter, match=r"relu has no parameter 'alpha'\. It has none"):
        nl.relu([1.0], alpha=1.0)
    with pytest.raises(UnknownParameter, match="relu has no parameter 'alpha'"):
        nl.relu.param_grad([1.0], "alpha")


# --- Derivatives --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [-1, 1.0, "2", None, True])
def test_an_order_is_a_whole_number(order: Any) -> None:
    with pytest.raises(InvalidInput, match=r"derivative\(.*the order is a whole number from 0 on"):
        nl.tanh.derivative(order)


def test_orders() -> None:
    x = np.linspace(-3, 3, 13)
    assert np.array_equal(nl.tanh.derivative(0)(x), nl.tanh(x))
    assert np.array_equal(nl.tanh.derivative(1)(x), nl.tanh.grad(x))
    assert np.array_equal(nl.tanh.derivative(np.int64(2))(x), nl.tanh.derivative(2)(x))
    third = exact_array(lambda v: mp.diff(mp.tanh, v, 3), x).astype(float)
    assert np.allclose(nl.tanh.derivative(3)(x), third, rtol=1e-12, atol=1e-14)
    assert nl.tanh.derivative(2).__name__ == "tanh_derivative_2"


def test_the_jacobian_of_an_elementwise_activation_is_diagonal(
    activation: Any, oracle: Oracle, dtype: Any
) -> None:
    x = np.array([[-2.5, 0.3, 1.7], [4.0, -0.1, 0.9]], dtype)
    dense = activation.jacobian(x)
    assert dense.shape == (2, 3, 3)
    assert dense.dtype == dtype
    for row, matrix in zip(x, dense, strict=True):
        assert np.array_equal(matrix, np.diag(activation.grad(row)))


def test_the_jacobian_against_finite_differences_in_mpmath(oracle: Oracle) -> None:
    x, step = np.array([-2.5, 0.3, 1.7]), mp.mpf(10) ** -25
    with mp.workdps(60):
        slopes = [
            float((oracle.value(mp.mpf(v) + step) - oracle.value(mp.mpf(v) - step)) / (2 * step)) for v in x
        ]
    assert np.allclose(nl.get(oracle.name).jacobian(x), np.diag(slopes), rtol=1e-14, atol=1e-15)


def test_a_nan_stays_in_its_own_row_of_the_jacobian() -> None:
    """It was slope times the identity, and NaN times 0 spread over the row."""
    dense = nl.silu.jacobian([np.nan, 1.0])
    assert np.isnan(dense[0, 0])
    assert dense[0, 1] == dense[1, 0] == 0


def test_a_scalar_has_a_jacobian_of_one() -> None:
    assert nl.relu.jacobian(2.0).tolist() == [[1.0]]


def test_products_with_a_gradient_are_the_slope_times_it(activation: Any, dtype: Any) -> None:
    x = np.linspace(-6, 6, 97).astype(dtype)
    g, least = np.cos(x), float(np.finfo(dtype).smallest_subnormal)
    assert np.allclose(activation.vjp(x, g), activation.grad(x) * g, rtol=4 * np.finfo(dtype).eps, atol=least)


# --- Copies and threads -------------------------------------------------------------------------------------


JOURNEYS = [nl.gelu, nl.gelu.fast, nl.softmax, nl.relu.at_kink("right"), nl.elu.bind(alpha=0.5).fast]


@pytest.mark.parametrize("f", JOURNEYS, ids=repr)
def test_a_pickle_of_the_catalogs_holds_what_tells_it_apart(f: Any) -> None:
    x = np.float32([-1.5, 0, 2])
    g = pickle.loads(pickle.dumps(f))
    assert type(g) is type(f)
    assert repr(g) == repr(f)
    assert np.array_equal(g(x), f(x))
    assert f is nl.softmax or np.array_equal(g.grad(x), f.grad(x))


def test_an_activation_of_the_catalog_travels_by_its_name() -> None:
    assert b"formula" not in pickle.dumps(nl.gelu)
    assert len(pickle.dumps(nl.gelu)) < 80
    assert pickle.loads(pickle.dumps(nl.gelu)) is nl.gelu
    assert pickle.loads(pickle.dumps(nl.gelu.fast)) is nl.gelu.fast


def test_a_function_of_ones_own_travels_whole_whatever_its_name() -> None:
    @nl.activation
    def gelu(x: Any, a: float = 3.0) -> Any:
        """Not the GELU."""
        return a * x

    g = pickle.loads(pickle.dumps(gelu.fast))
    assert (g(2.0), g.grade, g.summary, repr(g)) == (6, "fast", "Not the GELU.", "nonlin.gelu.fast(x, a=3)")


def test_a_copy_is_the_thing_itself_which_never_changes() -> None:
    f = nl.swish.bind(beta=2.0)
    assert copy.copy(f) is copy.deepcopy(f) is f


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))])
def test_it_survives_a_journey(copied: Any) -> None:
    f = nl.swish.bind(beta=2.0)
    f([1.0])
    assert copied(f)(1.5) == f(1.5)
    assert copied(nl.softmax)([1.0, 2.0]).tolist() == nl.softmax([1.0, 2.0]).tolist()


# --- A person's own function --------------------------------------------------------------------------------


@nl.activation
def bent(x: Any, a: float = 0.5) -> Any:
    """Bent identity with an adjustable bend.

    More words.
    """
    return x + a * (nl.sqrt(x**2 + 1) - 1)


def plain_bent(x: Any, a: Any = 0.5) -> Any:
    return x + a * (mp.sqrt(x**2 + 1) - 1)


def test_a_function_of_ones_own_has_every_power(dtype: Any) -> None:
    x = np.concatenate([-np.geomspace(1e-3, 50, 40), np.geomspace(1e-3, 50, 40)]).astype(dtype)
    eps = float(np.finfo(dtype).eps)
    near = {"rtol": 8 * eps, "atol": 8 * eps}
    assert np.allclose(bent(x), exact_array(plain_bent, x).astype(float), **near)
    assert np.allclose(bent.grad(x), exact_array(lambda v: mp.diff(plain_bent, v), x).astype(float), **near)
    assert np.allclose(
        bent.derivative(2)(x), exact_array(lambda v: mp.diff(plain_bent, v, 2), x).astype(float), **near
    )
    assert np.allclose(
        bent.param_grad(x, "a"), exact_array(lambda v: mp.sqrt(v * v + 1) - 1, x).astype(float), **near
    )
    assert np.allclose(bent(x, a=2.0), exact_array(lambda v: plain_bent(v, 2), x).astype(float), **near)
    assert bent(x).dtype == dtype
    assert bent.vjp(x, x).shape == x.shape
    assert bent.bind(a=1.0).jacobian(x[:3]).shape == (3, 3)


def test_a_function_of_ones_own_has_name_help_and_formula() -> None:
    assert (bent.name, bent.summary) == ("bent", "Bent identity with an adjustable bend.")
    assert repr(bent) == "nonlin.bent(x, a=0.5)"
    assert bent.latex == r"a \left(\sqrt{x^{2} + 1} - 1\right) + x"
    assert isinstance(bent, nl.Activation)


def test_a_definition_along_rows_becomes_an_activation() -> None:
    share = row_words.z**2 / row_words.total(row_words.z**2)
    pullback = (
        2
        * row_words.z
        * (row_words.g - row_words.total(row_words.g * share))
        / row_words.total(row_words.z**2)
    )
    f = nl.activation(RowDefinition(value=share, vjp=pullback, formula="", latex="", name="energy_share"))
    x, g = np.random.default_rng(1).normal(size=(2, 5, 7))
    power = (x**2).sum(1, keepdims=True)
    assert np.allclose(f(x), x**2 / power, rtol=1e-14)
    assert np.allclose(
        f.vjp(x, g), 2 * x * (g - (g * x**2).sum(1, keepdims=True) / power) / power, rtol=1e-12
    )
    assert f.name == "energy_share"


def test_what_is_an_activation_already_stays_what_it_is() -> None:
    assert nl.activation(nl.gelu) is nl.gelu


def test_what_is_neither_function_nor_definition_is_refused_with_what_was_given() -> None:
    with pytest.raises(InvalidDefinition, match=r"^'gelu' is no function of x, and no definition"):
        nl.activation("gelu")


def test_definitions_compose() -> None:
    @nl.activation
    def gate(x: Any, a: float = 1.5) -> Any:
        return x * nl.sigmoid(a * x) + nl.swish(x, beta=a) - nl.tanh(x) * nl.softplus(-x)

    x = np.linspace(-4, 4, 33)
    expected = 2 * x * nl.sigmoid(1.5 * x) - nl.tanh(x) * nl.softplus(-x)
    assert np.allclose(gate(x), expected, rtol=1e-13, atol=1e-15)
    step = 1e-6
    assert np.allclose(gate.grad(x), (gate(x + step) - gate(x - step)) / (2 * step), atol=1e-8)


def test_an_activation_of_a_symbol_is_its_formula() -> None:
    u = sp.Symbol("u", real=True)
    assert nl.silu(u) == u * nl.sigmoid(u)
    assert nl.leaky_relu(u, negative_slope=0.5).free_symbols == {u}
    with pytest.raises(UnknownParameter):
        nl.silu(u, beta=1.0)


WORDS = "exp expm1 log log1p erf normal_pdf sin cos abs sign"  # the others are activations of the catalog


@pytest.mark.parametrize("word", WORDS.split())
def test_every_word_computes(word: str) -> None:
    plain = {"normal_pdf": mp.npdf, "abs": abs}.get(word) or getattr(mp, word)
    f = nl.activation(lambda x: getattr(nl, word)(x))
    x = np.array([0.001, 0.3, 1.0, 2.5, 6.0])
    assert np.allclose(f(x), exact_array(plain, x).astype(float), rtol=1e-15, atol=0)


def test_powers_and_roots_and_choices() -> None:
    @nl.activation
    def odd(x: Any, p: float = 1.5) -> Any:
        return nl.max(x, 0) ** p + nl.min(x, nl.pi) * nl.where(x > 1, 1, 0.25)

    x = np.array([-2.0, 0.5, 2.0, 4.0])
    expected = np.maximum(x, 0) ** 1.5 + np.minimum(x, np.pi) * np.where(x > 1, 1, 0.25)
    assert np.allclose(odd(x), expected, rtol=1e-14)


def test_a_constant_and_the_identity() -> None:
    three = nl.activation(lambda x: 3)
    assert three([1.0, 2.0]).tolist() == [3, 3]
    assert three.grad([1.0, 2.0]).tolist() == [0, 0]
    assert nl.activation(lambda x: x)([1.5]).tolist() == [1.5]


def test_a_row_activation_inside_an_elementwise_one_is_refused() -> None:
    with pytest.raises((InvalidInput, InvalidDefinition), match="softmax"):
        nl.activation(lambda x: nl.softmax(x))


def test_a_function_that_is_no_word_is_refused_when_first_used() -> None:
    f = nl.activation(lambda x: sp.gamma(x))
    with pytest.raises(InvalidDefinition, match=r"gamma.*(is no word of nonlin|has no form)"):
        f([1.0])


def test_parameters_and_steps_of_a_program_cannot_be_confused() -> None:
    """exp(v0 x) + v0 computed exp(v0 x) + v0 x."""
    with pytest.raises(InvalidDefinition, match="cannot be called 'v0'"):
        nl.activation(lambda x, v0=2.0: nl.exp(v0 * x) + v0)


def test_a_users_slope_at_a_kink() -> None:
    @nl.activation
    def hinge(x: Any) -> Any:
        return nl.where(x >= 1, x - 1, 0)

    assert hinge.grad(1.0) == 1
    assert [float(hinge.at_kink(r).grad(1.0)) for r in ("left", "right", "middle", 0.2)] == [0, 1, 0.5, 0.2]


def test_values_at_every_seam_are_numbers(activation: Any, oracle: Oracle, dtype: Any) -> None:
    x = neighbours(seams(oracle, dtype), 1)
    value, slope = activation.value_and_grad(x)
    assert not np.isnan(value).any()
    assert np.isfinite(slope).all() or np.inf in oracle.limits[1]
    assert not np.isnan(slope).any()
