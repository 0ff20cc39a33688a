"""The command line: one verb per file. Every room is imported inside the command that needs it, so that --help loads none.

In reading order: `app` (the list of commands), `options` (what several commands take), `place` and `moment` (from words to
paths and times), `streams` (results, problems and files), `progress`; then the commands. For tracks: `track_files` (reading what is named), `quantities` and `zones` (from
words to lengths and areas), `detectors` and `near` (the list of measures), `detect`, `tracks`.
"""
