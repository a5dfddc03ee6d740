"""An activation as the text of a JavaScript module that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from nonlin.bridges.guard import guarded
from nonlin.bridges.javascript.arranging import arranged
from nonlin.bridges.javascript.rows import row_function
from nonlin.bridges.javascript.spelling import EXPRESSIONS, prelude
from nonlin.derivation.programs import programs
from nonlin.derivation.row_programs import row_program
from nonlin.derivation.steps import Operand, Program, angles
from nonlin.vocabulary import Definition, RowDefinition
from nonlin.workbench import Activation, Elementwise, Gated, Stochastic
from nonlin.workbench.stochastic import RandomSlope

RESERVED = frozenset([
    "NaN", "Infinity", "Math", "Number", "arguments", "await", "case", "catch", "const", "debugger", "default",
    "delete", "do", "enum", "eval", "export", "extends", "false", "function", "implements", "instanceof", "interface",
    "let", "new", "null", "package", "private", "protected", "public", "static", "super", "switch", "this", "throw",
    "true", "typeof", "undefined", "var", "void",
])  # fmt: skip
"""What Python allows as a name and JavaScript does not, and what the text itself uses."""


def javascript(activation: Activation) -> str:
    """Return an activation as the text of an ES module: its value and its slope, in double precision.

    Parameters
    ----------
    activation : Activation
        An elementwise one gives `NAME(x)` and `NAME_slope(x)`, functions of a number; one that mixes a row gives
        `NAME(z)` and `NAME_vjp(z, g)`, functions of arrays; a gated one `NAME(x, gate)`, and `NAME_slopes(x, gate)`
        with both slopes. Parameters follow, with their defaults.

    Examples
    --------
    >>> import nonlin as nl
    >>> print(javascript(nl.leaky_relu).partition("export")[2])
     function leaky_relu(x, negative_slope = 0.01) {
      if (!Number.isFinite(x)) return $limit(leaky_relu, x, negative_slope);
      const v0 = x > 0;
      const v1 = negative_slope * x;
      const v2 = v0 ? x : v1;
      return v2;
    }
    ...
    """
    title = f"// {activation.name}: {' '.join((activation.summary or 'by its formula.').split())}"
    written = functions(activation)
    return "\n\n".join(filter(None, [title, prelude(written), written])) + "\n"


def functions(activation: Activation, curvature: bool = False) -> str:
    """Return an activation as exported functions, without the words that JavaScript lacks.

    Parameters
    ----------
    activation : Activation
    curvature : bool
        Whether an elementwise one gives its second derivative too, as `NAME_curvature(x)`.
    """
    if isinstance(activation.definition, Definition):
        return _elementwise(activation, activation.definition, curvature)
    if isinstance(activation.definition, RowDefinition):
        return _rowwise(activation)
    if isinstance(activation, Gated):
        return _gated(activation)
    return _stochastic(cast(Stochastic, activation))


def _stochastic(activation: Stochastic) -> str:
    """Return it as a function of the input and the noise; a random slope that is not given is its mean."""
    of, name = activation.of, activation.name
    if isinstance(activation, RandomSlope):
        ((slope, mean),) = activation.evaluation.card.defaults.items()
        pair = [(f"x, {slope} = {_text(mean)}", end, f"x, {slope}") for end in ("", "_slope")]
    else:
        names = [p.name for p in activation.parameters]
        with_defaults = ", ".join(f"{p.name} = {_text(p.default)}" for p in activation.parameters)
        noisy, given = "$row(z, (i) => z[i] + noise[i])", ", ".join(names)
        pair = [
            (f"z, noise, {with_defaults}", "", f"{noisy}, {given}"),
            (f"z, g, noise, {with_defaults}", "_vjp", f"{noisy}, g, {given}"),
        ]
    written = [
        f"export function {name}{end}({taken}) {{\n  return {of.name}{end}({passed});\n}}"
        for taken, end, passed in pair
    ]
    return "\n\n".join([functions(of), *written])


def _rowwise(activation: Activation) -> str:
    name, definition = _safe(activation.name), activation.definition
    defaults = {_safe(p.name): _text(p.default) for p in activation.parameters}
    arrangement, functions = definition.arrangement, []
    for what, suffix in (("value", ""), ("vjp", "_vjp")):
        if what == "vjp":
            functions.append(f"// The gradient with respect to z, given the one with respect to {name}(z).")
        of_array = f"{name}{suffix}"
        of_row = f"${name}_row{suffix}" if arrangement else of_array
        text = row_function(of_row, defaults, row_program(definition, what), _text)
        if arrangement:
            by = _safe(arrangement.by.name)
            functions.append(text.removeprefix("export "))
            text = arranged(of_array, of_row, defaults, arrangement.shape, by, product=what == "vjp")
        functions.append(text)
    return "\n\n".join(functions).replace("(z).\n\n", "(z).\n")


def _gated(activation: Gated) -> str:
    """Return value and slopes as products of its factors, which are functions of their own."""
    a, b = activation.value_factor, activation.gate_factor
    inputs = activation.in_order("x", "gate")
    name, defaults = (
        activation.name,
        [*inputs, *(f"{_safe(p.name)} = {_text(p.default)}" for p in activation.parameters)],
    )

    def call(factor: Elementwise, end: str, at: str) -> str:
        return f"{factor.name}{end}({', '.join([at, *(_safe(p.name) for p in factor.parameters)])})"

    def product(a_end: str, b_end: str) -> str:
        return f"$gated({call(a, a_end, 'x')}, {call(b, b_end, 'gate')})"

    slopes = activation.in_order(product("_slope", ""), product("", "_slope"))
    return "\n\n".join([
        *(_elementwise(factor, factor.definition) for factor in (a, b)),
        f"export function {name}({', '.join(defaults)}) {{\n  return {product('', '')};\n}}",
        f"// The derivatives by {' and by '.join(inputs)}.\nexport function {name}_slopes({', '.join(defaults)}) {{\n"
        f"  return [{', '.join(slopes)}];\n}}",
    ])  # fmt: skip


def _elementwise(activation: Activation, definition: Definition, curvature: bool = False) -> str:
    name = _safe(activation.name)
    own: dict[Operand, str] = {name: f"{name}_"}  # a parameter that bears the function's name would hide it
    defaults = {own.get(p.name, _safe(p.name)): _text(p.default) for p in activation.parameters}

    def written(end: str, what: str | int) -> str:
        program = _renamed(guarded(programs(definition, (what,), "double")), own)
        return _function(f"{name}{end}", defaults, program)

    second = f"\n\n// The second derivative of {name}.\n{written('_curvature', 2)}" if curvature else ""
    return f"{written('', 'value')}\n\n// The derivative of {name}.\n{written('_slope', 'slope')}{second}"


def _function(name: str, defaults: dict[str, str], program: Program) -> str:
    lines = [
        f"export function {name}({', '.join(['x', *(f'{p} = {d}' for p, d in defaults.items())])}) {{",
        f"  if (!Number.isFinite(x)) return {_at_infinity(program)}({', '.join([name, 'x', *defaults])});",
        *(f"  const {s.name} = {EXPRESSIONS[s.operation](*map(_text, s.operands))};" for s in program.steps),
        f"  return {_text(program.outputs[0])};",
        "}",
    ]
    return "\n".join(lines)


def _at_infinity(program: Program) -> str:
    return "$bounded_limit" if angles(program, program.outputs[0]) else "$limit"


def _renamed(program: Program, names: Mapping[Operand, str]) -> Program:
    steps = [replace(s, operands=tuple(names.get(o, o) for o in s.operands)) for s in program.steps]
    return replace(program, steps=tuple(steps), outputs=tuple(names.get(o, o) for o in program.outputs))


def _text(operand: Operand) -> str:
    if isinstance(operand, str):
        return _safe(operand)
    return repr(float(operand)).removesuffix(".0").replace("inf", "Infinity").replace("nan", "NaN")


def _safe(name: str) -> str:
    return f"{name}_" if name in RESERVED else name
