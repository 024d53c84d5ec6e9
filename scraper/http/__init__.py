"""The pooled session: politeness, retries, address guard, size caps."""
