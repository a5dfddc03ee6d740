"""Loops over rows: a person's own formulas, each length, layout and memory, and the fast grade."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from scipy import special

import nonlin as nl
from nonlin.card import card_of
from nonlin.kernels.rowwise import lanes, object_code
from nonlin.vocabulary import Parameter, RowDefinition, abs, exp, max, sigmoid, sqrt, tanh, where
from nonlin.vocabulary.row_words import finite, g, largest, mean, size, total, z
from nonlin.workbench import RowWise
from oracles import LONG, ulps

LENGTHS = [
    1,
    2,
    7,
    8,
    9,
    15,
    16,
    17,
    31,
    32,
    33,
    47,
    100,
    1023,
    1024,
    1025,
    1040,
    2100,
    4095,
    4096,
    4097,
    9000,
]

eps = Parameter("eps", 1e-5)
deviation = z - mean(z)
norm = sqrt(mean(deviation**2) + eps)


def own(value: Any, vjp: Any = z, **more: Any) -> Any:
    definition = RowDefinition(value=value, vjp=vjp, formula="", latex="", name="own", **more)
    return RowWise(card_of(definition), definition)


LAYER_NORM = own(
    deviation / norm,
    (g - mean(g) - deviation * mean(g * deviation) / norm**2) / norm,
    parameters=[eps],
)
# Each with NumPy's way to it; `where` of numbers, nested words, several things kept, no pass at all.
OWN: dict[str, tuple[Any, Any]] = {
    "layer norm": (
        LAYER_NORM,
        lambda u: (u - u.mean(-1, keepdims=True)) / np.sqrt(u.var(-1, keepdims=True) + LONG("1e-5")),
    ),
    "two kept": (
        own(exp(-(z**2)) * tanh(z) / (1 + total(exp(-(z**2))) + total(abs(tanh(z))))),
        lambda u: (
            np.exp(-u * u)
            * np.tanh(u)
            / (1 + np.exp(-u * u).sum(-1, keepdims=True) + np.abs(np.tanh(u)).sum(-1, keepdims=True))
        ),
    ),
    "by the sign of the sum": (
        own(where(total(z) > 0, z / size(z), sigmoid(z) - largest(z))),
        lambda u: np.where(
            u.sum(-1, keepdims=True) > 0, u / u.shape[-1], special.expit(u) - u.max(-1, keepdims=True)
        ),
    ),
    "a number for all": (own(total(max(z, 0))), lambda u: np.maximum(u, 0).sum(-1, keepdims=True) + 0 * u),
    "no word of a row": (own(z * sigmoid(z)), lambda u: u * special.expit(u)),
}


def rows(n: int, dtype: Any, count: int = 3) -> Any:
    return np.random.default_rng(n).normal(scale=3, size=(count, n)).astype(dtype)


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("grade", ["exact", "fast"])
def test_own_formulas_are_right_at_each_length(name: str, grade: str, dtype: Any) -> None:
    f, plain = OWN[name]
    f = f if grade == "exact" else f.fast
    tolerance = 40 * float(np.finfo(dtype).eps)
    for n in LENGTHS:
        at = rows(n, dtype)
        expected = plain(at.astype(LONG))
        size_of_it = np.abs(expected).max(-1, keepdims=True)
        assert (np.abs(f(at) - expected) <= tolerance * np.maximum(size_of_it, 1)).all(), n


@pytest.mark.parametrize("n", LENGTHS)
def test_softmax_is_right_at_each_length(n: int) -> None:
    at = rows(n, np.float32)
    for name in ("softmax", "log_softmax"):
        exact = getattr(special, name)(at.astype(LONG), axis=-1)
        assert ulps(nl.get(name)(at), exact).max() <= 0.51


def test_a_pullback_of_ones_own_is_the_dense_one() -> None:
    at, upstream = rows(37, np.float64, 2)
    dense = LAYER_NORM.jacobian(at)
    step = 1e-6
    moved = [(LAYER_NORM(at + step * e) - LAYER_NORM(at - step * e)) / (2 * step) for e in np.eye(37)]
    np.testing.assert_allclose(dense, np.array(moved).T, atol=1e-8)
    np.testing.assert_allclose(LAYER_NORM.vjp(at, upstream), upstream @ dense, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("n", [5, 16, 33, 1000, 1500, 5000])
@pytest.mark.parametrize("grade", ["exact", "fast"])
def test_the_same_bits_in_any_layout(rowwise: Any, n: int, grade: str, dtype: Any) -> None:
    f = rowwise if grade == "exact" else rowwise.fast
    at, upstream = rows(n, dtype, 4), rows(n + 1, dtype, 4)[:, 1:]
    value, product = f(at), f.vjp(at, np.ascontiguousarray(upstream))
    spread = np.zeros((4, 3 * n), dtype)
    spread[:, ::3] = at
    odd = np.frombuffer(b"\0" + at.tobytes(), np.uint8)[1:].view(dtype).reshape(at.shape)
    out = np.zeros((4, 2 * n), dtype)[:, ::2]
    for same in (spread[:, ::3], np.asfortranarray(at), odd, at[:, ::-1][:, ::-1]):
        assert f(same).tobytes() == value.tobytes()
        assert f(same, out=out) is out
        assert out.tobytes() == value.tobytes()
        assert f.vjp(same, upstream).tobytes() == product.tobytes()
        f.vjp(same, upstream, out=out)
        assert out.tobytes() == product.tobytes()
    assert np.ascontiguousarray(f(at.T, axis=0).T).tobytes() == value.tobytes()
    assert b"".join(f(row).tobytes() for row in at) == value.tobytes()


def test_nothing_beside_a_row_is_touched(rowwise: Any, dtype: Any) -> None:
    for n in (3, 16, 19, 1030):
        room = np.full((5, n + 6), 7, dtype)
        rowwise.fast(rows(n, dtype, 5), out=room[:, 3:-3])
        rowwise(rows(n, dtype, 5), out=room[:, 3:-3])
        assert (room[:, :3] == 7).all()
        assert (room[:, -3:] == 7).all()


def test_the_largest_is_nan_if_one_element_is(dtype: Any) -> None:
    f = own(where(finite(largest(z)), 0 * z, largest(z)))
    for n in LENGTHS:
        for place in {0, n // 2, n - 1}:
            at = rows(n, dtype, 1)[0]
            assert (f(at) == 0).all()
            at[place] = np.nan
            assert np.isnan(f(at)).all(), (n, place)
            at[place] = np.inf
            assert (f(at) == np.inf).all(), (n, place)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize("temperature", [1.0, 0.3, 8.0])
def test_the_fast_grade_keeps_its_claim(name: str, temperature: float) -> None:
    at = np.random.default_rng(3).normal(scale=9, size=(300, 41)).astype(np.float32)
    at[::3, ::2] = -np.inf
    at[1::3] *= 0.01
    distance = np.abs(at - at.max(-1, keepdims=True)) / temperature
    shares = special.softmax(at.astype(LONG) / LONG(temperature), axis=-1)
    first = at.argmax(-1)[:, None]
    others = shares.copy()
    np.put_along_axis(others, first, 0, axis=-1)
    others = others.sum(-1, keepdims=True) / np.take_along_axis(shares, first, -1)
    logarithms = (at - at.max(-1, keepdims=True).astype(LONG)) / LONG(temperature) - np.log1p(others)
    exact = shares if name == "softmax" else logarithms
    got = nl.get(name).fast(at, temperature=temperature)
    if name == "softmax":
        small = distance > 86.99
        assert (got[distance > 87.01] == 0).all()
        assert (got[small] <= exact[small] * 1.001).all()
        assert (ulps(got[~small], exact[~small]) <= (4 + 3 * distance)[~small]).all()
    else:
        masked, second = at == -np.inf, np.sort(distance, axis=-1)[:, 1:2]
        assert (got[masked] == -np.inf).all()
        beside = np.broadcast_to(second, at.shape)  # its share is what the largest lacks
        bound = np.where(distance == 0, 4 + 3 * beside, 4)
        small = (distance == 0) & (beside > 80)
        assert (ulps(got[~masked & ~small], exact[~masked & ~small]) <= bound[~masked & ~small]).all()
        assert (np.abs(got[small] - exact[small]) < 1e-34).all()


def test_a_fast_softmax_of_fifty_thousand_words_against_sixty_digits() -> None:
    at = rows(50257, np.float32, 1)[0]
    got = nl.softmax.fast(at)
    with mp.workdps(30):
        powers = [mp.exp(mp.mpf(float(v)) - float(at.max())) for v in at[:3000]]
        share_of_all = mp.mpf(float(special.softmax(at.astype(LONG))[0])) / powers[0]
        exact = np.array([float(p * share_of_all) for p in powers])
    bound = 4 + (at.max() - at[:3000])
    assert (np.abs(got[:3000] - exact) <= bound * np.spacing(exact.astype(np.float32))).all()
    assert np.isclose(got.sum(dtype=float), 1, rtol=1e-6)


def test_the_fast_grade_has_lanes_of_its_own_where_it_has_the_words() -> None:
    assert [lanes(nl.softmax.program("value"), "f", grade) for grade in ("exact", "fast")] == ["near", "fast"]
    assert lanes(OWN["two kept"][0].program("value"), "f", "fast") == "near"
    assert lanes(nl.softmax.program("value"), "d", "fast") == "double"
    at = rows(40, np.float64)
    assert nl.softmax.fast(at).tobytes() == nl.softmax(at).tobytes()


def test_a_fast_one_stays_fast() -> None:
    assert nl.softmax.fast.fast is nl.softmax.fast
    assert pickle.loads(pickle.dumps(nl.softmax.fast)) is nl.softmax.fast
    assert nl.softmax.fast.bind(temperature=2.0).grade == "fast"
    assert repr(nl.softmax.fast) == "nonlin.softmax.fast(x, temperature=1)"


def test_one_code_for_one_program() -> None:
    first = object_code(nl.softmax.program("value"), "f", "exact")
    assert object_code(pickle.loads(pickle.dumps(nl.softmax.program("value"))), "f", "exact") == first


WITHOUT_MEMORY = """
import ctypes
import resource
import numpy as np
import nonlin as nl

nl.set_num_threads(1)
z = np.random.default_rng(0).normal(scale=3, size=(2, 4_000_000)).astype(np.float32)
g, answers = z[::-1].copy(), [np.empty_like(z), np.empty_like(z)]
right = nl.softmax(z), nl.softmax.vjp(z, g)
if hasattr(ctypes.CDLL(None), "malloc_trim"):  # what the first calls gave back would do for the next
    ctypes.CDLL(None).malloc_trim(0)
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (8 << 20), -1))
try:
    np.empty(z.shape)
except MemoryError:
    print("none left")
nl.softmax(z, out=answers[0])
nl.softmax.vjp(z, g, out=answers[1])
resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
print(*(a.tobytes() == r.tobytes() for a, r in zip(answers, right)))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux how much memory is used")
def test_without_memory_to_keep_things_the_answer_is_the_same() -> None:
    run = subprocess.run([sys.executable, "-c", WITHOUT_MEMORY], capture_output=True, text=True, timeout=120)
    assert run.stdout.split("\n")[:2] == ["none left", "True True"], run.stderr
