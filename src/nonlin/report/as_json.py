"""A page as JSON, and back."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any

from nonlin.errors import InvalidInput
from nonlin.report import page as words
from nonlin.report.page import Page

KINDS = {name: kind for name, kind in vars(words).items() if isinstance(kind, type) and is_dataclass(kind)}


def as_json(page: Page, indent: int | None = None) -> str:
    """Return the page as strict JSON: each block says its kind; what is not finite becomes null."""
    return json.dumps(plain(page), indent=indent, ensure_ascii=False, allow_nan=False)


def from_json(text: str) -> Page:
    """Return the page that `as_json` wrote.

    Raises
    ------
    InvalidInput
        If the text is no page.
    """
    try:
        page = revived(json.loads(text))
    except (ValueError, TypeError, KeyError) as wrong:
        raise InvalidInput(f"this JSON is not a page of nonlin: {wrong}") from wrong
    if not isinstance(page, Page):
        raise InvalidInput("this JSON is not a page of nonlin: its outermost kind must be 'Page'")
    return page


def plain(value: Any) -> Any:
    if is_dataclass(value):
        named = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        return {"kind_of": type(value).__name__} | named
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def revived(value: Any) -> Any:
    if isinstance(value, dict):
        arguments = {name: revived(item) for name, item in value.items() if name != "kind_of"}
        return KINDS[value["kind_of"]](**arguments)
    return tuple(revived(item) for item in value) if isinstance(value, list) else value
