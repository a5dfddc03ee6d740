"""The explorer: curves, facts and signals of every activation on one page that opens from the disk."""

from nonlin.explorer.document import explorer

__all__ = ["explorer"]
