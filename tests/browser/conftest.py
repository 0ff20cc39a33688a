"""Chromium for the tests in a browser: one for the session, with no network."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from detente.report.page.chromium import NAMES

FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = Path(__file__).parent / "axe.min.js"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("Chromium is not installed: run `make browser`, or apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page from disk, and what went on that should not."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def axe(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA, element by element."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = self.page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", tags)
        return [f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


Open = Callable[..., Opened]


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Open]:
    """Opens a file at a width in a theme; notes errors, dialogs and every request but the one for the file."""
    contexts = []

    def open_(path: Path, width: int = 1280, theme: str = "light", *, script: bool = True) -> Opened:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, offline=True, java_script_enabled=script, bypass_csp=script
        )  # type: ignore[arg-type]
        contexts.append(context)
        found = Opened(context.new_page())
        page = found.page
        page.on("console", lambda message: found.faults.append(f"console: {message.text}") if message.type == "error" else None)
        page.on("pageerror", lambda error: found.faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (found.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on(
            "request",
            lambda r: found.faults.append(f"request: {r.url}") if r.url != path.as_uri() and not r.url.startswith("data:") else None,
        )
        page.goto(path.as_uri())
        return found

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def screenshots(request: pytest.FixtureRequest) -> Path | None:
    folder = request.config.getoption("--screenshots", default=None)
    if folder is None:
        return None
    made = Path(folder)
    made.mkdir(parents=True, exist_ok=True)
    return made
