"""From an address to a whole file: asked for, gone on with, checked."""
