"""Triage: which predictions a person looks at."""
