"""What office-holders promised, when it falls due, and the formal record of having done it."""
