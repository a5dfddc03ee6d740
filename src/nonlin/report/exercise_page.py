"""Exercises as pages: the list, a task, a verdict."""

from __future__ import annotations

from collections.abc import Iterator

from nonlin.exercises import Verdict, exercise, names
from nonlin.exercises.exercise import CHAPTERS
from nonlin.report.page import Block, Code, Note, Page, Section, Settings, Text


def list_page() -> Page:
    """Return what `nonlin exercise` says."""
    blocks = tuple(Settings(chapter, tuple(_listed(chapter))) for chapter in CHAPTERS)
    return Page(
        "Exercises",
        f"{len(names())} tasks whose answers are checked: nonlin exercise NAME shows one, "
        "nonlin exercise NAME my_answer.py checks your file.",
        blocks,
    )


def _listed(chapter: str) -> Iterator[tuple[str, str]]:
    yield from ((name, exercise(name).title) for name in names() if exercise(name).chapter == chapter)


def task_page(name: str) -> Page:
    """Return what `nonlin exercise NAME` says."""
    found = exercise(name)
    return Page(
        f"Exercise {name}",
        found.title,
        (
            *(_block(part) for part in found.task.strip().split("\n\n")),
            Section("A file to begin with", (Code(found.starter.rstrip()),)),
            Section(
                "Check it",
                (
                    Code(
                        f"nonlin exercise {name} --starter > my_answer.py\nnonlin exercise {name} my_answer.py"
                    ),
                    Text(
                        "Your file runs in a process of its own, for ten seconds and with a gigabyte at most.",
                        muted=True,
                    ),
                ),
            ),
        ),
    )


def _block(part: str) -> Block:
    """Return a paragraph; an indented one is shown letter by letter."""
    if part.startswith("    "):
        return Code("\n".join(line.removeprefix("    ") for line in part.splitlines()))
    return Text(" ".join(part.split()))


def verdict_page(verdict: Verdict) -> Page:
    """Return what `nonlin exercise NAME FILE` says."""
    printed = (
        (Section("Your file printed", (Code(verdict.printed.rstrip()),)),) if verdict.printed.strip() else ()
    )
    if verdict.right:
        return Page("Right", f"{verdict.exercise}: all {verdict.values} values are right.", printed)
    more = f" Nor are {verdict.wrong - 1} more of its values." if verdict.wrong > 1 else ""
    if not verdict.expected and not verdict.got:
        return Page(
            "Not yet", f"{verdict.exercise}: {verdict.where}.", (Note(verdict.hint, "warning"), *printed)
        )
    compared = Settings(verdict.where, (("expected", verdict.expected), ("got", verdict.got)))
    return Page(
        "Wrong",
        f"{verdict.exercise}: {verdict.where} is not right.{more}",
        (compared, Note(f"Hint: {verdict.hint}", "warning"), *printed),
    )
