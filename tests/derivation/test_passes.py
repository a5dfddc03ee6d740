"""In which order rows are run over: as few passes as what they need of one another allows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import special

import nonlin as nl
from nonlin.derivation.passes import Choice, Pass, Way, way
from nonlin.derivation.row_programs import row_program
from nonlin.derivation.steps import Program, run
from nonlin.errors import InvalidDefinition
from nonlin.vocabulary import Parameter, RowDefinition, exp, tanh, where
from nonlin.vocabulary.row_words import finite, g, largest, mean, size, total, z

T = Parameter("T", 2.0)

SPELLING = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "neg": np.negative, "where": np.where,
    "lt": np.less, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal, "and": np.logical_and, "exp": np.exp,
    "tanh": np.tanh, "log1p": np.log1p,
    "largest": lambda u: np.max(u, -1, keepdims=True),
    "total": lambda u: np.sum(u, -1, keepdims=True),
    "size": lambda u: float(u.shape[-1]),
}  # fmt: skip


def made(value: Any, **more: Any) -> RowDefinition:
    return RowDefinition(value=value, vjp=z, formula="", latex="", **more)


def program(value: Any, **more: Any) -> Program:
    return row_program(made(value, **more), "value")


def found(each: Pass) -> list[str]:
    return [s.operation for s in each.found]


def only(found: Way) -> tuple[tuple[Pass, ...], Pass]:
    assert isinstance(found.end, Pass)
    return found.passes, found.end


def test_softmax_is_run_over_three_times_and_keeps_its_exponentials() -> None:
    plain = exp((z - largest(z)) / T)
    (first, second), last = only(way(program(plain / total(plain), parameters=[T])))
    assert (found(first), first.elements, first.kept) == (["largest"], (), ())
    assert found(second) == ["total"]
    assert [s.operation for s in second.elements] == ["sub", "mul", "exp"]
    assert second.kept == (second.elements[-1].name,)
    assert [s.operation for s in last.elements] == ["mul"]
    assert [s.operation for s in last.numbers] == ["div"]


def test_what_is_not_kept_is_done_again() -> None:
    plain = exp(z - largest(z))
    (_, second), last = only(way(program(plain / total(plain)), keeps=False))
    assert second.kept == ()
    assert [s.operation for s in last.elements] == ["sub", "exp", "mul"]


def test_cheap_things_are_never_kept() -> None:
    passes, last = only(way(program((z - mean(z)) ** 2 / total((z - mean(z)) ** 2))))
    assert [p.kept for p in passes] == [(), ()]
    assert [s.operation for s in last.elements] == ["sub", "mul", "mul"]


def test_what_does_not_need_one_another_is_found_in_one_pass() -> None:
    passes, _ = only(way(program(z * total(exp(z)) + largest(z) + total(z))))
    assert [sorted(found(p)) for p in passes] == [["largest", "total", "total"]]


def test_numbers_are_taken_out_of_sums() -> None:
    softmax = exp(z - largest(z)) / total(exp(z - largest(z)))
    passes, _ = only(way(program(total(softmax * z * T) + z, parameters=[T])))
    assert [sorted(found(p)) for p in passes] == [["largest"], ["total", "total"]]
    assert str(program(total(T) + z, parameters=[T])) == str(program(T * size(z) + z, parameters=[T]))


def test_a_condition_of_numbers_is_decided_once_a_row() -> None:
    chosen = way(program(where(finite(largest(z)), where(total(z) > 0, tanh(z), -z), where(z > 0, 1, 0))))
    assert isinstance(chosen.end, Choice)
    assert [found(p) for p in chosen.passes] == [["largest"], []]
    assert isinstance(chosen.end.then.end, Choice)
    _, otherwise = only(chosen.end.otherwise)
    assert [s.operation for s in otherwise.elements] == ["gt", "where"]


def followed(way: Way, z: Any, **numbers: float) -> Any:
    """What a way says of a row, each pass on its own, with nothing but what was kept or found."""
    kept: dict[str, Any] = {}
    numbers = dict(numbers)

    def steps(each: Pass, outputs: tuple[Any, ...]) -> tuple[Any, ...]:
        for step in each.numbers:
            (numbers[step.name],) = run(Program((), (), (step,), (step.name,)), numbers, SPELLING)
        return run(Program((), (), each.elements, outputs), {"z": z, **numbers, **kept}, SPELLING)

    for each in way.passes:
        values = steps(each, tuple(s.operands[0] for s in each.found) + each.kept)
        for step, value in zip(each.found, values, strict=False):
            numbers[step.name] = (
                SPELLING[step.operation](value).item() if step.operation != "size" else z.size
            )
        kept |= zip(each.kept, values[len(each.found) :], strict=True)
    if isinstance(way.end, Choice):
        return followed(way.end.then if numbers[str(way.end.condition)] else way.end.otherwise, z, **numbers)
    return np.broadcast_to(steps(way.end, (way.result,))[0], z.shape)


@pytest.mark.parametrize("row", [[0.3, -1.0, 2.0, 2.0], [1.0], [0.0, np.inf], [-np.inf] * 2, [np.nan, 1.0]])
@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_passes_one_by_one_give_what_the_formula_gives(name: str, row: Any, keeps: bool) -> None:
    made, at = nl.get(name).program("value"), np.array(row)
    (whole,) = run(made, {"z": at, "temperature": 2.0}, SPELLING)
    by_passes = followed(way(made, keeps), at, temperature=2.0)
    np.testing.assert_allclose(by_passes, np.broadcast_to(whole, at.shape), rtol=1e-15)
    if np.isfinite(row).all():
        np.testing.assert_allclose(by_passes, getattr(special, name)(at / 2.0), rtol=1e-14)


def test_a_symbol_that_nobody_gives_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match=r"value.*uses T, which is neither"):
        made(z * T)
    with pytest.raises(InvalidDefinition, match=r"uses g"):
        made(z * g)
