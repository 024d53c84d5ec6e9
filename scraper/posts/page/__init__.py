"""The page of a post: its tree, its head, and the part of it that is the post."""
