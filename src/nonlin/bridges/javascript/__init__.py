"""Programs and row definitions as JavaScript."""

from nonlin.bridges.javascript.module import javascript
from nonlin.bridges.javascript.script import script

__all__ = ["javascript", "script"]
