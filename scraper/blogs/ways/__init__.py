"""The ways in which platforms list the posts of a blog, one module each."""
