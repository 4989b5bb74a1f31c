"""The only readers of this room. Each takes the viewer, checks, and shows words only to those who may read them."""
