"""What an extract looks like: tables, columns, code lists, and how raw text becomes typed tables."""

from lineofsight.schema.codelists import code_lists, codes
from lineofsight.schema.conforming import Conformed, conform, conform_located, still_to_come, without_person
from lineofsight.schema.headings import heading, recognise
from lineofsight.schema.issue import Issue
from lineofsight.schema.lacking import lacking_columns
from lineofsight.schema.layout import Column, Kind, Refers, Table, arrow_schema, not_loaded, shaped, tables

__all__ = [
    "Column",
    "Conformed",
    "Issue",
    "Kind",
    "Refers",
    "Table",
    "arrow_schema",
    "code_lists",
    "codes",
    "conform",
    "conform_located",
    "heading",
    "lacking_columns",
    "not_loaded",
    "recognise",
    "shaped",
    "still_to_come",
    "tables",
    "without_person",
]
