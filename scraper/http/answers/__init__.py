"""What answers mean: statuses, failures, freshness, challenges."""
