"""The decisions: pure functions, nouns in and nouns out; `now` and history are arguments."""
