"""The ten of a month: children to talk about, frozen, changed with a reason only, and what the Lead Member is told."""
