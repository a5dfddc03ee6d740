"""A process that is forked while another of its threads compiles: the child compiles too."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

PROGRAM = """
import os, signal, threading, time
import numpy as np, sympy as sp
from nonlin.derivation.program import program
from nonlin.kernels.elementwise import kernel
from nonlin.vocabulary import erf, exp, x

def compiled(k):
    return kernel(program([exp(-k * x) + erf(x / k)]), "d")

def compile_on():
    k = 1000
    while not done.is_set():
        k += 1
        compiled(sp.Integer(k))

done = threading.Event()
compiler = threading.Thread(target=compile_on)
compiler.start()
time.sleep(0.5)
codes = []
for k in range(1, 9):
    child = os.fork()
    if child == 0:
        signal.alarm(100)
        os._exit(7 if compiled(sp.Integer(k))(np.zeros(3)).tolist() == [1, 1, 1] else 1)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    time.sleep(0.013)
done.set()
compiler.join()
print(codes)
"""


def test_a_child_forked_while_another_thread_compiles_is_not_stuck() -> None:
    finished = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        env={**os.environ, "NONLIN_CACHE": ""},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert (finished.stdout, finished.stderr) == (f"{[7] * 8}\n", "")
