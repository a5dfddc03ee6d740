"""What a certificate holds for: a hash of the instructions that compute the numbers, before LLVM sees them."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

import nonlin
from nonlin.certify.subject import QUANTITIES, Subject
from nonlin.kernels import loops
from nonlin.kernels.elementwise import lanes
from nonlin.kernels.grades import Code

ROUND_HALVES = (
    "kernels/half.py", "kernels/half_lookup.py", "kernels/half_rounding.py", "kernels/half_table.py",
    "derivation/rounding.py", "derivation/formats.py", "derivation/arithmetic.py", "derivation/reference.py",
)  # fmt: skip
"""What makes half-precision results of float64 ones."""


def fingerprint(subject: Subject) -> str:
    """Return a hash that changes when a kernel may give other numbers than were certified."""
    code: Code = "f" if subject.form.name == "float32" else "d"
    told = [subject.grade, subject.form.name, repr(subject.parameters)]
    told += [instructions(subject, quantity, code) for quantity in QUANTITIES]
    if subject.form.name in ("float16", "bfloat16"):
        folder = Path(nonlin.__file__).parent
        told += [without_words((folder / name).read_text("utf-8")) for name in ROUND_HALVES]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def instructions(subject: Subject, quantity: str, code: Code) -> str:
    """Return a quantity's arithmetic in LLVM's language, as it is for vectors of 512 bits."""
    activation = subject.activation.fast if subject.grade == "fast" else subject.activation
    program, _, grade = activation.to_compile((quantity,), code)
    return loops.arithmetic(program, code, lanes(program, code, grade), wide=True)


def without_words(text: str) -> str:
    """Return a Python file's syntax without comments, docstrings and layout."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [b for b in body if not _is_text(b)] or [ast.Pass()]  # type: ignore[attr-defined]
    return ast.dump(tree)


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
