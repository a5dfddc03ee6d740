"""The text of a kernel: readable, complete, and free of anything a user wrote."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.derivation.program import program
from nonlin.derivation.programs import programs
from nonlin.kernels import emit, loops
from nonlin.kernels.elementwise import kernel
from nonlin.kernels.primitives.scalar import scalar
from nonlin.kernels.ufunc import make_ufunc
from nonlin.vocabulary import Parameter, exp, log1p, sigmoid, x


def test_a_worked_listing() -> None:
    assert emit.source(program([x * sigmoid(x)]), "single").splitlines() == [
        "def formula(a0):",
        "    v0 = word_sigmoid(a0)",
        "    v1 = v0 * a0",
        "    return v1",
        "",
        "def body(a0):",
        "    x = FAR if a0 > FAR else a0",
        "    x = -FAR if x < -FAR else x",
        "    y0 = formula(x)",
        "    return at_infinity(y0, a0, x)",
    ]


def test_float64_guards_what_vanishes_against_what_overflows() -> None:
    assert "zero_wins(v0, a0)" in emit.source(program([x * sigmoid(x)]), "double")
    assert "zero_wins" not in emit.source(program([x * sigmoid(x)]), "single")


def test_a_slowly_growing_formula_is_also_asked_at_infinity() -> None:
    assert "z0 = formula(a0)" in emit.source(program([log1p(exp(x))]), "single")
    assert "z0" not in emit.source(program([exp(x)]), "single")


def test_no_name_of_a_user_enters_the_text() -> None:
    evil = Parameter("__import__", 1.0)
    text = emit.source(program([evil * x], ("x",), (evil,)), "single")
    assert "__import__" not in text
    assert "a1" in text


@pytest.mark.parametrize("name", ["lambda", "class", "True", "import", "for", "π", "beta_1"])
def test_parameters_may_have_any_name(name: str) -> None:
    parameter = Parameter(name, 3.0)
    text = emit.source(program([parameter * x], ("x",), (parameter,)), "double")
    assert "v0 = a0 * a1" in text or "v0 = a1 * a0" in text
    compile(text, "<kernel>", "exec")


def test_equal_programs_share_one_kernel() -> None:
    assert kernel(program([exp(x)]), "f") is kernel(program([exp(x)]), "f")
    assert kernel(program([exp(x)]), "f") is not kernel(program([exp(x)]), "d")


def test_a_kernel_is_a_numpy_ufunc() -> None:
    ufunc = kernel(programs(nl.swish.definition, ("value", "slope")), "f")
    assert isinstance(ufunc, np.ufunc)
    assert (ufunc.nin, ufunc.nout, ufunc.types) == (2, 2, ["fd->ff"])


def test_loops_have_a_path_for_contiguous_arrays_and_one_for_all() -> None:
    text = loops.elementwise_source("f", 1, "f")
    assert "strides[0] == 4 and strides[2] == 4 and addresses[0] != addresses[2]" in text
    assert text.count("varying_block(") == 1
    assert text.count(" block(") == 2
    assert "clear_flags" in text


def test_far_values_are_computed_by_the_full_form_and_near_ones_by_the_short() -> None:
    near, full = scalar(lambda x: x + np.float32(1)), scalar(lambda x: x - 1.0)
    loop = loops.elementwise(loops.Bodies(full, near, "f", 2.0), "f", 0, "f")
    ufunc = make_ufunc("split", "", [("f", "f", loop.address)])
    for z in (np.float32([0, 2, 2.5, -3, np.nan, np.inf]), np.arange(-900, 900, dtype=np.float32)):
        np.testing.assert_array_equal(ufunc(z), np.where(np.abs(z) <= 2, z + 1, z - 1))
        np.testing.assert_array_equal(ufunc(z[::-2]), ufunc(z)[::-2])


def test_a_ufunc_outlives_the_names_it_was_made_from() -> None:
    import gc

    def double(x: Any) -> Any:
        return x * 2.0

    loop = loops.elementwise(loops.Bodies(scalar(double)), "d", 0, "d")
    ufunc = make_ufunc("twice", "Twice.", [("d", "d", loop.address)])
    gc.collect()
    assert ufunc(np.arange(4.0)).tolist() == [0, 2, 4, 6]
    assert (ufunc.__name__, ufunc.__doc__.splitlines()[-1]) == ("twice", "Twice.")


def test_a_constant_formula_fills_its_output() -> None:
    assert kernel(program([3 + 0 * x]), "d")(np.zeros((2, 2))).tolist() == [[3, 3], [3, 3]]
