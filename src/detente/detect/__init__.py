"""Places, borders and tracks: answers spatial measures with findings, on the WGS 84 ellipsoid.

Reading order: `geodesy` (distances, circles), `meridian` (shapes across the 180th meridian
and the poles), `border` (nearest point of a border), `places` (the gazetteer), `extent` (what a place or
territory certainly and possibly covers), `relations` (one test), `territory` (whose polygon,
under which account), `measure` (all tests at once).

Tracks, with the extra `detente[tracks]`: `compiled` (the kernels' compiler), `fixes` (a table as arrays), `tracks` (by craft and
time, without jumps), `near` (which pairs may be near: a filter), `walk` (when and how near exactly), `unobserved` (what gaps allow),
`steady` (moored, in convoy), `seams` (joined across blocks), `part` (one block), `blocks` and `cluster` (many), and the
detectors `separation`, `screen`, `encounter`, each one function:

    from detente.detect.separation import detect_separation
    detect_separation(positions, ApproachMeasure(1852), craft=None, engine="threads") -> Approaches

    from detente.detect.encounter import detect_encounters
    detect_encounters(positions, EncounterMeasure(), craft=None) -> tuple[Encounter, ...]

`positions` is a `pa.Table`, or any iterable of `pa.RecordBatch`, with the columns of `model/positions.py`, or a `TimeBlocks` (Parquet
on disk, read block by block). Rows need no order and may repeat. `craft` maps the craft to ask about to
their class (`CraftClass`); by default the craft's name decides (`mmsi:` a ship, `icao24:` an aircraft) and every craft of the measure's classes is asked about.
Without numba, `MissingTracks` is raised; its text names the extra.

Zones and silences in tracks:

    from detente.detect.zone import detect_zones
    detect_zones(positions, [Zone("strait", shape)], ZoneMeasure(gap_s=600)) -> TrackFindings

    from detente.detect.dark import detect_dark
    detect_dark(positions, DarkMeasure()) -> TrackFindings

Reading order: `sorted_fixes` (positions as arrays), `faults` (fixes that contradict others), `zone_shapes` (zones from lines and
territories), `cells` and `cell_kernels` (which zones points lie in), `zone`, `dark`.
"""
