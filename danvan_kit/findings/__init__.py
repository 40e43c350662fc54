"""Findings: what a delegation states about a view, by whom, on which figures, and whether it still holds."""
