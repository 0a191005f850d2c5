"""One definition for each kind of file: value, sentence, hint, JSON Schema, CSV column and form field come from it."""
