"""How long a text is on its network, what the network allows, and where too long a text would split."""

from outreach.rules.counting.findings import length_problems, title_problems
from outreach.rules.counting.limits import DEFAULTS, TITLE_LIMITS, Limits, limit, limits_of
from outreach.rules.counting.measuring import Count, count, measure
from outreach.rules.counting.splitting import part_lines, parts, split, split_point

__all__ = [
    "DEFAULTS",
    "TITLE_LIMITS",
    "Count",
    "Limits",
    "count",
    "length_problems",
    "limit",
    "limits_of",
    "measure",
    "part_lines",
    "parts",
    "split",
    "split_point",
    "title_problems",
]
