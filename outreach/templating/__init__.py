"""Jinja2 as campaigners get it: plain data in, a bounded amount of text out.

A campaign folder may come from a stranger, so a template is hostile input: it must not reach Python, the disk or
the network, and must end in bounded time and memory. `values` are what a template sees, `bounds` what it may cost,
`instrument` refuses what does not exist here and meters what can repeat, and `environment` is the sandbox that ties
them together. Values become tokens, not text, so that `letters` can still tell them apart.

Start with `rendering.py`: one template turned into a skeleton and its values. A new filter goes into `filters.py`,
with what it costs.
"""
