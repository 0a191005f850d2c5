"""Values of one line or text: how each is written, the message for a wrong one, and its JSON Schema."""
