"""Rules for how an answer may be written, read from its syntax."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

Rule = Callable[[Mapping[str, ast.FunctionDef]], str | None]


def calls_only(function: str, *allowed: str) -> Rule:
    """Return a rule: a function may call these, and neither branch nor compare."""

    def rule(functions: Mapping[str, ast.FunctionDef]) -> str | None:
        body = functions.get(function)
        if body is None:
            return f"Write {function} as a function of its own, with def."
        for node in ast.walk(body):
            if isinstance(node, ast.If | ast.IfExp | ast.Compare | ast.BoolOp):
                return f"It is right, but line {node.lineno} branches or compares: use {' or '.join(allowed)} alone."
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] not in allowed:
                called = ast.unparse(node.func)
                return (
                    f"It is right, but line {node.lineno} calls {called}: use {' or '.join(allowed)} alone."
                )
        return None

    return rule
