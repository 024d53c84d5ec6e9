"""The network side and the program itself."""

__version__ = "0.1.0"
