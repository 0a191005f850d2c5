"""Contact lists: which sections, rows and items are somebody to write to, and what is said of them."""
