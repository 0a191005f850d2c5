"""Every Problem that only shows when files are read together."""
