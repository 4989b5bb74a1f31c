"""Monthly packs: made from what the practice room knows, frozen, rendered, signed and verified."""
