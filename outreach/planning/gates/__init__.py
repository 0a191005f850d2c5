"""Gates: what has to hold before a wave, a follow-up or a post goes out, and why it does not yet."""

from outreach.model.facts import ContactFacts, Facts, PostFacts
from outreach.planning.gates.asking import Answer, Gate, ask
from outreach.planning.gates.opening import facts_of, gate_of, gates_of, newly_open, opened_by, version_gate
