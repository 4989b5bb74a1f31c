"""The one error a person is meant to read."""


class PlainError(Exception):
    """Something could not be done, said in one plain sentence.

    The command line prints it and ends with 2; a page shows it. It never carries a child's data.
    """
