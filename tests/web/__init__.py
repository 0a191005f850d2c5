"""The dashboard over HTTP: who may ask, what it says, what it writes."""
