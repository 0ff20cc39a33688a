"""The words that come with the package: kinds of events and things, and dated groups of states.

Read `kinds.py`, `groups.py`, then `page.py`, which writes the reference page from them; `craft.py` tells what the numbers that craft broadcast stand for.
"""
