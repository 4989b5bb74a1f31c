"""Opening a child outside one's scope, for a stated need, and who is told."""
