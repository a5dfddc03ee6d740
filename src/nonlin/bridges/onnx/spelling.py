"""Each operation of a Program in ONNX's operators, in forms that keep the digits; a new word is added here.

ONNX has neither expm1, log1p nor erfc, and runtimes cut the tails of Sigmoid (ONNX Runtime returns 0 at -20 in
float32). Each word here is a few ulp from the truth in the tails too, as far as the runtime's Exp, Log and Tanh are:
`normal_cdf` and `normal_pdf` are exp(-u^2 / 2), with no digit of the square lost, times the kernels' own fraction.
Some keep only what the runtime does: in float32 `erf` is Erf (in float64 ONNX Runtime has none, so it is made of the
normal distribution's tail), `sin` and `cos` are as good as the runtime's argument reduction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from math import inf

from onnx import TensorProto

from nonlin.bridges.onnx.writer import Operand, Value, Writer
from nonlin.kernels.primitives.coefficients import (
    ERF_DOUBLE,
    EXP_REST_DOUBLE,
    MILLS_DOUBLE,
    MILLS_SINGLE_ABOVE,
    MILLS_SINGLE_BELOW,
    TANH_REST_DOUBLE,
)

PER_SQRT_2PI = 0.3989422804014327
SQRT2 = 1.4142135623730951

OPERATORS = {
    "add": "Add", "sub": "Sub", "mul": "Mul", "div": "Div", "neg": "Neg", "sqrt": "Sqrt", "pow": "Pow",
    "gt": "Greater", "ge": "GreaterOrEqual", "lt": "Less", "le": "LessOrEqual", "eq": "Equal",
    "and": "And", "or": "Or", "not": "Not", "where": "Where",
    "exp": "Exp", "log": "Log", "tanh": "Tanh", "sin": "Sin", "cos": "Cos", "abs": "Abs", "sign": "Sign",
}  # fmt: skip
"""What ONNX has as it is."""


def node(operator: str, *operands: Value) -> Value:
    return operands[0].writer.node(operator, *operands)


def exp(u: Value) -> Value:
    return u.writer.node("Exp", u)


def where(condition: Value, a: Operand, b: Operand) -> Value:
    return condition.writer.node("Where", condition, a, b)


def magnitude(u: Value) -> Value:
    return u.writer.node("Abs", u)


def equal(a: Value, b: Operand) -> Value:
    return a.writer.node("Equal", a, b)


def ne(a: Value, b: Value) -> Value:
    return node("Not", equal(a, b))


def expm1(u: Value) -> Value:
    """Return tanh(u / 2) (exp(u) + 1), in which nothing cancels."""
    return u.writer.node("Tanh", u * 0.5) * (exp(u) + 1.0)


def log1p(u: Value) -> Value:
    """Return log(w) u / (w - 1) with w = 1 + u as rounded: the error of w appears twice and cancels."""
    w = u + 1.0
    is_lost = equal(w, 1.0)
    return where(is_lost, u, node("Log", w) * (u / where(is_lost, 1.0, w - 1.0)))


def expm1_rest(u: Value) -> Value:
    near = clipped(u)
    series = near * near * polynomial(near, EXP_REST_DOUBLE)
    return where(u.writer.node("Less", magnitude(u), 1.0), series, exp(u) - 1.0 - u)


def tanh_rest(u: Value) -> Value:
    """Return a series near 0; else |u| - 1 and 2 / (1 + exp(2 |u|)), which do not cancel, with the sign of u."""
    near, size = clipped(u), magnitude(u)
    e = exp(size * -2.0)
    far = node("Sign", u) * (size - 1.0 + e * 2.0 / (e + 1.0))
    return where(
        u.writer.node("Less", size, 1.0),
        near * (near * near) * polynomial(near * near, TANH_REST_DOUBLE),
        far,
    )


def clipped(u: Value) -> Value:
    return u.writer.node("Max", u.writer.node("Min", u, 1.0), -1.0)


def hypot(u: Value, v: Value) -> Value:
    """Return m sqrt(1 + (n / m)^2), where m is the larger magnitude and n the smaller."""
    a, b = magnitude(u), magnitude(v)
    larger, smaller = node("Max", a, b), node("Min", a, b)
    share = where(equal(larger, 0.0), 0.0, smaller / where(equal(larger, 0.0), 1.0, larger))
    return larger * node("Sqrt", share * share + 1.0)


def sigmoid(u: Value) -> Value:
    """Return e / (1 + e) with e = exp(-|u|), which keeps the digits of the left tail."""
    e = exp(-magnitude(u))
    return where(u.writer.node("GreaterOrEqual", u, 0.0), 1.0, e) / (e + 1.0)


def sech2(u: Value) -> Value:
    e = exp(magnitude(u) * -2.0)
    share = 1.0 / (e + 1.0)
    return e * 4.0 * share * share


def softplus(u: Value) -> Value:
    return u.writer.node("Max", u, 0.0) + log1p(exp(-magnitude(u)))


def bell(a: Value) -> Value:
    """Return exp(-a^2 / 2) for 0 <= a <= 40, with a^2 = high^2 + (a - high)(a + high) and high^2 exact."""
    high = node("Floor", a * 64.0) * (1 / 64)
    return exp(high * high * -0.5) * exp((a - high) * (a + high) * -0.5)


def normal_pdf(u: Value) -> Value:
    return bell(u.writer.node("Min", magnitude(u), 40.0)) * PER_SQRT_2PI


def normal_cdf(u: Value) -> Value:
    tail = (left_tail_double if u.writer.element == TensorProto.DOUBLE else left_tail_single)(magnitude(u))
    return where(u.writer.node("Less", u, 0.0), tail, 1.0 - tail)


def left_tail_single(a: Value) -> Value:
    a = a.writer.node("Min", a, 14.5)
    return bell(a) * (polynomial(a, MILLS_SINGLE_ABOVE) / polynomial(a, MILLS_SINGLE_BELOW))


def left_tail_double(a: Value) -> Value:
    a = a.writer.node("Min", a, 39.0)
    return bell(a) * (polynomial((a - 3.0) / (a + 3.0), MILLS_DOUBLE) / (a + 1.0))


def erf(u: Value) -> Value:
    if u.writer.element != TensorProto.DOUBLE:
        return node("Erf", u)
    size = magnitude(u)
    near = u * polynomial(u.writer.node("Min", u * u, 1.0), ERF_DOUBLE)
    far = node("Sign", u) * (1.0 - left_tail_double(size * SQRT2) * 2.0)
    return where(u.writer.node("Greater", size, 1.0), far, near)


def polynomial(u: Value, coefficients: Sequence[float]) -> Value:
    """Return c[0] + c[1] u + c[2] u^2 + ..., from the inside out."""
    *rest, second, last = coefficients
    return reduce(lambda total, c: total * u + c, reversed(rest), u * last + second)


def zero_wins(a: Value, b: Value) -> Value:
    """Return a b, but a factor that is 0; that of b stands second, where ONNX Runtime's Where keeps its sign."""
    b_is_not_zero = b.writer.node("Cast", b, to=TensorProto.BOOL)
    return where(equal(a, 0.0), a, where(b_is_not_zero, a * b, b))


WORDS: dict[str, Callable[..., Value]] = {
    "ne": ne, "expm1": expm1, "expm1_rest": expm1_rest, "tanh_rest": tanh_rest, "hypot": hypot, "log1p": log1p,
    "sech2": sech2, "sigmoid": sigmoid, "softplus": softplus,
    "erf": erf, "normal_cdf": normal_cdf, "normal_pdf": normal_pdf, "zero_wins": zero_wins,
    **{name: partial(node, operator) for name, operator in OPERATORS.items()},
}  # fmt: skip


def spelling(writer: Writer) -> Mapping[str, Callable[..., Value]]:
    """Return each operation as a function of values and numbers that writes its nodes."""

    def lifted(word: Callable[..., Value]) -> Callable[..., Value]:
        return lambda *operands: word(*map(writer.value, operands))

    return {name: lifted(word) for name, word in WORDS.items()}


def row_spelling(axis: int, opset: int) -> Mapping[str, Callable[..., Value]]:
    """Return the words that see a whole row along an axis; one number of a row is kept as an axis of length 1."""

    def along(u: Value) -> Value:
        return u.writer.node("Constant", value_ints=[axis])

    def largest(u: Value) -> Value:
        if opset < 18:
            return u.writer.node("ReduceMax", u, axes=[axis])
        return u.writer.node("ReduceMax", u, along(u))

    def size(u: Value) -> Value:
        lengths = u.writer.node("Gather", u.writer.node("Shape", u), along(u))
        return u.writer.node("Cast", lengths, to=u.writer.element)

    def total(u: Value) -> Value:
        return u.writer.node("ReduceSum", u, along(u))

    def position(u: Value) -> Value:
        return before(where(u.writer.node("IsNaN", u), 1.0, 1.0)) - 1.0

    def before(u: Value) -> Value:
        return u.writer.node("CumSum", u, u.writer.node("Constant", value_int=axis))

    def falling_of(u: Value, lengths: Value) -> Value:
        sorted_ = u.writer.node("TopK", u, lengths, axis=axis)
        u.writer.nodes[-1].output.append(f"{sorted_.name}_places")
        return sorted_

    def threshold(u: Value, power: float) -> Value:
        """By sorting: what is below -1 has no share whatever the others are."""
        within = u.writer.node("Max", u, -1.0)
        lengths = u.writer.node("Gather", u.writer.node("Shape", u), along(u))
        falling = falling_of(within, lengths)
        so_far, count = before(falling), position(u) + 1.0
        if float(power) == 1.0:
            guesses = (so_far - 1.0) / count
        else:
            mean = so_far / count
            scatter = before(falling * falling) / count - mean * mean
            guesses = mean - u.writer.node("Sqrt", u.writer.node("Max", 1.0 / count - scatter, 0.0))
        sharing = u.writer.node("Less" if float(power) == 1.0 else "LessOrEqual", guesses, falling)
        last = where(u.writer.node("Equal", count, total(where(sharing, 1.0, 0.0))), guesses, -1.0)
        return largest(last)

    def kth_largest(u: Value, k: Operand) -> Value:
        lengths = u.writer.node("Gather", u.writer.node("Shape", u), along(u))
        rising = -falling_of(u, lengths)
        reached = -largest(where(u.writer.node("Less", position(u), k), rising, -inf))
        return where(u.writer.node("Less", size(u), k), -inf, reached)

    return {
        "largest": largest, "total": total, "size": size, "position": position, "threshold": threshold,
        "kth_largest": kth_largest,
    }  # fmt: skip
