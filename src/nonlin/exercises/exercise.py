"""What an exercise is: a task, what is asked of the person's file, and the mistakes that have a hint of their own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Chapter = Literal["Values", "Slopes", "Rows of numbers", "Networks"]
CHAPTERS: tuple[Chapter, ...] = ("Values", "Slopes", "Rows of numbers", "Networks")

Function = Callable[..., Any]
Judge = Callable[..., str | None]


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people give, and what helps.

    Attributes
    ----------
    wrong : callable or object
        What it computes, for the same arguments as the truth; or the wrong value of a constant.
    hint : str
    """

    wrong: Any
    hint: str


@dataclass(frozen=True)
class Ask:
    """One function, or one constant, that the person's file must hold.

    Attributes
    ----------
    name : str
    truth : callable or object
        What is right, as a function of the arguments; or the value of a constant. Where several answers are
        right: which kind is, in words.
    cases : tuple of tuple
        The arguments of each call; none for a constant.
    hint : str
        For whoever is wrong in a way that nobody foresaw.
    mistakes : tuple of Mistake
        The first that gives what the person's function gives, in every case that it got wrong, is theirs.
    judge : callable, optional
        Where several answers are right: takes what was got and then the arguments; returns what is wrong, or None.
    tolerance, absolute : float
        How far a number may be from the truth: relative to it, plus this much.
    """

    name: str
    truth: Any
    hint: str
    cases: tuple[tuple[Any, ...], ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    judge: Judge | None = None
    tolerance: float = 1e-9
    absolute: float = 1e-12


@dataclass(frozen=True)
class Exercise:
    """A task that a program can check.

    Attributes
    ----------
    chapter : str
    order : int
        Its place in the chapter.
    title : str
        One line.
    task : str
        What to do, in paragraphs.
    starter : str
        The file to begin with.
    asks : tuple of Ask
    raises_on_overflow : bool
        Whether an overflow, a division by zero or an invalid operation in NumPy counts as a failure.
    rule : callable, optional
        Reads the syntax of each function asked for; returns what it may not hold, or None.
    """

    chapter: Chapter
    order: int
    title: str
    task: str
    starter: str
    asks: tuple[Ask, ...]
    raises_on_overflow: bool = False
    rule: Callable[[Mapping[str, ast.FunctionDef]], str | None] | None = None
