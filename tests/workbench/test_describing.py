"""`help(nonlin.gelu)`: a docstring of its own, whose examples run, and the class keeps its own."""

from __future__ import annotations

import doctest
import inspect
import pydoc
import re

import pytest

import nonlin as nl
from nonlin.workbench import Elementwise

SECTIONS = re.compile(r"^([A-Z][a-z]+)\n(-+)$", re.MULTILINE)


def bent():
    @nl.activation
    def bent(x, a=0.5):
        """Bent identity with an adjustable bend.

        More of it.
        """
        return x + a * (nl.sqrt(x**2 + 1) - 1)

    return bent


@pytest.mark.parametrize("name", nl.names())
def test_every_docstring_begins_with_the_definition_and_its_examples_run(name: str) -> None:
    f = nl.get(name)
    text = f.__doc__ or ""
    assert text.startswith(f.summary)
    assert all(f"\n{p.name} : float or array_like, default {p.default:g}\n    " in text for p in f.parameters)
    assert f.source[:40] in " ".join(text.split())
    test = doctest.DocTestParser().get_doctest(text, {}, name, None, 0)
    assert len(test.examples) >= 2
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test)
    assert runner.failures == 0


def test_its_sections_are_numpydoc_s_in_their_order() -> None:
    found = SECTIONS.findall(nl.leaky_relu.__doc__ or "")
    assert [title for title, _ in found] == [
        "Parameters",
        "Returns",
        "Methods",
        "Notes",
        "References",
        "Examples",
    ]
    assert all(len(title) == len(rule) for title, rule in found)


def test_it_says_formula_methods_aliases_and_other_words() -> None:
    text = nl.gelu_tanh.__doc__ or ""
    for words in (
        f"f(x) = {nl.gelu_tanh.formula}",
        "gelu_new",
        "jax.nn.gelu",
        "value_and_grad(x, out=None)\n    Return",
    ):
        assert words in text, words
    assert "negative_slope" not in text
    assert f"gain {nl.gelu_tanh.facts.gain:.6g}" in text


def test_each_line_fits() -> None:
    assert max(map(len, (nl.leaky_relu.__doc__ or "").splitlines())) <= 105


def test_one_s_own_has_one_too() -> None:
    text = bent().__doc__ or ""
    assert text.startswith("Bent identity with an adjustable bend.\n\n    f(x) = a*(sqrt(x**2 + 1) - 1) + x")
    assert ">>> bent([-1.0, 0.0, 2.0]).round(4)\narray([-0.7929,  0.    ,  2.618 ])" in text
    assert "References" not in text


def test_what_was_bound_is_told_as_it_is() -> None:
    text = nl.leaky_relu.bind(negative_slope=0.2).__doc__ or ""
    assert "default 0.2" in text
    assert "array([-0.2,  0. ,  2. ])" in text
    assert ">>> nl." not in text


def test_the_classes_keep_theirs() -> None:
    assert (Elementwise.__doc__ or "").startswith("An activation that works on each element")
    assert (nl.Activation.__doc__ or "").startswith("An activation function")
    assert inspect.getdoc(Elementwise) == Elementwise.__doc__


def test_help_shows_it() -> None:
    shown = pydoc.render_doc(nl.gelu, renderer=pydoc.plaintext)
    assert "nonlin.gelu(x)\n    GELU, Gaussian error linear unit" in shown
    assert "array([-0.1587,  0.    ,  1.9545])" in shown
