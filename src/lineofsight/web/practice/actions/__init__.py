"""The writers of what is said of things owed. Each takes `by`, and ends its one transaction with its event."""
