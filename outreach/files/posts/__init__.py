"""`posts/` -> Posts."""

from outreach.files.posts.keys import POST, VARIANT
from outreach.files.posts.loading import load_posts

__all__ = ["POST", "VARIANT", "load_posts"]
