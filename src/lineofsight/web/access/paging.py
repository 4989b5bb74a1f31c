"""Pages of a list: which rows stand on this one, and the numbers of its neighbours."""


class Paged:
    """Mixed into a page of a list that has `number` (this page, from 1), `size`, `total` and `pages`."""

    number: int
    size: int
    total: int
    pages: int

    @property
    def first(self) -> int:
        """The number of the first row shown, counted from 1; 0 on an empty page."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.number * self.size, self.total)

    @property
    def previous(self) -> int | None:
        """The page before, None on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, None on the last."""
        return self.number + 1 if self.number < self.pages else None


def pages(total: int, size: int) -> int:
    """How many pages `total` rows fill; an empty list has one."""
    return max(-(-total // size), 1)
