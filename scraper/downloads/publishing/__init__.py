"""The folder that files are published in, their places and names in it, and what is put beside them."""
