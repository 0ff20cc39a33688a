"""PDF and PNG through the reader's own Chromium, without a network; the policy of the page itself allows no script."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
"""What the browser may be called on the path."""
_LONGEST_S = 180
_POLICY = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">"
_ALONE = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--hide-scrollbars",
)


class NoBrowserError(RuntimeError):
    """There is no Chromium, or it wrote nothing; the message says which."""


def browser() -> str | None:
    """Where Chromium is; None if there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def to_pdf(html: str) -> bytes:
    """The page as a tagged PDF.

    Raises:
        NoBrowserError: it cannot be made.
    """
    return _made(html, "page.pdf", ["--no-pdf-header-footer", "--print-to-pdf={}"])


def to_png(svg: str, width: int, height: int, scale: float = 2.0) -> bytes:
    """A drawing as a picture, `width` by `height` pixels times `scale`.

    Raises:
        NoBrowserError: it cannot be made.
    """
    page = f"<!doctype html><meta charset=utf-8>{_POLICY}<style>html,body{{margin:0}}svg{{display:block;width:{width}px;height:{height}px}}</style>{svg}"
    return _made(page, "page.png", [f"--window-size={width},{height}", f"--force-device-scale-factor={scale}", "--screenshot={}"])


def _made(page: str, name: str, options: Sequence[str]) -> bytes:
    found = browser()
    if found is None:
        raise NoBrowserError(f"Chromium is not installed (looked for {', '.join(NAMES[:4])})")
    with tempfile.TemporaryDirectory(prefix="detente-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder) / "page.html", Path(folder) / name
        source.write_text(page, encoding="utf-8")
        # Chromium refuses its sandbox to root; the page it reads was written here and may run no script.
        as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [found, *_ALONE, *as_root, f"--user-data-dir={folder}/profile", *(o.format(target) for o in options), source.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_LONGEST_S, check=False)  # noqa: S603  no shell, and every word is ours
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoBrowserError(f"Chromium did not finish: {str(error)[:120]}") from error
        if not target.is_file() or not target.stat().st_size:
            said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
            raise NoBrowserError(f"Chromium wrote nothing: {said[0][:160]}")
        return target.read_bytes()
