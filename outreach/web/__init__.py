"""The dashboard: pages in a browser on this computer, around the same tasks as the command line.

It decides nothing. `application` has the routes, `guard` says who may ask, `pages/` has one module per page.
"""
