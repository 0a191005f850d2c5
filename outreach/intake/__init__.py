"""Other people's documents -> the campaign's nouns, with what became of every line (`model/found.py`)."""
