"""Programs and row definitions as JavaScript."""

from nonlin.bridges.javascript.module import javascript

__all__ = ["javascript"]
