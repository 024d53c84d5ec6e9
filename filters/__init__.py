"""Which posts match: the genre graph (data) and the criteria. Pure: no I/O but reading the data file."""
