"""From the bytes of a feed to its entries: sound XML, JSON and what is broken."""
