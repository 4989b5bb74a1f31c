"""Statutory checks: the Department for Education's rules over a return, each a file of SQL with its facts.

A return is a folder here: `layout.toml` (tables, code lists, years), `views.sql`, and `<code>.sql` for each rule.
The engine reads them; another return is another folder and a reader of its files.
"""
