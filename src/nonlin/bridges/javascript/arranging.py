"""Functions of rows in JavaScript that are not a whole array: of its groups, blocks or windows."""

from __future__ import annotations

from collections.abc import Mapping

from nonlin.card import Shape

LENGTH = {"groups": "z.length / {by}", "blocks": "{by}"}
VALUES = {
    "groups": "$blocks(z, {length}).flatMap((row) => {of_row}(row, {given}))",
    "blocks": "$blocks(z, {length}).map((row) => {of_row}(row, {given})[0])",
    "windows": "$windows(z, {by}).map((row) => {of_row}(row, {given})[0])",
}
PRODUCTS = {
    "groups": "$blocks(z, {length}).flatMap((row, i) => "
    "{of_row}(row, g.slice(i * row.length, (i + 1) * row.length), {given}))",
    "blocks": "$blocks(z, {length}).flatMap((row, i) => {of_row}(row, row.map((_, j) => (j ? 0 : g[i])), {given}))",
    "windows": "$overlaid($windows(z, {by}).map("
    "(row, i) => {of_row}(row, row.map((_, j) => (j ? 0 : g[i])), {given})))",
}


def arranged(
    name: str, of_row: str, defaults: Mapping[str, str], shape: Shape, by: str, product: bool
) -> str:
    """Return the function of an array that gives its parts to the function of a row called `of_row`."""
    length = LENGTH.get(shape, "").format(by=by)
    form = (PRODUCTS if product else VALUES)[shape]
    body = form.format(length=length, by=by, of_row=of_row, given=", ".join(defaults))
    given = ", ".join(["z, g" if product else "z", *(f"{p} = {d}" for p, d in defaults.items())])
    return f"export function {name}({given}) {{\n  return {body};\n}}"
