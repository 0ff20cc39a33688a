"""What an editor asks of an agreement while it is written: plain functions over a text and a place in it.

Nothing here knows a protocol but `server.py`, which carries questions and
answers over stdio (`detente lsp`); a page in a browser can ask the same
functions. Read in this order: `positions.py`, `reading.py`, `diagnose.py`, `phrases.py`, `words.py`, `complete.py`, `said.py`, `hover.py`,
`define.py`, `rename.py`, `rewrite.py`, `outline.py`, `lens.py`; then the edge: `judging.py`, `answers.py`, `server.py`.
"""
