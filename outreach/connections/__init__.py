"""The doors to the outside that several rooms use."""
