"""A Ctrl-C while LLVM compiles once crashed a study; it now waits until the code is there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from nonlin.kernels.interrupts import held_back


def test_an_interrupt_arrives_when_the_block_is_done() -> None:
    done = []

    def interrupted() -> None:
        with held_back():
            os.kill(os.getpid(), signal.SIGINT)
            done.append(True)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_nothing_changes_without_an_interrupt() -> None:
    before = signal.getsignal(signal.SIGINT)
    with held_back():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_another_thread_leaves_signals_alone() -> None:
    before, seen = signal.getsignal(signal.SIGINT), []

    def work() -> None:
        with held_back():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


COMPILING = """
import os, signal, threading
import numpy as np, sympy as sp
from nonlin.derivation.program import program
from nonlin.kernels.elementwise import kernel
from nonlin.vocabulary import erf, exp, x

def compiled(k):
    return kernel(program([exp(-k * x) + erf(x / k)]), "d")

arrived, k = 0, 0
for _ in range(6):
    threading.Timer(0.15 + 0.07 * arrived, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        while k < 100_000:
            k += 1
            compiled(sp.Integer(k))
    except KeyboardInterrupt:
        arrived += 1
    assert compiled(sp.Integer(k))(np.zeros(3)).tolist() == [1, 1, 1]  # the one that was interrupted, once more
print(arrived)
"""


def test_interrupts_arrive_between_kernels_and_none_is_left_half_made() -> None:
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", COMPILING],
        env={**os.environ, "NONLIN_CACHE": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (finished.stdout, finished.stderr, finished.returncode) == ("6\n", "", 0)
