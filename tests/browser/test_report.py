"""The report in a browser: by keyboard, without script, under attack, on paper. On a hand-made record, so nothing is judged here."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser.conftest import Open
from detente.report.page.chromium import to_pdf, to_png
from detente.report.page.look import standalone
from detente.report.page.page import report_html
from detente.report.page.speech import Speech
from detente.report.page.timeline import timeline
from report.dossier_sample import DOSSIER, poisoned

PAYLOADS = (
    "<script>alert(1)</script>",
    "\"'><img src=https://evil.example/x onerror=alert(1)>",
    "</style></title></textarea></svg><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}${alert(1)}",
    "\u202egnissim\u2066\u200f",
    "W" * 300,
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_html([DOSSIER]), encoding="utf-8")
    return path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_outcomes_accessible_when_opened(file: Path, opened: Open, theme: str) -> None:
    found = opened(file, 1280, theme)
    found.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert found.axe() == []
    assert found.overflow() <= 0
    assert found.faults == []


def test_by_keyboard(file: Path, opened: Open) -> None:
    page = opened(file).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#c1-verdicts"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.case') !== null"):
            break
    case = page.locator(".case:focus-within")
    assert case.count() == 1
    page.keyboard.press("Enter")
    assert case.evaluate("d => d.open") is True
    assert case.evaluate("d => getComputedStyle(d.querySelector('summary')).outlineStyle") == "solid"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "ref"
    page.keyboard.press("Enter")
    assert page.locator("li:target").count() == 1


def test_without_script(file: Path, opened: Open) -> None:
    found = opened(file, script=False)
    page = found.page
    page.locator("summary").nth(1).click()
    assert page.locator(".case").first.get_attribute("open") is not None
    assert page.locator(".case .accs").first.is_visible()
    assert found.faults == []


def test_payloads_in_every_field(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "attacked.html"
    count = 0

    def poison(text: str) -> str:
        nonlocal count
        count += 1
        return f"{text} {PAYLOADS[count % len(PAYLOADS)]}"

    path.write_text(report_html([poisoned(DOSSIER, poison)]), encoding="utf-8")
    assert count > 100
    found = opened(path, 360)  # the page's own policy is switched off, so that escaping stands alone
    found.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert found.page.locator("script, img, iframe").count() == 0
    words = found.page.inner_text("body")
    assert "<U+202E>" in words
    assert "<script>alert(1)</script>" in words
    assert "{{ 7*7 }}" in words
    assert found.overflow() <= 0
    for link in found.page.locator("a[href]").evaluate_all("links => links.map(a => a.getAttribute('href'))"):
        assert link.startswith(("#", "https://example.org/"))
    assert found.faults == []


def test_on_paper_and_as_picture(chromium: object, file: Path) -> None:  # noqa: ARG001  skips where there is no browser
    pdf = to_pdf(file.read_text(encoding="utf-8"))
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf
    assert to_png(standalone(timeline(DOSSIER, Speech("ar"))), 600, 200).startswith(b"\x89PNG")
