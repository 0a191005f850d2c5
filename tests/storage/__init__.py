"""Tests of the module that opens files below a campaign folder."""
