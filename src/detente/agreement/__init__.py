"""The rule language: from an agreement's Markdown to clauses as meant, with every problem on the way.

Read in this order: `markdown.py` (blocks), `grammar.lark` and `tree.py` (as written), `parse.py`, `shapes.py` (not
supported yet), `vocabulary.py`, `define.py`, `who.py`, `conditions.py`, `rules.py`, `blocks.py` (tree to clauses),
`clause.py` (as meant), `cases.py`, `check.py`, `load.py` (the door: `load_agreement`, `parse_agreement`), `format.py` (back to text).
"""
