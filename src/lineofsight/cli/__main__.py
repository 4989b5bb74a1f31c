"""`python -m lineofsight.cli`: the same as the `lineofsight` command."""

from lineofsight.cli import main

main()
