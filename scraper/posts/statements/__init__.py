"""What a post states of itself: lines behind labels, and data for machines."""
