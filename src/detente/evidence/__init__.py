"""Statements, sources, completeness, identity and coverage: from files to one record in tables.

A place is a word here; nothing knows geometry. Reading order: `folder.py` (which
files), `tables.py` (raw tables), `layout.py` (columns), `faults.py`,
`cells.py`, `amounts.py`, `times.py`, `typed.py` (from text to bounds), `staging.py`
(rows), `wording.py` (faults in words), `part.py`, `statements.py`, `events.py`,
`sources.py`, `parties.py`, `closed.py`, `identity.py`, `places.py`, `database.py`,
`record.py` (the whole), `digest.py`; then `init.py` (a starting folder) and
`enter.py` (one statement more).
"""

from detente.evidence.enter import Question, append_statement, ask_fields
from detente.evidence.init import write_starting_folder
from detente.evidence.record import Record, read_record, record_from_rows

__all__ = ["Question", "Record", "append_statement", "ask_fields", "read_record", "record_from_rows", "write_starting_folder"]
