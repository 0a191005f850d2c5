"""What a network is: limits, counting, facets, records, identities. Pure; `publishing` does the calls.

Every network counts differently (graphemes, UTF-16, links at 23 characters), and a post that is one character too
long fails as a whole. So all of it is computed here before anything is asked of a server, without I/O, and can be
tested with properties. Keys follow from what a post is (`identity`), so that asking twice makes one post.

Start with `base.py`, which says what a network must answer, then `composing.py`; `bluesky.py` and `mastodon.py` are
the two full examples, `manual.py` the small one. `registry.py` lists them.
"""
