"""The race, run by a clock that only moves when a contestant moves it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from nonlin.bench.race import LEAST_TURNS, MOST_TURNS, middle, race, rotated


class Clock:
    """Stands still but for planted seconds, and remembers who ran."""

    def __init__(self) -> None:
        self.now = 0.0
        self.ran: list[str] = []

    def __call__(self) -> float:
        return self.now

    def contestant(self, name: str, *seconds: float):
        durations = list(seconds)

        def call() -> None:
            self.ran.append(name)
            self.now += durations.pop(0) if len(durations) > 1 else durations[0]

        return call


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_planted_seconds_come_back(clock):
    found = race({"a": clock.contestant("a", 0.01), "b": clock.contestant("b", 0.03)}, 1.0, clock=clock)
    assert middle(found["a"])[0] == pytest.approx(0.01)
    assert middle(found["b"])[0] == pytest.approx(0.03)


def test_short_calls_are_repeated_within_a_turn_and_one_call_s_time_is_kept(clock):
    found = race({"a": clock.contestant("a", 1e-6)}, 0.01, clock=clock)
    assert found["a"] == pytest.approx([1e-6] * len(found["a"]))
    assert len(clock.ran) > 100 * len(found["a"])


def test_everyone_has_the_least_number_of_turns_however_short_the_time(clock):
    found = race({name: clock.contestant(name, 0.02) for name in "abc"}, 1e-9, clock=clock)
    assert {name: len(turns) for name, turns in found.items()} == dict.fromkeys("abc", LEAST_TURNS)


@pytest.mark.parametrize(("slow", "turns"), [(3.0, 1), (0.05, LEAST_TURNS), (0.02, LEAST_TURNS)])
def test_a_long_call_far_behind_is_spared_further_turns(clock, slow, turns):
    seconds = {"a": 0.01, "b": 0.01, "slow": slow}
    found = race({name: clock.contestant(name, s) for name, s in seconds.items()}, 1e-9, clock=clock)
    assert {name: len(each) for name, each in found.items()} == {"a": 3, "b": 3, "slow": turns}


def test_a_long_call_among_its_like_has_all_its_turns(clock):
    found = race({name: clock.contestant(name, 3.0) for name in "ab"}, 1e-9, clock=clock)
    assert {len(turns) for turns in found.values()} == {LEAST_TURNS}


def test_what_is_slow_does_not_take_the_others_turns(clock):
    found = race({"a": clock.contestant("a", 0.01), "slow": clock.contestant("slow", 0.2)}, 4.0, clock=clock)
    assert len(found["a"]) > 4 * len(found["slow"])


def test_there_is_an_end_even_with_all_the_time(clock):
    found = race({"a": clock.contestant("a", 0.001)}, 1e9, clock=clock)
    assert len(found["a"]) == MOST_TURNS


def test_the_order_changes_from_turn_to_turn(clock):
    race({name: clock.contestant(name, 0.02) for name in "abc"}, 1.0, clock=clock)
    turns = ["".join(clock.ran[i : i + 3]) for i in range(3, len(clock.ran) - 2, 3)]
    assert {turn[0] for turn in turns} == set("abc")
    assert len(set(turns)) == 6
    assert {"".join(sorted(turn)) for turn in turns} == {"abc"}


def test_everyone_follows_everyone():
    orders = [rotated(list("abc"), turn) for turn in range(6)]
    followed = {pair for order in orders for pair in pairwise(order)}
    assert followed == {(a, b) for a in "abc" for b in "abc" if a != b}


def test_a_rest_comes_before_each_turn(clock):
    race({"a": clock.contestant("a", 0.02)}, 1e-9, rest=lambda: clock.ran.append("rest"), clock=clock)
    assert clock.ran == ["a", "rest", "a", "rest", "a"]


def test_one_disturbed_turn_does_not_move_the_median(clock):
    found = race({"a": clock.contestant("a", 0.01, 0.01, 5.0, 0.01)}, 6.0, clock=clock)
    assert max(found["a"]) == pytest.approx(5.0)
    assert middle(found["a"]) == pytest.approx((0.01, 0.01, 0.01))
