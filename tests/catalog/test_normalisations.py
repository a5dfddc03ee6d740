"""Layer, RMS, batch, group and local response norm, and maxout: against many digits, PyTorch, dense Jacobians."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytest

import nonlin as nl
import row_oracles
from nonlin.errors import InvalidInput
from oracles import LONG
from row_oracles import long

inf, nan = np.inf, np.nan
EXACT = {
    "layer_norm": row_oracles.layer_norm,
    "rms_norm": row_oracles.rms_norm,
    "local_response_norm": row_oracles.local_response_norm,
}
RANDOM = np.random.default_rng(3)
ROWS = {
    "two": [0.5, 0.3],
    "one": [7.0],
    "equal": [0.1] * 9,
    "zeros": [0.0] * 4,
    "tiny": [1e-30, -2e-30, 3e-30],
    "random": RANDOM.normal(size=40),
    "a large offset": (RANDOM.normal(size=20) + 2.0**20).astype(np.float32),
    "one far out": [1e15, *RANDOM.normal(size=20)],
    "many": RANDOM.normal(size=2100) * 100,
    "large": RANDOM.normal(size=30) * 1e18,
}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("name", EXACT)
def test_values_against_many_digits(name: str, row: str, dtype: Any) -> None:
    """float32: rounded once from float64. float64: within 8 ulp, and 2^-50 where the mean is taken away."""
    z = np.array(ROWS[row], dtype)
    truth, got = long(EXACT[name](z)), nl.get(name)(z)
    ulp = np.spacing(np.abs(truth).astype(dtype)).astype(LONG)
    bound = 0.501 * ulp + LONG(2) ** -46 if dtype == np.float32 else 8 * ulp + LONG(2) ** -50
    assert (np.abs(got - truth) <= bound).all()


@pytest.mark.parametrize("name", ["layer_norm", "rms_norm"])
def test_a_row_whose_mean_has_more_digits_than_float64(name: str) -> None:
    """A plain mean of a row at 1e8 is wrong by some 1e-8, which no later step can repair."""
    z = np.random.default_rng(0).normal(size=50) + 1e8
    truth = long(EXACT[name](z))
    assert np.abs(nl.get(name)(z) - truth).max() < 4e-15
    plain = (z - np.sum(z.tolist()) / z.size) / np.sqrt(z.var() + 1e-5)
    assert name == "rms_norm" or np.abs(plain - truth).max() > 3e-10


@pytest.mark.parametrize(
    ("name", "z", "values"),
    [
        ("layer_norm", [0.0, inf, 1.0, 2.0], [-(3**-0.5), 3**0.5, -(3**-0.5), -(3**-0.5)]),
        ("layer_norm", [0.0, -inf], [1, -1]),
        ("layer_norm", [inf], [0]),
        ("layer_norm", [inf, inf, 0.0], [nan] * 3),
        ("layer_norm", [inf, -inf], [nan] * 2),
        ("layer_norm", [nan, 1.0], [nan] * 2),
        ("layer_norm", [nan, inf], [nan] * 2),
        ("rms_norm", [0.0, -inf, 1.0, 2.0], [0, -2, 0, 0]),
        ("rms_norm", [inf], [1]),
        ("rms_norm", [inf, -inf], [nan] * 2),
        ("rms_norm", [nan, 1.0], [nan] * 2),
        ("local_response_norm", [1.0, inf, 1.0, 1, 1, 1], [0, 0, 0, 0, 0.99994, 0.999955]),
        ("local_response_norm", [nan, 0, 0, 1.0], [nan, nan, nan, 0.999985]),
    ],
)
def test_rows_that_are_not_finite(name: str, z: Any, values: Any, dtype: Any) -> None:
    """One infinite element has a limit, of two it depends on which is the larger."""
    f = nl.get(name)
    assert np.allclose(f(dtype(z)), values, rtol=0, atol=1e-5, equal_nan=True)
    if np.isfinite(values).all():
        assert np.isfinite(f.vjp(dtype(z), np.ones(len(z), dtype))).all()


@pytest.mark.parametrize("eps", [1e-5, 0.3])
@pytest.mark.parametrize("name", EXACT)
def test_the_jacobian_is_the_derivative(name: str, eps: float) -> None:
    z, step = np.array([0.31, -0.17, 0.52, -2.0, 0.08, 1.1]), mp.mpf(10) ** -30
    given = {"alpha": eps, "size": 4} if name == "local_response_norm" else {"eps": eps}
    with mp.workdps(row_oracles.DIGITS):
        columns = []
        for j in range(z.size):
            up, down = (_moved(z, s * step, j) for s in (1, -1))
            pairs = zip(_plain(name, up, given), _plain(name, down, given), strict=True)
            columns.append([float((a - b) / (2 * step)) for a, b in pairs])
    f = nl.get(name).bind(**given)
    assert np.allclose(f.jacobian(z), np.array(columns).T, rtol=0, atol=4e-15 / min(eps, 0.1) ** 0.5)
    g = np.random.default_rng(0).normal(size=6)
    assert np.allclose(f.vjp(z, g), g @ f.jacobian(z), rtol=0, atol=1e-13)


def _moved(z: Any, step: Any, j: int) -> Any:
    return [mp.mpf(v) + step * (i == j) for i, v in enumerate(z)]


def _plain(name: str, z: Any, given: Any) -> Any:
    """The oracle's formula once more, of numbers with many digits."""
    n = len(z)
    if name == "layer_norm":
        mean = mp.fsum(z) / n
        return [(v - mean) / mp.sqrt(mp.fsum((w - mean) ** 2 for w in z) / n + given["eps"]) for v in z]
    if name == "rms_norm":
        return [v / mp.sqrt(mp.fsum(w**2 for w in z) / n + given["eps"]) for v in z]
    size, alpha = given["size"], given["alpha"]
    windows = [z[max(i - size // 2, 0) : i + (size - 1) // 2 + 1] for i in range(n)]
    return [
        v / (1 + alpha * mp.fsum(w**2 for w in window) / size) ** mp.mpf(0.75)
        for v, window in zip(z, windows, strict=True)
    ]


PARAMETERS = [
    ("layer_norm", "eps", 0.2), ("rms_norm", "eps", 0.2), ("local_response_norm", "alpha", 0.3),
    ("local_response_norm", "beta", 0.6), ("local_response_norm", "k", 1.5),
]  # fmt: skip


@pytest.mark.parametrize(("name", "parameter", "at"), PARAMETERS)
def test_derivatives_by_parameters(name: str, parameter: str, at: float) -> None:
    f, z, step = nl.get(name), np.array([0.31, -0.17, 0.52, -2.0, 0.08, 1.1]), 1e-25
    up, down = (long(_at(name, z, parameter, mp.mpf(at) + s * mp.mpf(step))) for s in (1, -1))
    with mp.workdps(row_oracles.DIGITS):
        pairs = zip(
            _at(name, z, parameter, mp.mpf(at) + mp.mpf(step)),
            _at(name, z, parameter, mp.mpf(at) - mp.mpf(step)),
            strict=True,
        )
        numerical = [float((a - b) / (2 * mp.mpf(step))) for a, b in pairs]
    assert up.shape == down.shape
    assert np.allclose(f.param_grad(z, parameter, **{parameter: at}), numerical, rtol=1e-13, atol=1e-15)


def _at(name: str, z: Any, parameter: str, value: Any) -> Any:
    with mp.workdps(row_oracles.DIGITS):
        row, n = [mp.mpf(v) for v in z], len(z)
        if name == "local_response_norm":
            given = {"alpha": mp.mpf(1e-4), "beta": mp.mpf(0.75), "k": mp.mpf(1), parameter: value}
            windows = [row[max(i - 2, 0) : i + 3] for i in range(n)]
            return [
                v / (given["k"] + given["alpha"] * mp.fsum(w**2 for w in window) / 5) ** given["beta"]
                for v, window in zip(row, windows, strict=True)
            ]
        mean = mp.fsum(row) / n if name == "layer_norm" else mp.mpf(0)
        return [(v - mean) / mp.sqrt(mp.fsum((w - mean) ** 2 for w in row) / n + value) for v in row]


# --- rows by axis, in groups and windows, as PyTorch has them ------------------------------------------------

Z, G = np.random.default_rng(0).normal(size=(2, 4, 6, 5, 3))


def in_pytorch(name: str, *arguments: Any, **options: Any) -> tuple[Any, Any]:
    torch = pytest.importorskip("torch")
    leaf = torch.tensor(Z, requires_grad=True)
    y = getattr(torch.nn.functional, name)(leaf, *arguments, **options)
    y.backward(torch.tensor(G))
    return y.detach().numpy(), leaf.grad.numpy()


@pytest.mark.parametrize(
    ("name", "axis", "ours", "theirs", "options"),
    [
        ("layer_norm", -1, {}, ((3,),), {}),
        ("layer_norm", (2, 3), {"eps": 0.1}, ((5, 3),), {"eps": 0.1}),
        ("rms_norm", (2, 3), {"eps": 0.1}, ((5, 3),), {"eps": 0.1}),
        ("batch_norm", (0, 2, 3), {}, (None, None), {"training": True}),
        ("group_norm", (1, 2, 3), {"groups": 3}, (3,), {}),
        ("group_norm", (1, 2, 3), {"groups": 1}, (1,), {}),
        ("local_response_norm", 1, {"size": 5, "alpha": 0.5}, (5,), {"alpha": 0.5}),
        ("local_response_norm", 1, {"size": 4, "k": 2.0, "beta": 0.6}, (4,), {"k": 2.0, "beta": 0.6}),
        ("local_response_norm", 1, {"size": 1}, (1,), {}),
        ("local_response_norm", 1, {"size": 20}, (20,), {}),
    ],
)
def test_values_and_products_are_pytorchs(name: str, axis: Any, ours: Any, theirs: Any, options: Any) -> None:
    y, dz = in_pytorch(name, *theirs, **options)
    f = nl.get(name)
    assert np.allclose(f(Z, axis=axis, **ours), y, rtol=1e-12, atol=1e-13)
    assert np.allclose(f.vjp(Z, G, axis=axis, **ours), dz, rtol=1e-10, atol=1e-12)


def test_batch_norm_works_along_the_first_axis() -> None:
    z = Z[..., 0, 0]
    assert np.array_equal(nl.batch_norm(z), nl.layer_norm(z, axis=0))
    assert np.array_equal(nl.batch_norm.vjp(z, G[..., 0, 0]), nl.layer_norm.vjp(z, G[..., 0, 0], axis=0))
    assert np.allclose(nl.batch_norm(z).mean(0), 0, atol=1e-15)
    assert np.allclose(nl.batch_norm(z).var(0), 1, atol=1e-3)


def test_groups_are_layer_norms_side_by_side(dtype: Any) -> None:
    z, g = (a.reshape(20, 18).astype(dtype) for a in (Z, G))
    parts = np.concatenate([nl.layer_norm(p) for p in np.split(z, 3, axis=1)], axis=1)
    assert np.array_equal(nl.group_norm(z, groups=3), parts)
    assert np.array_equal(nl.group_norm(z), nl.layer_norm(z))
    pulled = [nl.layer_norm.vjp(p, q) for p, q in zip(np.split(z, 3, 1), np.split(g, 3, 1), strict=True)]
    assert np.array_equal(nl.group_norm.vjp(z, g, groups=3), np.concatenate(pulled, axis=1))
    dense = nl.group_norm.jacobian(z[0], groups=3)
    assert np.allclose(dense[:6, :6], nl.layer_norm.jacobian(z[0, :6]), atol=1e-6)
    assert (dense[:6, 6:] == 0).all()
    mask = np.arange(18) % 4 != 1
    masked = [nl.layer_norm(p, where=m) for p, m in zip(np.split(z, 3, 1), np.split(mask, 3), strict=True)]
    assert np.array_equal(nl.group_norm(z, groups=3, where=mask), np.concatenate(masked, axis=1))


# --- maxout --------------------------------------------------------------------------------------------------


def test_maxout_of_zero_and_z_is_the_relu(dtype: Any) -> None:
    z = np.array([-2.0, -0.0, 0.0, 1e-30, 3.0, inf, -inf], dtype)
    pairs = np.stack([np.zeros_like(z), z], axis=-1)
    assert np.array_equal(nl.maxout(pairs)[..., 0], nl.relu(z))
    slopes = nl.maxout.vjp(pairs, np.ones((*z.shape, 1), dtype))[:, 1]
    assert np.array_equal(slopes, nl.relu.grad(z))


@pytest.mark.parametrize("k", [1, 2, 3, 5, 30])
def test_maxout_is_the_largest_of_each_k(k: int, dtype: Any) -> None:
    z, g = (np.moveaxis(a, 1, -1).reshape(-1, 30).astype(dtype) for a in (Z, G))
    blocks = z.reshape(-1, 30 // k, k)
    y = nl.maxout(z, k=k)
    assert y.dtype == dtype
    assert np.array_equal(y, blocks.max(-1))
    expected = np.where(np.arange(k) == blocks.argmax(-1)[..., None], g[:, : 30 // k, None], 0).reshape(
        z.shape
    )
    assert np.array_equal(nl.maxout.vjp(z, g[:, : 30 // k], k=k), expected)
    dense = nl.maxout.jacobian(z, k=k)
    assert dense.shape == (len(z), 30 // k, 30)
    assert np.array_equal(np.einsum("...ij,...i->...j", dense, g[:, : 30 // k]), expected)
    assert np.array_equal(nl.maxout(z.T, axis=0, k=k), y.T)


def test_maxout_with_a_mask_takes_the_largest_of_what_is_there() -> None:
    z, mask = np.array([5.0, 1, 2, 9, 4, 4]), np.array([False, True, True, True, False, False])
    assert nl.maxout(z, where=mask).tolist() == [1, 9, -inf]
    assert nl.maxout.vjp(z, [1.0, 2, 3], where=mask).tolist() == [0, 1, 0, 2, 0, 0]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: nl.maxout([1.0, 2, 3]), r"maxout: 3 elements cannot be cut into blocks of 2; choose k"),
        (lambda: nl.maxout([1.0, 2], k=0), r"maxout: k=0 is no whole number from 1 on"),
        (lambda: nl.maxout([1.0, 2], k=1.5), r"maxout: k=1.5 is no whole number"),
        (lambda: nl.group_norm(Z, groups=4), r"group_norm: 3 elements cannot be cut into 4 equal groups"),
        (lambda: nl.group_norm.param_grad(Z, "groups"), r"groups counts, so nothing can be derived by it"),
        (lambda: nl.local_response_norm.param_grad(Z, "size"), r"size counts"),
    ],
)
def test_counts_that_do_not_fit_are_refused(call: Any, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        call()


def test_the_fast_grade_is_near(dtype: Any) -> None:
    z = Z.reshape(-1, 30).astype(dtype)
    for name in (*EXACT, "batch_norm", "group_norm"):
        f = nl.get(name)
        assert np.allclose(f.fast(z), f(z), rtol=0, atol=2e-6 if dtype == np.float32 else 0), name
        assert np.allclose(f.fast.vjp(z, z[::-1]), f.vjp(z, z[::-1]), rtol=0, atol=2e-5), name


def test_half_precision_is_rounded_once() -> None:
    z = Z.reshape(-1, 30).astype(np.float16)
    for name in (*EXACT, "maxout"):
        f = nl.get(name)
        assert f(z).dtype == np.float16
        assert np.array_equal(f(z), f(z.astype(float)).astype(np.float16))
