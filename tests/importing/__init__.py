"""Documents that become a campaign."""
