"""A page of the explorer with a person's own functions, one of which bears a hostile name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import nonlin as nl
from nonlin.card import card_of
from nonlin.explorer import explorer
from nonlin.vocabulary import Parameter
from nonlin.workbench import of

HOSTILE = '<img src=x onerror="alert(1)">\n</script><script>alert(2)</script>'


@nl.activation
def bent(x: Any, a: float = 0.5) -> Any:
    """Bent identity with an adjustable bend."""
    return x + a * (nl.sqrt(x**2 + 1) - 1)


def hostile() -> Any:
    """Return a function whose name, summary, source, aliases and parameter are markup."""
    own = bent.definition
    renamed = own.renamed({"a": '"><img src=x onerror=alert(3)>'}).named(HOSTILE, f"Summary {HOSTILE}")
    renamed = replace(renamed, source=HOSTILE, aliases=(HOSTILE,))
    assert isinstance(renamed.parameters[0], Parameter)
    return of(card_of(renamed), renamed)


@pytest.fixture(scope="session")
def own() -> dict[str, Any]:
    return {"my.functions:bent": bent, "my.functions:worse": hostile()}


@pytest.fixture(scope="session")
def page(own: dict[str, Any]) -> str:
    return explorer(own)
