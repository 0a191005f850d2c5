"""Jinja2 as campaigners get it: plain data in, a bounded amount of text out.

`values` are what a template sees, `bounds` what it may cost, `environment` the sandbox that ties
both together, `rendering` one template turned into a skeleton and its values.
"""
