"""One module a format: files as they come, read into SSD-shaped Arrow tables with located issues."""

from lineofsight.sources.extract import Extract, Progress, SourceTable
from lineofsight.sources.finding import find_extracts
from lineofsight.sources.reading import read

__all__ = ["Extract", "Progress", "SourceTable", "find_extracts", "read"]
