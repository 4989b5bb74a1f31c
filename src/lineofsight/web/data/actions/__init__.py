"""The only writers of this room, a module a kind of thing."""
