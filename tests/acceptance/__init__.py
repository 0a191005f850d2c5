"""What a stranger's campaign may expect of the command line, judged only by the design."""
