"""Which genres a post states, with the evidence."""
