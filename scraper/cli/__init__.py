"""One module a command; the only place where everything meets."""
