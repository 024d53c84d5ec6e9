"""Where a blog lists its posts: one module a way of listing."""
