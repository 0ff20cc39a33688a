"""What can be proved of an agreement's rules: contradictions, gaps, repetitions and histories without a lawful move, each with a case that shows it.

The solver proposes and the judge confirms: no finding is shown whose case the judge does not confirm. Needs the extra `prove`. Reading order:
`world.py` (one event as variables), `formula.py` (conditions), `force.py` (days), `region.py` (when a rule applies), `solver.py`; `sketch.py` (a case before and
after it is judged), `model.py` (a solver's answer as an event), `act.py`, `due.py`, `claim.py`; then one file for each sort of question: `occasions.py`, `repeats.py`,
`classes.py`, `clash.py`, `levels.py`, `deadlines.py`, `histories.py` with `histories.lp`; and `prove.py`, which runs them.
"""

from __future__ import annotations

from detente.prove.prove import CODES, Proof, prove

__all__ = ["CODES", "Proof", "prove"]
