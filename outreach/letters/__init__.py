"""Templates x contacts -> letters -> bytes: one personal letter per organisation, and every fault found once."""
