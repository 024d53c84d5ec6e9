"""What a post says: page (its own part), titles, dates, genres, links; understand.py puts them together."""
