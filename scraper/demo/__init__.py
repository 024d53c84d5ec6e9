"""The whole job on loopback against the blog in fixtures/."""
