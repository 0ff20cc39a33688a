"""Places and borders: answers spatial measures with findings, on the WGS 84 ellipsoid.

Reading order: `geodesy` (distances, circles), `meridian` (shapes across the 180th meridian
and the poles), `border` (nearest point of a border), `places` (the gazetteer), `extent` (what a place or
territory certainly and possibly covers), `relations` (one test), `territory` (whose polygon,
under which account), `measure` (all tests at once).

Zones and silences in tracks, for who has `detente[tracks]`; each detector is one function:

    from detente.detect.zone import detect_zones
    detect_zones(positions, [Zone("strait", shape)], ZoneMeasure(gap_s=600)) -> TrackFindings

    from detente.detect.dark import detect_dark
    detect_dark(positions, DarkMeasure()) -> TrackFindings

Reading order: `sorted_fixes` (positions as arrays), `faults` (fixes that contradict others), `zone_shapes` (zones from lines and
territories), `cells` and `cell_kernels` (which zones points lie in), `zone`, `dark`.
"""
