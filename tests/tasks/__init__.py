"""What one piece of work keeps and finds again."""
