"""Files that grow: hashed on the way, with a journal beside them, taken over by whoever goes on."""
