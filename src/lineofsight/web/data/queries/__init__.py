"""What the pages of this room show, a module a page. No child is in any of it."""
