"""Every rival computes our function: the table that is timed is the one that is tested."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nonlin as nl
from nonlin.bench import agreement, ours, rivals
from nonlin.bench.setting import LINE, RACED, Ready, Setting, draw, empty
from nonlin.workbench import Elementwise

LIBRARIES = [name for name in rivals.names() if name != rivals.FLOOR]
FUNCTIONS = list(RACED)
COVERED = {
    "jax": set(FUNCTIONS),
    "torch": set(FUNCTIONS),
    "onnxruntime": set(FUNCTIONS),
    "numpy": set(FUNCTIONS) - {"gelu"},
    "numexpr": set(FUNCTIONS) - {"gelu", "softmax", "log_softmax"},
    "scipy": {"gelu", "log_sigmoid", "log_softmax", "quick_gelu", "sigmoid", "silu", "softmax", "swish"},
}


def rival(name: str) -> rivals.Rival:
    found = rivals.load(name)
    if found.missing:
        pytest.skip(f"{found.title} is not installed: {', '.join(found.missing)}")
    return found


def setting(name: str, task: str = "value", output: str = "fresh", **bound: float) -> Setting:
    activation = nl.get(name).bind(**bound) if bound else nl.get(name)
    shape = (4096,) if isinstance(activation, Elementwise) else (64, 50)
    outputs = (empty(shape), empty(shape))[: 1 + (task == "gradient")] if output == "reused" else None
    return Setting(activation, task, draw(shape, 1), draw(shape, 2), outputs, 1)


def wrong(given: Setting, ready: Ready) -> str | None:
    with np.errstate(all="ignore"):
        return agreement.disagreement(given, ready, ours.expected(given, agreement.spread(given.x)))


@pytest.mark.parametrize("output", ["fresh", "reused"])
@pytest.mark.parametrize("task", ["value", "gradient"])
@pytest.mark.parametrize("name", LIBRARIES)
def test_a_rival_agrees_with_us_on_every_function_it_has(name, task, output):
    library = rival(name)
    compared = set()
    for function in FUNCTIONS:
        given = setting(function, task, output)
        ready = library.set_up(given)
        if ready is not None:
            compared.add(function)
            assert wrong(given, ready) is None, function
    if (task, output) == ("value", "fresh"):
        assert compared == COVERED[name]


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize(
    ("function", "bound"),
    [
        ("leaky_relu", {"negative_slope": 0.2}), ("prelu", {"weight": 0.1}), ("elu", {"alpha": 0.7}),
        ("celu", {"alpha": 1.5}), ("swish", {"beta": 1.7}),
    ],
)  # fmt: skip
def test_parameters_reach_the_rival(name, function, bound):
    given = setting(function, **bound)
    ready = rival(name).set_up(given)
    if ready is not None:
        assert wrong(given, ready) is None


@pytest.mark.parametrize("output", ["fresh", "reused"])
@pytest.mark.parametrize("task", ["value", "gradient"])
def test_ours_agree_with_themselves(task, output):
    for function in FUNCTIONS:
        given = setting(function, task, output)
        ways = ours.set_up(given, "exact")
        assert len(ways) == 1 + (task == "gradient" and isinstance(given.activation, Elementwise))
        assert [wrong(given, ready) for ready in ways.values()] == [None] * len(ways)


@pytest.mark.parametrize("output", ["fresh", "reused"])
def test_the_copy_copies(output):
    for task in ("value", "gradient"):
        given = setting("gelu", task, output)
        ready = rivals.load("copy").set_up(given)
        copies = ready.read(ready.call())
        for copy, source in zip(copies, (given.x, given.g), strict=False):
            np.testing.assert_array_equal(copy, source)
            assert not np.shares_memory(copy, source)
        assert len(copies) == 1 + (task == "gradient")


def test_another_function_is_found_out():
    given = setting("gelu")
    found = wrong(given, Ready(lambda: nl.gelu_tanh(given.x)))
    assert found is not None
    assert "the value at x = " in found
    assert "ours" in found


def test_a_wrong_gradient_is_found_out():
    given = setting("gelu", "gradient")
    assert "the gradient" in wrong(given, Ready(lambda: (nl.gelu(given.x), nl.gelu.grad(given.x))))


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: np.full_like(x, np.nan), lambda x: x.astype(np.float64), lambda x: x[:-1],
        lambda x: (x, x), lambda x: np.where(np.arange(x.size) == x.size - 1, 9, nl.gelu(x)),
    ],
)  # fmt: skip
def test_an_answer_of_the_wrong_kind_is_found_out(answer):
    given = setting("gelu")
    assert wrong(given, Ready(lambda: answer(given.x)))


def test_an_output_that_is_never_written_is_found_out():
    given = setting("gelu", output="reused")
    nl.gelu(given.x, out=given.outputs[0])
    assert wrong(given, Ready(lambda: given.outputs[0]))


def test_a_reused_output_is_the_one_that_was_given():
    for name in ("torch", "onnxruntime", "numexpr", "scipy", "numpy"):
        library = rivals.load(name)
        given = setting("tanh" if name == "numpy" else "sigmoid", output="reused")
        if not library.missing:
            ready = library.set_up(given)
            (answer,) = ready.read(ready.call())
            assert np.shares_memory(answer, given.outputs[0]), name


@pytest.mark.parametrize("name", ["torch", "numexpr"])
def test_threads_are_held_and_given_back(name):
    library = rival(name)
    before = library.hold(1)
    assert library.hold(before) == 1


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads in Linux's /proc")
def test_jax_is_held_to_one_thread():
    rival("jax")
    said = subprocess.run([sys.executable, "-c", COUNTING], capture_output=True, text=True, timeout=120)
    assert (said.returncode, said.stdout) == (0, "True True True\n"), said.stderr


COUNTING = """
import contextlib, os
from pathlib import Path
import nonlin as nl
from nonlin.bench import rivals
from nonlin.bench.setting import Setting, draw

def workers():  # the threads among which XLA divides one computation
    count = 0
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # a thread may end while it is asked for its name
            count += task.joinpath("comm").read_text().startswith("tf_XLAEigen")
    return count

os.environ.pop("NPROC", None)
library = rivals.load("jax")
library.hold(1)
before = workers()
ready = library.set_up(Setting(nl.gelu, "value", draw((4096,), 1), draw((4096,), 2), None, 1))
ready.read(ready.call())
still = workers()
library.hold(2)
print(still == before, workers() == before + 2, "NPROC" not in os.environ)
"""


@pytest.mark.parametrize("shape", [(1,), (1000,), (7, 33)])
def test_arrays_begin_at_a_cache_line(shape):
    for array in (empty(shape), draw(shape, 1)):
        assert array.ctypes.data % LINE == 0
        assert array.shape == shape
        assert array.flags.c_contiguous


def test_draws_visit_both_sides_and_repeat():
    x = draw((4096,), 1)
    assert x.min() < -8
    assert x.max() > 8
    np.testing.assert_array_equal(x, draw((4096,), 1))
    assert not np.array_equal(x, draw((4096,), 2))
