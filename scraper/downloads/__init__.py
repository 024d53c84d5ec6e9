"""How a link becomes a file: transfer, verification, names."""
