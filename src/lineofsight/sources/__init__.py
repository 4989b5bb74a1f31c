"""One module a format: files as they come, read into SSD-shaped Arrow tables with located issues."""

from lineofsight.sources.extract import Extract, NotRead, Progress, SourceTable
from lineofsight.sources.finding import find_extracts
from lineofsight.sources.reading import read

__all__ = ["Extract", "NotRead", "Progress", "SourceTable", "find_extracts", "read"]
