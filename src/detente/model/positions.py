"""The columns of a table of positions, and of what craft say about themselves.

A position is one fix of one craft at one time. Readers of foreign formats make
such tables and detectors take them, batch by batch; neither knows the other.
Angles are WGS 84 degrees, times are UTC, and a cell that nobody told is null.
Source: ITU-R M.1371-5 (AIS), ICAO Doc 9871 (ADS-B) for what is broadcast.
"""

from __future__ import annotations

CRAFT = "craft"
"""Who it is, as broadcast: `mmsi:244660000`, `icao24:484506`, or a name from the file. Text."""
TIME = "time"
"""When the fix holds. Timestamp in milliseconds, UTC."""
LON, LAT = "lon", "lat"
"""Degrees east, -180 up to 180, and degrees north, -90 to 90. Float64."""
ALTITUDE_FT = "altitude_ft"
"""Barometric altitude in feet; null for a ship and where unknown. Float32."""
SPEED_KN, COURSE_DEG = "speed_kn", "course_deg"
"""Over ground, in knots, and clockwise from true north. Float32."""

POSITION_COLUMNS = (CRAFT, TIME, LON, LAT, ALTITUDE_FT, SPEED_KN, COURSE_DEG)
"""A table of positions, in this order. Rows need no order and may repeat."""

NAME, CALL_SIGN, FLAG, TYPE = "name", "call_sign", "flag", "type"
"""Static data as broadcast: name, call sign, state of the MMSI's or address's country code (ISO 3166 alpha-2), type (`cargo`, `fishing`, `military`). Text."""

STATIC_COLUMNS = (CRAFT, TIME, NAME, CALL_SIGN, FLAG, TYPE)
"""A table of static data: what a craft said of itself from this time on. The type is what it broadcast and nothing else."""
