"""What files are called: one safe path component from any text, and names by a person's template. Pure."""
