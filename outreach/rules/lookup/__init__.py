"""What `outreach lookup` asks, whom it may ask, what a page says of itself, and what follows from the answers."""
