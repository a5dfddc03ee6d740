"""Pages that are written anew at each build: a file is touched only if its text changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from nonlin.report.page import Table
from nonlin.report.wording import header, spell


def write(folder: Path, pages: Mapping[str, str]) -> None:
    """Make the folder hold these pages; pages of another day are taken away."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        if old.suffix in (".md", ".rst") and old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


def rows(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    body = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *body]) + "\n"


def table(of: Table, code: Sequence[int] = ()) -> str:
    """Return a table of a report in Markdown; the columns of `code` hold what is typed."""

    def cell(line: Sequence[object], i: int) -> str:
        told = spell(line[i], of.columns[i])  # type: ignore[arg-type]
        return ", ".join(f"`{word}`" for word in told.split(", ")) if i in code and told else told

    return rows(
        [header(c) for c in of.columns], ([cell(line, i) for i in range(len(line))] for line in of.rows)
    )


def titled(title: str, mark: str = "=") -> str:
    return f"{title}\n{mark * len(title)}\n"
