"""What an installation has in numpy's place: nothing. Only tests use it, yet pyarrow loads it where it is found."""

raise ImportError("numpy is not among the requirements of an installation")
