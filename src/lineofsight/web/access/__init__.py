"""People, offices, capabilities and scope, and the audit chain: the lowest floor of the web."""
