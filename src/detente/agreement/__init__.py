"""The rule language: from an agreement's Markdown to clauses as meant, with every problem on the way.

Its door is `load.py` (`load_agreement`, `parse_agreement`); `format.py` goes back to text. Read in this order:
`markdown.py`, `grammar.lark`, `tree.py` (as written), `tables.py`, `build.py`, `parse.py`, `shapes.py`; then from tree to clause `lexicon.py`,
`define.py`, `deeds.py`, `values.py`, `placing.py`, `conditions.py`, `deadlines.py`, `bounds.py`, `rules.py`, `blocks.py`, `cases.py`, `resolve.py`,
`check.py`; and `clause.py` (as meant).
"""
