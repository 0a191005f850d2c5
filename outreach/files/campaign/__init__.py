"""`campaign.yaml` -> Campaign."""

from outreach.files.campaign.loading import FILE, load_campaign

__all__ = ["FILE", "load_campaign"]
