"""Which links of a post go into the queue, which of several with the same music, and what they are called."""
