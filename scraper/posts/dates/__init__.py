"""When a post was published."""
