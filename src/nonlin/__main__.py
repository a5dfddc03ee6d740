"""`python -m nonlin` is the command `nonlin`."""

from nonlin.cli import main

main()
