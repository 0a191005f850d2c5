"""The campaign for a team: workers on any number of computers, around the tasks."""
