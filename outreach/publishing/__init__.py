"""Posts on their way out: sessions, publish, read back, engagement; one package per network."""
