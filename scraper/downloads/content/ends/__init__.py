"""Whether a file goes on to its own end: asked where a server did not say how long it would be.

A connection that is cut looks like the end of such a body. Each kind of file is walked as far as its own
marks and sizes tell; where they do not tell, it does not count as whole. The functions return what is
missing, or None for a whole file.
"""
