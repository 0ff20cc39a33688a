"""Importing the rooms reads no file and loads no atlas."""

from __future__ import annotations

import subprocess
import sys


def test_import_reads_no_atlas():
    code = (
        "import builtins, detente.detect.measure, detente.detect.places, detente.vocabulary.atlas as a; "
        "assert a.load_atlas.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_models_need_no_geometry():
    code = "import sys, detente.model.measure, detente.model.finding; assert not {'numpy', 'shapely', 'pyproj'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
