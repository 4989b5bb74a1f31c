"""The house itself: settings, addresses, middleware, base templates and static files."""
