"""The desk of information governance: who looked at which child, and why."""
