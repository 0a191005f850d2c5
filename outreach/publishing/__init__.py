"""Posts on their way out: sessions, publish, read back, engagement; one package per network.

A server may take a post and lose the answer, so after every try the question is: is it there? `publisher.Publisher`
is the port: each try ends as done, not done or unknown, and unknown is looked up at the network before anything is
tried again. What a post is (limits, records, keys) is in `networks/`, which makes no calls.

Start with `publisher.py`, then `bluesky/publisher.py` (a thread is one transaction) and `mastodon/publisher.py`
(part by part, each read back). A new network is one package here and one module in `networks/`.
"""
