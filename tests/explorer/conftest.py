"""A page of the explorer with a person's own functions, one of which bears a hostile name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import nonlin as nl
from chromium import listened, settle
from nonlin.card import card_of
from nonlin.explorer import explorer
from nonlin.vocabulary import Parameter
from nonlin.workbench import of

Visit = Callable[..., Any]
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


@pytest.fixture(scope="session")
def address(page: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the page lies on the disk."""
    path: Path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="session")
def visit(browser: Any, address: str) -> Visit:
    """Return a function that opens a view from the disk, in a tab of its own."""

    def open_view(words: str = "", width: int = 1280, scheme: str = "light", **settings: Any) -> Any:
        tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, **settings)
        listened(tab).goto(f"{address}#{words}")
        return tab

    return open_view


@pytest.fixture(scope="module")
def shared(visit: Visit) -> Iterator[Any]:
    tab = visit()
    yield tab
    tab.close()


@pytest.fixture
def show(shared: Any) -> Iterator[Visit]:
    """Return a function that brings the shared tab to a view, wide and light as at first; it ends in silence."""

    def shown(words: str = "", width: int = 1280, scheme: str = "light") -> Any:
        shared.emulate_media(color_scheme=scheme, media="screen")
        shared.set_viewport_size({"width": width, "height": 900})
        shared.mouse.move(0, 0)
        shared.evaluate("words => { location.hash = words }", f"_={words}")
        shared.evaluate("words => { location.hash = words }", words)
        settle(shared)
        return shared

    shared.complaints.clear()
    yield shown
    assert shared.complaints == []
