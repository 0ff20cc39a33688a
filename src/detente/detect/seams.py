"""Where blocks, cores and gaps meet: stretches of one pair that touch become one. This happens here and nowhere else."""

from __future__ import annotations

import numpy as np

from detente.detect.compiled import kernel
from detente.detect.geodesy import Floats
from detente.detect.walk import (
    CLOSEST,
    END,
    FIRST,
    FIRST_AT,
    FIRST_FROM,
    LEAST,
    MOST,
    NEAREST2,
    OTHER_STEADY,
    RELATIVE,
    RISE,
    RISE_KNOWN,
    SECOND,
    SEEN_END,
    SEEN_START,
    START,
    STEADY,
    TOGETHER,
    TOUCH_MS,
    UNSEEN,
)

FROM_END, AT_END = FIRST_FROM + 6, FIRST_AT + 6


def merged(records: Floats) -> Floats:
    """The records with those joined that touch, ordered by pair and start; in whatever order and parts they came."""
    if len(records) == 0:
        return records
    order = np.lexsort((records[:, END], records[:, START], records[:, SECOND], records[:, FIRST]))
    return _merged(records, order)


@kernel
def _merged(records, order):
    """The records in this order, joined."""
    out = np.empty_like(records)
    k = -1
    for i in order:
        r = records[i]
        if k < 0 or r[FIRST] != out[k, FIRST] or r[SECOND] != out[k, SECOND] or r[START] > out[k, END] + TOUCH_MS:
            k += 1
            out[k] = r
            continue
        o = out[k]
        if r[SEEN_START] < o[SEEN_START]:
            o[SEEN_START] = r[SEEN_START]
            o[FIRST_FROM:FROM_END] = r[FIRST_FROM:FROM_END]
        if r[NEAREST2] < o[NEAREST2]:
            o[NEAREST2] = r[NEAREST2]
            o[CLOSEST] = r[CLOSEST]
            o[RISE] = r[RISE]
            o[RELATIVE : RELATIVE + 3] = r[RELATIVE : RELATIVE + 3]
            o[FIRST_AT:AT_END] = r[FIRST_AT:AT_END]
        o[END] = max(o[END], r[END])
        o[SEEN_END] = max(o[SEEN_END], r[SEEN_END])
        o[UNSEEN] += r[UNSEEN]
        o[LEAST] = min(o[LEAST], r[LEAST])
        o[MOST] = min(o[MOST], r[MOST])
        o[RISE_KNOWN] = min(o[RISE_KNOWN], r[RISE_KNOWN])
        for m in (STEADY, OTHER_STEADY, TOGETHER):
            if not o[m] >= r[m]:
                o[m] = r[m] if r[m] == r[m] else o[m]
    return out[: k + 1]
