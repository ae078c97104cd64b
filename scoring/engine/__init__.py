"""The score: frozen facts in, an assessment out. No Django, no clock, no input or output."""
