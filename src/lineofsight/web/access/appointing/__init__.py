"""People, the offices they hold, and invitations."""
