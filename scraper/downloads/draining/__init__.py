"""Handing out what is due, keeping what is held, and what follows when it ends."""
