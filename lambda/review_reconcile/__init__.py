"""Reconcile: what no event brought, and what is no longer needed."""
