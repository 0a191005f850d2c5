"""What notes mean: headings, labels, dates and addresses as people write them -> parts of a campaign.

`outline` has the nouns, `words` the vocabulary. A document is read section by section (`reading`), each by whoever
knows its subject; `account` keeps what became of every line.
"""
