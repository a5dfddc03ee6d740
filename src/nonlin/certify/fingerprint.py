"""What a certificate holds for: a hash of the formulas' Programs and of the code that turns them into numbers."""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path

import nonlin
from nonlin.certify.subject import QUANTITIES, Subject
from nonlin.derivation.programs import programs

MOVES_DATA_ONLY = {
    "cache", "interrupts", "machine", "numba_words", "pool", "row_code", "row_loops", "rowwise", "sharing", "threads", "ufunc",
}  # fmt: skip
"""Files of kernels/ that cannot change a number of an elementwise function."""


def fingerprint(subject: Subject) -> str:
    """Return a hash that changes when a kernel may give other numbers than were certified.

    Comments, docstrings and layout do not count.
    """
    sharp = "double" if subject.form.name == "float64" else "single"
    definition = subject.activation.definition
    texts = [str(programs(definition, (q,), s)) for q in QUANTITIES for s in (sharp, None)]
    told = "\n".join([subject.grade, subject.form.name, repr(subject.parameters), *texts, kernels()])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@cache
def kernels() -> str:
    """Return a hash of the kernels' code."""
    folder = Path(nonlin.__file__).parent / "kernels"
    files = sorted(p for p in folder.rglob("*.py") if p.stem not in MOVES_DATA_ONLY)
    told = [f"{p.relative_to(folder).as_posix()}\n{without_words(p.read_text('utf-8'))}" for p in files]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


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
