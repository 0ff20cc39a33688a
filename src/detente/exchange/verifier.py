"""Packs the modules that verify a log into one file that runs by itself, from their own sources: there is no second verifier."""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files

_MODULES = (
    "__init__",
    "audit",
    "checkpoint",
    "cosignature",
    "note",
    "policy",
    "proof",
    "refused",
    "strict",
    "tiles",
    "tree",
    "vkey",
)
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The time that every member bears, so that the same sources give the same bytes."""


def verifier() -> bytes:
    """A Python zip application (see `standalone`); the same sources give the same bytes."""
    package = files("detente")
    sources = {"detente/__init__.py": package.joinpath("__init__.py")}
    sources |= {f"detente/exchange/{name}.py": package.joinpath("exchange", f"{name}.py") for name in _MODULES}
    sources["__main__.py"] = package.joinpath("exchange", "standalone.py")
    packed = io.BytesIO()
    packed.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, source in sources.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), source.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
