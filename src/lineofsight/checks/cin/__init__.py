"""The children in need census: its layout, its rules, a file each, and how a file of it is read."""
