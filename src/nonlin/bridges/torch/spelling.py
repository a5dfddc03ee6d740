"""Each operation of a Program in PyTorch's operations, with its limits: any device, any transform."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from nonlin.bridges.torch.row_words import row_words
from nonlin.derivation.program import Program, run
from nonlin.derivation.steps import angles
from nonlin.kernels.primitives.coefficients import EXP_REST_DOUBLE, TANH_REST_DOUBLE


def sigmoid(u: Tensor) -> Tensor:
    """Return e / (1 + e) with e = exp(-|u|), which keeps the digits of the left tail."""
    e = torch.exp(-torch.abs(u))
    return torch.where(u >= 0, 1.0, e) / (1 + e)


def sech2(u: Tensor) -> Tensor:
    e = torch.exp(-2 * torch.abs(u))
    return 4 * e / (1 + e) / (1 + e)


def softplus(u: Tensor) -> Tensor:
    return torch.clamp(u, min=0) + torch.log1p(torch.exp(-torch.abs(u)))


def normal_cdf(u: Tensor) -> Tensor:
    return torch.erfc(u * -math.sqrt(0.5)) / 2


def normal_pdf(u: Tensor) -> Tensor:
    return torch.exp(u * u * -0.5) * math.sqrt(0.5 / math.pi)


def zero_wins(a: Tensor, b: Tensor) -> Tensor:
    return torch.where((a == 0) | (b == 0), 0.0, a * b)


def expm1_rest(u: Tensor) -> Tensor:
    near = torch.clamp(u, -1, 1)
    return torch.where(torch.abs(u) < 1, near * near * polynomial(near, EXP_REST_DOUBLE), torch.expm1(u) - u)


def tanh_rest(u: Tensor) -> Tensor:
    """Return a series near 0; else |u| - 1 and 2 / (1 + exp(2 |u|)), which do not cancel, with the sign of u."""
    near, size = torch.clamp(u, -1, 1), torch.abs(u)
    e = torch.exp(-2 * size)
    far = torch.copysign((size - 1) + 2 * e / (1 + e), u)
    return torch.where(size < 1, near * (near * near) * polynomial(near * near, TANH_REST_DOUBLE), far)


def polynomial(u: Tensor, coefficients: Sequence[float]) -> Tensor:
    total = torch.full_like(u, coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total = total * u + c
    return total


def either(a: Any, b: Any) -> Any:
    """Return whether one of both holds; what is known without tensors is decided here, as traces of PyTorch want."""
    if isinstance(a, bool):
        return a or b
    return (b or a) if isinstance(b, bool) else a | b


def both(a: Any, b: Any) -> Any:
    if isinstance(a, bool):
        return a and b
    return (b and a) if isinstance(b, bool) else a & b


def negation(condition: Any) -> Any:
    return ~condition if isinstance(condition, Tensor) else not condition


OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "neg": operator.neg,
    "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le, "eq": operator.eq, "ne": operator.ne,
    "and": both, "or": either, "not": negation,
}  # fmt: skip
"""What numbers and tensors share."""

WORDS: dict[str, Callable[..., Tensor]] = {
    "pow": torch.pow, "sqrt": torch.sqrt, "exp": torch.exp, "expm1": torch.expm1, "expm1_rest": expm1_rest,
    "log": torch.log,
    "log1p": torch.log1p, "tanh": torch.tanh, "tanh_rest": tanh_rest, "hypot": torch.hypot, "sech2": sech2,
    "sigmoid": sigmoid, "softplus": softplus,
    "erf": torch.special.erf, "normal_cdf": normal_cdf, "normal_pdf": normal_pdf, "sin": torch.sin,
    "cos": torch.cos, "abs": torch.abs, "sign": torch.sign, "where": torch.where, "zero_wins": zero_wins,
}  # fmt: skip
"""What takes tensors only."""


def evaluate(program: Program, x: Tensor, parameters: Sequence[Any]) -> Tensor:
    """Return the first output of a Program at x: NaN for NaN, the limit for an infinity.

    Parameters
    ----------
    program : Program
        Of the single input x, guarded.
    x : Tensor
        float32 or float64.
    parameters : sequence of float or Tensor
        In the order of the Program, of the dtype of `x`.
    """
    far = torch.finfo(x.dtype).max
    large = far**0.25  # at infinity beyond it is infinite, and what is below 1 / large is 0
    near = torch.clamp(x, -far, far)
    values = {"x": near, **dict(zip(program.parameters, parameters, strict=True))}
    circling = replace(program, outputs=(program.outputs[0], *angles(program, program.outputs[0])))
    y, *turned = (_tensor(v, x) for v in run(circling, values, _spelling(x)))
    grown = torch.abs(y) > large
    for angle in turned:  # a sine has no limit
        y = torch.where((x != near) & ~grown & (torch.abs(angle) > large), math.nan, y)
    y = torch.where((x != near) & grown, y * far, y)
    y = torch.where((x != near) & (torch.abs(y) < 1 / large), y / far, y)
    return torch.where(torch.isnan(x), x, y)


def evaluate_rows(
    program: Program, given: Mapping[str, Tensor], dim: int, parameters: Sequence[Any]
) -> Tensor:
    """Return the output of a row program along a dimension.

    Parameters
    ----------
    program : Program
        See `nonlin.derivation.row_programs`.
    given : mapping of str to Tensor
        "z", and "g" where the program has it.
    dim : int
    parameters : sequence of float or Tensor
        In the order of the program; tensors broadcast against z.
    """
    z = given["z"]
    values = {**given, **dict(zip(program.parameters, parameters, strict=True))}
    y = _tensor(run(program, values, {**_spelling(z), **row_words(dim)})[0], z)
    if not y.requires_grad and (z.requires_grad or torch._C._are_functorch_transforms_active()):
        y = y + 0.0 * torch.sign(
            z
        )  # the slope is 0, and PyTorch shall know it; in a batch it does not say who asks
    return torch.broadcast_to(y, torch.broadcast_shapes(y.shape, z.shape))  # type: ignore[no-untyped-call]


def _spelling(like: Tensor) -> Mapping[str, Callable[..., Any]]:
    """Return the operations with each number made a tensor where PyTorch wants one."""

    def lifted(word: Callable[..., Tensor]) -> Callable[..., Tensor]:
        return lambda *operands: word(*(_tensor(o, like) for o in operands))

    return {**OPERATORS, **{name: lifted(word) for name, word in WORDS.items()}}


def _tensor(value: Any, like: Tensor) -> Tensor:
    if isinstance(value, Tensor):
        return value
    dtype = torch.bool if isinstance(value, bool) else like.dtype
    return torch.full((), value, dtype=dtype, device=like.device)
