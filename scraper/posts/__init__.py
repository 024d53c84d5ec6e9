"""What a post says: scope, genres, links, titles, dates."""
