"""Written functions do what their Python text says: loops, choices, words in memory, calls of C."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pytest
from llvmlite import ir

from nonlin.kernels.control import Body, function
from nonlin.kernels.memory import PLACE, WORDS, place_at, words_at
from nonlin.kernels.object_code import from_ir, load


def run(write: Callable[[Body, Any], None], *numbers: int) -> list[int]:
    """Write a function of words, run it, and return the words afterwards."""
    module = ir.Module("test")
    _, body = function(module, "tested", [WORDS])
    write(body, *body.arguments)
    body.return_()
    words = (ctypes.c_int64 * len(numbers))(*numbers)
    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(load(from_ir(str(module), "tested")))(words)
    return list(words)


@pytest.mark.parametrize(("start", "stop", "step"), [(0, 5, 1), (2, 11, 3), (4, 4, 1), (-3, 2, 2), (9, 1, 1)])
def test_for_counts_as_range_does(start: int, stop: int, step: int) -> None:
    def write(body: Body, words: Any) -> None:
        first, end, pace = words[0], words[1], words[2]
        with body.for_(end, pace, first) as i:
            words[3] = words[3] * 10 + i
            words[4] += 1

    count, told = 0, 0
    for i in range(start, stop, step):
        count, told = count + 1, told * 10 + i
    assert run(write, start, stop, step, 0, 0)[3:] == [told, count]


def test_while_goes_on_and_may_begin_its_next_turn_early() -> None:
    def write(body: Body, words: Any) -> None:
        left = body.variable(words[0])
        with body.while_(lambda: left.now > 0) as again:
            left.now -= 1
            with body.if_(left.now == 3):
                again()
            words[1] += left.now

    assert run(write, 6, 0) == [6, 5 + 4 + 2 + 1]
    assert run(write, 0, 0) == [0, 0]


def test_the_second_condition_is_asked_only_where_the_first_holds() -> None:
    def write(body: Body, words: Any) -> None:
        shared = words.shared()
        with body.if_(shared[0] == 1), body.if_(shared.add(1, 5) == 7):
            words[2] = 1

    assert run(write, 0, 7, 0) == [0, 7, 0]
    assert run(write, 1, 7, 0) == [1, 12, 1]
    assert run(write, 1, 8, 0) == [1, 13, 0]


def test_a_function_may_end_early() -> None:
    def write(body: Body, words: Any) -> None:
        with body.if_(words[0] < 0):
            body.return_()
        words[0] = 1

    assert run(write, -4) == [-4]
    assert run(write, 4) == [1]


def test_whole_numbers_are_pythons() -> None:
    def write(body: Body, words: Any) -> None:
        a, b = words[0], words[1]
        for i, number in enumerate([a + b, a - b, a * b, a // b, a & b, a.at_least(b), a.at_most(b)]):
            words[2 + i] = number

    for a, b in ((17, 5), (3, 12), (2**40, 3)):
        given = run(write, a, b, *[0] * 7)[2:]
        assert given == [a + b, a - b, a * b, a // b, a & b, max(a, b), min(a, b)]


def test_shared_words_tell_what_they_were() -> None:
    def write(body: Body, words: Any) -> None:
        shared = words.shared()
        words[2] = shared.swap(0, 8)
        words[3] = shared.add(1, -2)
        shared[4] = shared[0]

    assert run(write, 3, 5, 0, 0, 0) == [8, 3, 3, 5, 8]


def test_parts_addresses_and_calls() -> None:
    def write(body: Body, words: Any) -> None:
        rest = words_at(words[1:].address)
        rest[0] = body.c("abs", -7)
        block = body.c("malloc", words[2], answer=PLACE)
        block.store(place_at(words[3:].address).load(body))
        place_at(rest.address).item("d", body.whole(3)).store(block.load(body))
        body.c("free", block, answer=ir.VoidType())

    assert run(write, 1, 2, 8, 4607182418800017408, 0) == [1, 7, 8, 4607182418800017408, 4607182418800017408]


def test_a_function_is_called_by_its_address() -> None:
    called: list[int] = []
    double = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda at: called.append(int(at)))
    address = ctypes.cast(double, ctypes.c_void_p).value
    assert address

    def write(body: Body, words: Any) -> None:
        body.call_at(words[0], words[1:])

    run(write, address, 0)
    assert len(called) == 1
