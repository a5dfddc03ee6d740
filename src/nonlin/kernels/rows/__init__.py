"""Loops over the rows of an array: the passes of a row program as machine code."""
