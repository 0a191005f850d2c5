"""Values of one line or text: how each is written, what is said of a wrong one, and its JSON Schema."""
