"""What a campaigner asks for: load -> decide -> do -> record."""
