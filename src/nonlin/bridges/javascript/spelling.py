"""Each operation of a Program as a JavaScript expression; a new word is added here.

Words that JavaScript lacks are written out, a few ulp from the truth as far as Math.exp and Math.log1p are; the
normal distribution's are exp(-u^2 / 2), with no digit of the square lost, times the kernels' own fraction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nonlin.kernels.primitives.coefficients import ERF_DOUBLE, EXP_REST_DOUBLE, MILLS_DOUBLE, TANH_REST_DOUBLE

INFIX = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "===",
    "ne": "!==", "and": "&&", "or": "||",
}  # fmt: skip
OWN = ("sqrt", "pow", "exp", "expm1", "log", "log1p", "tanh", "sin", "cos", "abs", "sign", "hypot")
LACKING = (
    "sigmoid",
    "sech2",
    "softplus",
    "expm1_rest",
    "tanh_rest",
    "erf",
    "normal_cdf",
    "normal_pdf",
    "zero_wins",
)


def _call(function: str) -> Callable[..., str]:
    return lambda *operands: f"{function}({', '.join(operands)})"


EXPRESSIONS: dict[str, Callable[..., str]] = {
    "neg": "-{}".format,
    "not": "!{}".format,
    "where": "{} ? {} : {}".format,
    **{name: f"{{}} {sign} {{}}".format for name, sign in INFIX.items()},
    **{name: _call(f"Math.{name}") for name in OWN},
    **{name: _call(f"${name}") for name in LACKING},
}
"""Each operation as a function of the texts of its operands."""


def _horner(u: str, coefficients: Sequence[float]) -> str:
    *rest, last = coefficients
    return "(" * len(rest) + repr(last) + "".join(f" * {u} + {c!r})" for c in reversed(rest))


PRELUDE = {
    "limit": """// NaN for NaN, and the limit at an infinite x.
const $limit = (f, x, ...parameters) => {
  if (Number.isNaN(x)) return x;
  const y = f(Math.sign(x) * Number.MAX_VALUE, ...parameters);
  return Math.abs(y) > 1e154 ? y * Number.MAX_VALUE : Math.abs(y) < 1e-150 ? y * 1e-300 : y;
};""",
    "bounded_limit": """// What circles without growing has no limit.
const $bounded_limit = (f, x, ...parameters) => {
  const y = $limit(f, x, ...parameters);
  return Number.isFinite(y) && y !== 0 ? NaN : y;
};""",
    "sigmoid": """const $sigmoid = (u) => {
  const e = Math.exp(-Math.abs(u));
  return (u >= 0 ? 1 : e) / (1 + e);
};""",
    "sech2": """const $sech2 = (u) => {
  const e = Math.exp(-2 * Math.abs(u)), share = 1 / (1 + e);
  return 4 * e * (share * share);
};""",
    "softplus": "const $softplus = (u) => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));",
    "expm1_rest": f"""// exp(u) - 1 - u.
const $expm1_rest = (u) => (Math.abs(u) < 1 ? u * u * {_horner("u", EXP_REST_DOUBLE)} : Math.expm1(u) - u);""",
    "tanh_rest": f"""// u - tanh(u): beyond 1 |u| - 1 and 2 / (1 + exp(2 |u|)), which do not cancel.
const $tanh_rest = (u) => {{
  const w = u * u, a = Math.abs(u), e = Math.exp(-2 * a);
  return w < 1 ? u * w * {_horner("w", TANH_REST_DOUBLE)} : Math.sign(u) * (a - 1 + 2 * e / (1 + e));
}};""",
    "bell": """// exp(-u^2 / 2) with u^2 = high^2 + (a - high) (a + high), so that no digit of the square is lost.
const $bell = (u) => {
  const a = Math.min(Math.abs(u), 40), high = Math.floor(a * 1048576) / 1048576;
  return Math.exp(-0.5 * high * high) * Math.exp(-0.5 * (a - high) * (a + high));
};""",
    "normal_pdf": "const $normal_pdf = (u) => 0.3989422804014327 * $bell(u);",
    "left_tail": f"""// The normal probability below -a, for a >= 0.
const $left_tail = (a) => {{
  const b = Math.min(a, 39), t = (b - 3) / (b + 3);
  return $bell(a) * ({_horner("t", MILLS_DOUBLE)} / (1 + b));
}};""",
    "normal_cdf": "const $normal_cdf = (u) => (u < 0 ? $left_tail(-u) : 1 - $left_tail(u));",
    "erf": f"""const $erf = (u) => {{
  const s = u * u;
  if (s <= 1) return u * {_horner("s", ERF_DOUBLE)};
  return Math.sign(u) * (1 - 2 * $left_tail(Math.abs(u) * Math.SQRT2));
}};""",
    "row": "const $row = (z, f) => Array.from(z, (_, i) => f(i));",
    "largest": "const $largest = (u) => u.reduce((a, b) => Math.max(a, b), -Infinity);",
    "total": "const $total = (u) => u.reduce((a, b) => a + b, 0);",
    "size": "const $size = (u) => u.length;",
    "threshold": """const $threshold = (u, power) => {
  for (let t = -1; ; ) {
    const above = u.filter((v) => v > t).map((v) => v - t);
    const sum = $total(above.map((v) => v ** power)), slope = $total(above.map((v) => v ** (power - 1)));
    const ahead = t + (power === 1 ? sum - 1 : sum - Math.sqrt(sum)) / slope;
    if (!(ahead > t)) return t;
    t = ahead;
  }
};""",
    "kth_largest": """const $kth_largest = (u, k) =>
  k > 0 ? [...u].sort((a, b) => b - a)[Math.ceil(k) - 1] ?? -Infinity : Infinity;""",
    "blocks": """const $blocks = (z, n) => {
  if (!(n >= 1) || z.length % n) throw new RangeError(`${z.length} elements cannot be cut into equal parts of ${n}`);
  return Array.from({ length: z.length / n }, (_, i) => Array.from(z.slice(i * n, (i + 1) * n)));
};""",
    "windows": """const $windows = (z, n) =>
  Array.from(z, (_, i) => Array.from({ length: n }, (_, j) => z[i + j - Math.floor(n / 2)] ?? 0));""",
    "overlaid": """// What overlapping windows say of each element, in sum.
const $overlaid = (rows) => rows.map((row, i) => {
  const before = Math.floor(row.length / 2);
  return $total(row.map((_, j) => rows[i + before - j]?.[j] ?? 0));
});""",
    "zero_wins": "const $zero_wins = (a, b) => (a === 0 ? a : b === 0 ? b : a * b);",
    "gated": """const $gated = (a, b) => {
  const closed = (a === 0 && Math.abs(b) === Infinity) || (b === 0 && Math.abs(a) === Infinity);
  return closed ? 0 : a * b;
};""",
}  # fmt: skip
"""What JavaScript lacks, each after what it uses; no name in Python begins with `$`."""


def prelude(text: str) -> str:
    """Return what the text uses of the prelude, directly or not."""
    found: list[str] = []
    for name, written in reversed(PRELUDE.items()):
        if re.search(rf"\${name}\b", text):
            found.insert(0, written)
            text += written
    return "\n".join(found)
