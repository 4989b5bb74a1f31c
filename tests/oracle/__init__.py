"""A second computation of every measure, in plain Python, from the definitions alone.

Whoever writes here has not read the SQL: only each measure's `measure.toml` and `spec.md`, the policy, the tables
and the code lists. Where the two differ, one of them misreads the rule. `world` is what is measured, `shaking` makes
worlds in which much is odd, `harness` compares; the other modules hold one area of measures each, as `MEASURES`.
"""
