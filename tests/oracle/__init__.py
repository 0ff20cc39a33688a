"""A second, slow reading of the semantics, to compare the judge with.

One account, one event and one claim at a time, in plain Python; it shares
nothing with the judge. Read `rows.py`, `hold.py`, `life.py`, `decide.py`,
`bounds.py`, `join.py`, `evaluate.py` in this order.
"""
