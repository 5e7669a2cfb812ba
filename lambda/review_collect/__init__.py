"""Collect: what people answered, as labels."""
