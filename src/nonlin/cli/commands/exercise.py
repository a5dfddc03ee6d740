"""`nonlin exercise`: lists the exercises, shows a task, checks an answer."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nonlin.cli.output import show_page
from nonlin.errors import InvalidInput

if TYPE_CHECKING:
    from nonlin.exercises import Verdict


def command(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="An exercise; without one, all are listed.")
    ] = None,
    answer: Annotated[Path | None, typer.Argument(metavar="ANSWER", help="Your file, to be checked.")] = None,
    starter: Annotated[bool, typer.Option("--starter", help="Print a file to begin with.")] = False,
    seconds: Annotated[int, typer.Option(min=1, help="Stop your file after so long.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the exercises, show a task, or check an answer: right or wrong, where, and a hint.

    Your file runs in a process of its own, with a limit of time and memory. Exit code 1: wrong.

    Example: nonlin exercise selu my_answer.py
    """
    from nonlin import exercises

    if name is None and starter:
        raise InvalidInput(
            "--starter needs an exercise: nonlin exercise selu --starter; nonlin exercise lists all"
        )
    if name is None:
        _show_all(as_json)
    elif starter:
        print(exercises.exercise(name).starter, end="")
    elif answer is None:
        _show_one(name, as_json)
    else:
        verdict = exercises.check(name, answer, seconds)
        _show_verdict(verdict, as_json)
        raise typer.Exit(0 if verdict.right else 1)


def _show_all(as_json: bool) -> None:
    from nonlin import exercises
    from nonlin.report.exercise_page import list_page

    if as_json:
        listed = {name: exercises.exercise(name) for name in exercises.names()}
        told = [{"name": n, "chapter": e.chapter, "title": e.title} for n, e in listed.items()]
        print(json.dumps(told, indent=2))
    else:
        show_page(list_page())


def _show_one(name: str, as_json: bool) -> None:
    from nonlin import exercises
    from nonlin.report.exercise_page import task_page

    found = exercises.exercise(name)
    if as_json:
        told = {"name": name, "chapter": found.chapter, "title": found.title, "task": found.task}
        print(json.dumps(told | {"starter": found.starter}, indent=2))
    else:
        show_page(task_page(name))


def _show_verdict(verdict: Verdict, as_json: bool) -> None:
    from nonlin.report.exercise_page import verdict_page

    if as_json:
        print(json.dumps(asdict(verdict), indent=2))
    else:
        show_page(verdict_page(verdict))
