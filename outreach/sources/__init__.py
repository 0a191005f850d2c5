"""Other people's formats -> parts of a campaign, with what became of every line (`model/found.py`)."""
