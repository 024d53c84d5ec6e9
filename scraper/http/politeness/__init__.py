"""How hard hosts may be asked: one gate, and what it learns."""
