"""Where requests may go: identity of addresses, the guard, names, redirects."""
