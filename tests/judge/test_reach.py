"""From where a weapon stands, and how far it reaches: inside, outside, and neither said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from judge.told import MIRRORS, check, document, mirrored

SQUARE = '{"type": "Polygon", "coordinates": [[[2.0, 1.0], [2.1, 1.0], [2.1, 1.1], [2.0, 1.1], [2.0, 1.0]]]}'
CITY = f'{{"type": "FeatureCollection", "features": [{{"type": "Feature", "properties": {{"name": "city"}}, "geometry": {SQUARE}}}]}}'
BAN = 'define city as place "city.geojson".\nrule 1: no Party shall deploy a missile M where M reaches city.\n'
DAY = "as of 2026-06-01\n"
M = 'Arland says: missile M-1 party Arland area "1.0,3.0" from 2026-02-01 range '
"""Some hundred kilometres east of the city."""

STORIES: Mapping[str, tuple[str, str]] = {
    "far enough": (BAN, DAY + M + '"120 km"\nexpect 1#M-1 breached; Arland breached; Borland breached; neutrals breached'),
    "not far enough": (BAN, DAY + M + '"80 km"\nexpect 1#M-1 untested'),
    "perhaps": (BAN, DAY + M + '"80 km..120 km"\nexpect 1#M-1 unverified; Arland open; neutrals open'),
    "another range": (
        BAN,
        DAY + M + '"80 km"\nBorland says: missile M-1 range "120 km"\n'
        "expect 1#M-1 disputed; Arland not triggered; Borland breached; neutrals not triggered",
    ),
    "another place": (
        BAN,
        DAY + M + '"120 km"\nBorland says: missile M-1 area "1.0,4.0"\n'
        "expect 1#M-1 breached; Arland breached; Borland not triggered; neutrals breached",
    ),
    "half of another range": (
        BAN,
        DAY + M + '"80 km..90 km"\nBorland says: missile M-1 range "60 km..120 km"\n'
        "expect 1#M-1 unverified; Arland not triggered; Borland open; neutrals not triggered",
    ),
}  # fmt: skip


@pytest.mark.parametrize("names", MIRRORS, ids=("told", "mirrored"))
@pytest.mark.parametrize("story", STORIES)
def test_reach(story: str, names: Mapping[str, str], tmp_path: Path) -> None:
    (tmp_path / "city.geojson").write_text(CITY, encoding="utf-8")
    check(tmp_path, mirrored(document(*STORIES[story]), names))
