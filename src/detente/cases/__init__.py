"""Invented facts, judged: what an agreement's rules make of rows that no evidence holds.

Its door is `judged.py`. Comparing drafts and proving both ask here, so that what they say of a rule is what the judge says of it.
"""
