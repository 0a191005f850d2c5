"""A strict reading of YAML: everything is text until its key reads it."""

from outreach.campaign.strict_yaml.fixing import read_yaml
from outreach.campaign.strict_yaml.nodes import Entry, Faulty, Mapping, Node, Scalar, Sequence, kind_of
