"""Line of Sight: the record of what leaders of children's services knew, asked and changed."""

__version__ = "0.1.0"
