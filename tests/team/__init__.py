"""Several people who share a campaign in the browser."""
