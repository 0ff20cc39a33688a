"""The rule language: from an agreement's Markdown to clauses as meant, with every problem on the way.

Its door is `load.py` (`load_agreement`, `parse_agreement`); `format.py` goes back to text. Read in this order:
`markdown.py`, `grammar.lark`, `tree/` (as written), `tables.py`, `tokens.py`, `builder/`, `rewordings.py`, `parse.py`, `shapes.py`, `format_words.py`,
`format_rules.py`, `format.py`; then from tree to clause `index.py`, `lexicon.py`, `define.py`, `deeds.py`, `values.py`, `references.py`, `placing.py`,
`conditions.py`, `deadlines.py`, `bearers.py`, `tails.py`, `bounds.py`, `separation.py`, `permission.py`, `recurring.py`, `imported.py`, `reciprocity.py`,
`rules.py`, `blocks.py`, `cases.py`, `resolve.py`; what the whole shows, `cycles.py`, `adopt.py` (rules of another agreement), `pending.py`, `check.py`; `fix.py` (phrases put right); and `clause/` (as meant), with
`sense.py` (whether two clauses mean the same) and `wording.py` (their words).
"""
