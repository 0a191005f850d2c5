"""The command line, one module per noun: parse, call one task, print."""
