"""A process beside the run for what would hold up everything else, or must not harm it."""
