"""What is kept: records, database, posts, queue, HTTP validators, export."""
