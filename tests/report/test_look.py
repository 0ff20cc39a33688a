"""The colours: readable, and told apart by people who see fewer of them.

Contrast: WCAG 2.2, relative luminance. Colour blindness: the matrices of Machado,
Oliveira, Fernandes 2009 (doi:10.1109/TVCG.2009.113), severity 1.0, on linear sRGB.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest

from detente.model.verdict import Outcome, Vote
from detente.report.page.look import DARK, DRAWING_CSS, LIGHT, definitions, fill_name

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
SEEN = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
Linear = tuple[float, ...]


def linear(colour: str) -> Linear:
    values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)


def seen(colour: str, kind: str) -> Linear:
    values = linear(colour)
    return tuple(min(1.0, max(0.0, sum(m * v for m, v in zip(row, values, strict=True)))) for row in SEEN[kind])


def luminance(values: Linear) -> float:
    return 0.2126 * values[0] + 0.7152 * values[1] + 0.0722 * values[2]


def contrast(one: Linear, other: Linear) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lightness(values: Linear) -> float:
    """CIE L*, 0 to 100."""
    y = luminance(values)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


@THEMES
@pytest.mark.parametrize("kind", SEEN)
def test_words_can_be_read(theme: Mapping[str, str], kind: str) -> None:
    for ground in ("paper", "card", "sunk"):
        for word in ("ink", "ink2", "ink3", "kept", "breached", "disputed", "unverified", "link"):
            assert contrast(seen(theme[word], kind), seen(theme[ground], kind)) >= 4.5, (word, ground)
    assert contrast(seen(theme["on-breached"], kind), seen(theme["breached-fill"], kind)) >= 4.5
    assert contrast(seen(theme["disputed"], kind), seen(theme["disputed-pale"], kind)) >= 4.5


@THEMES
@pytest.mark.parametrize("kind", SEEN)
def test_fills_are_seen_on_their_ground(theme: Mapping[str, str], kind: str) -> None:
    for fill in ("kept-fill", "breached-fill", "disputed-fill", "unverified"):
        for ground in ("paper", "card"):
            assert contrast(seen(theme[fill], kind), seen(theme[ground], kind)) >= 3, (fill, ground)


@THEMES
@pytest.mark.parametrize("kind", SEEN)
def test_solid_fills_differ_in_lightness(theme: Mapping[str, str], kind: str) -> None:
    """Kept and breached are both solid, so they must differ without any hue; the other two differ by pattern as well."""
    assert abs(lightness(seen(theme["kept-fill"], kind)) - lightness(seen(theme["breached-fill"], kind))) >= 20


def test_fills_differ_by_pattern_and_marks_by_shape() -> None:
    rules = {name: DRAWING_CSS.partition(f".f-{name}")[2].partition("}")[0] for name in ("kept", "breached", "disputed")}
    assert "url(#stripes)" in rules["disputed"]
    assert "url(" not in rules["kept"] + rules["breached"]
    assert "stroke-dasharray:3.2 2.4" in DRAWING_CSS.partition(".f-unverified")[2].partition("}")[0]
    symbols = [s.partition('viewBox="0 0 16 16">')[2] for s in definitions().split("<symbol")[1:]]
    assert len(symbols) == 5
    assert all(a != b for a, b in itertools.combinations(symbols, 2))


def test_which_fill() -> None:
    assert [fill_name(o) for o in Outcome] == ["breached", "disputed", "unverified", "kept"]
    assert [fill_name(v) for v in (Vote.OPEN, Vote.NOT_DUE, None)] == ["unverified", "none", "none"]
