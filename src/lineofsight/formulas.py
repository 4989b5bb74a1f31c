"""Text for a spreadsheet, with nothing in it that the spreadsheet would run."""

from datetime import date

# A cell that starts with one of these is a formula, or makes one, in a spreadsheet (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def neutral(cell: object) -> str:
    """A cell as text that no spreadsheet takes for a formula. Numbers below nothing stay numbers, None is empty."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return str(cell)
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
