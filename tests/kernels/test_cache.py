"""Kernels from disk: the same bits as those compiled now; anything odd about a file means compiling again."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin import store
from nonlin.kernels import cache
from nonlin.kernels.elementwise import object_code
from nonlin.kernels.object_code import ObjectCode, from_ir

SEVEN = "define i64 @seven() {{\n  ret i64 {}\n}}\n"


def build(number: int = 7) -> ObjectCode:
    return from_ir(SEVEN.format(number), "seven")


def answer(address: int) -> int:
    return int(ctypes.CFUNCTYPE(ctypes.c_int64)(address)())


def refuse() -> ObjectCode:
    raise AssertionError("it was to come from disk")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
    return tmp_path


def test_code_comes_from_disk_the_second_time() -> None:
    assert answer(cache.address("seven", build)) == 7
    assert answer(cache.address("seven", refuse)) == 7


def test_damaged_code_is_made_anew(home: Path) -> None:
    cache.address("seven", build)
    (file,) = home.iterdir()
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 16
    file.write_bytes(damaged)
    assert answer(cache.address("seven", lambda: build(8))) == 8
    assert answer(cache.address("seven", refuse)) == 8


def another_source(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(store, "sources", lambda *parts: "changed")


def another_processor(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cache, "processor", lambda: ("z80", "+none"))


def another_compiler(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("llvmlite.__version__", "99")


@pytest.mark.parametrize("change", [another_source, another_processor, another_compiler])
def test_code_made_in_other_surroundings_is_not_taken(change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer(cache.address("seven", build)) == 7
    change(monkeypatch)
    assert answer(cache.address("seven", lambda: build(8))) == 8


def test_kernels_from_disk_give_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    program = nl.gelu.program("value", "slope")
    x = np.random.default_rng(5).normal(scale=5, size=1000).astype(np.float32)
    from nonlin.kernels import elementwise

    made = elementwise.kernel.__wrapped__(program, "f", "exact")(x)
    monkeypatch.setattr(elementwise, "object_code", lambda *_: refuse())
    kept = elementwise.kernel.__wrapped__(program, "f", "exact")(x)
    assert [a.tobytes() for a in kept] == [a.tobytes() for a in made]


def test_programs_that_differ_in_a_hidden_digit_have_code_of_their_own() -> None:
    """A number prints as its float64, but its rest belongs to the key as well."""
    from nonlin.derivation.steps import Number, Program, Step

    programs = [
        Program(("x",), (), (Step("v0", "mul", ("x", Number.of(0.1, rest))),), ("v0",))
        for rest in (0.0, 1e-18)
    ]
    assert str(programs[0]) == str(programs[1])
    assert repr(programs[0]) != repr(programs[1])


def test_object_code_needs_nothing_of_numba() -> None:
    """Numba's symbols are unknown to a process that has not imported it, which LLVM answers with an abort."""
    from nonlin.kernels import rowwise, sharing

    texts = [sharing.object_code(name).code for name in ("gate", "share", "worker")]
    texts.append(rowwise.object_code(nl.softmax.program("vjp"), "f", "exact").code)
    texts.append(object_code(nl.gelu.program("value"), "f", "exact").code)
    for foreign in (b"numba_", b"NRT_", b"PyErr_", b"PyExc_"):
        assert [foreign in text for text in texts] == [False] * len(texts), foreign


CALLS = (
    "nl.gelu(x), nl.silu.grad(x), nl.swish.fast.value_and_grad(x), nl.softmax(x), nl.gelu(np.tile(x, 5000))"
)


def test_processes_that_begin_at_once_all_answer_right() -> None:
    program = f"""
import numpy as np, nonlin as nl
x = np.linspace(-3, 3, 16, dtype=np.float32)
print([np.asarray(y).sum() for y in ({CALLS})])
"""
    commands = [sys.executable, "-c", program]
    running = [subprocess.Popen(commands, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [p.communicate()[0] for p in running]
    later = subprocess.run(commands, capture_output=True, text=True, check=True).stdout
    assert said == [later, later]
    assert later.count("np.float") == 5
