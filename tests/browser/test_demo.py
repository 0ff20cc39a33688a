"""The demo's report in a browser: three widths, two themes, three languages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from browser.conftest import AXE, Open
from detente.model.dossier import Dossier
from detente.report.page.page import report_html
from detente.workbench import Question, open_case
from detente.workbench.dossier import dossier

EXAMPLE = Path(__file__).parents[2] / "examples" / "drafts-2021"
LARGEST = 400_000
LAYOUTS = [
    ("en", 360, "dark"),
    ("en", 1280, "light"),
    ("ru", 1280, "dark"),
    ("ru", 2560, "light"),
    ("ar", 360, "light"),
    ("ar", 2560, "dark"),
]
"""Every width in both themes, and every language at two widths and in both themes."""


@pytest.fixture(scope="module")
def demo() -> tuple[Dossier, ...]:
    """What `detente check examples/drafts-2021 --as-if-in-force --format html` shows."""
    agreements = sorted(p for p in EXAMPLE.glob("*.md") if p.stem.lower() != "readme")
    return tuple(dossier(open_case(path, EXAMPLE / "evidence"), Question(as_if_in_force=True)) for path in agreements)


@pytest.fixture(scope="module")
def reports(demo: Sequence[Dossier], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("demo")
    found = {}
    for language in ("en", "ru", "ar"):
        found[language] = folder / f"{language}.html"
        found[language].write_text(report_html(demo, language), encoding="utf-8")
    return found


def test_axe_is_the_one_recorded() -> None:
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == "880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb"


def test_demo(reports: dict[str, Path], opened: Open, screenshots: Path | None) -> None:
    assert reports["en"].stat().st_size < LARGEST
    faults = []
    for language, width, theme in LAYOUTS:
        found = opened(reports[language], width, theme)
        found.page.evaluate("document.querySelectorAll('.case').forEach((d, i) => { d.open = i % 12 === 4 })")
        faults += [f"{language} {width} {theme}: {fault}" for fault in (*found.faults, *found.axe())]
        if found.overflow() > 0:
            faults.append(f"{language} {width} {theme}: {found.overflow()} pixels too wide")
        faults += [f"{language} {width} {theme}: covered: {words}" for words in found.page.evaluate(OVERLAPS)]
        if screenshots is not None:
            found.page.screenshot(path=screenshots / f"demo-{language}-{width}-{theme}.png")
    assert faults == []


OVERLAPS = """() => {
    const boxes = [...document.querySelectorAll('h1, h2, h3, .sub, .tally li, .toc a, .mx td > *, .mx th .ti, .facts dd, .acc, .marks > li > div')]
        .filter(e => e.checkVisibility()).map(e => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width > 1 && b.height > 1)
    const found = []
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
        const [a, x] = boxes[i], [b, y] = boxes[j]
        if (a.contains(b) || b.contains(a)) continue
        const across = Math.min(x.right, y.right) - Math.max(x.left, y.left), down = Math.min(x.bottom, y.bottom) - Math.max(x.top, y.top)
        if (across > 2 && down > 2) found.push(a.textContent.slice(0, 40) + ' / ' + b.textContent.slice(0, 40))
    }
    return found.slice(0, 5)
}"""
"""Pairs of words that lie on one another."""
