"""Places and borders: answers spatial measures with findings, on the WGS 84 ellipsoid.

Reading order: `geodesy` (distances, circles), `meridian` (shapes across the 180th meridian
and the poles), `border` (nearest point of a border), `places` (the gazetteer), `extent` (what a place or
territory certainly and possibly covers), `relations` (one test), `territory` (whose polygon,
under which account), `measure` (all tests at once).
"""
