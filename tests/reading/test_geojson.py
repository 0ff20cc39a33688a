import json

import pytest

from detente.reading.geojson import read_geojson


def feature(name, geometry):
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}


def read(path, document):
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return read_geojson(path, "p.geojson")


def test_shapes(tmp_path):
    ring = [[[10, 54], [11, 54], [11, 55], [10, 54]]]
    shapes, problems, left_out = read(
        tmp_path / "p", {"type": "FeatureCollection", "features": [feature("zone", {"type": "Polygon", "coordinates": ring})]}
    )
    assert (shapes[0].name, shapes[0].type, json.loads(shapes[0].geometry)["coordinates"]) == ("zone", "Polygon", ring)
    assert not problems
    assert left_out == 0


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Point", "coordinates": [181, 0]}, "impossible-coordinates"),
        ({"type": "Point", "coordinates": [54, 110]}, "impossible-coordinates"),
        ({"type": "Point", "coordinates": [float("nan"), 0]}, "impossible-coordinates"),
        ({"type": "Point", "coordinates": ["1", 0]}, "not-geojson"),
        ({"type": "Point", "coordinates": [1]}, "not-geojson"),
        ({"type": "Point"}, "not-geojson"),
        ({"type": "Circle", "coordinates": [1, 1]}, "not-geojson"),
        (None, "not-geojson"),
    ],
)
def test_faults(tmp_path, geometry, code):
    shapes, problems, left_out = read(tmp_path / "p", {"type": "FeatureCollection", "features": [feature("zone", geometry)]})
    assert not shapes
    assert [(p.code, p.span.line) for p in problems] == [(code, 1)]
    assert problems[0].span.column > 1
    assert left_out == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not-json"),
        ("[]", "not-geojson"),
        ("{}", "not-geojson"),
        ("[" * 100_000, "not-json"),
        ('{"type":"FeatureCollection","features":[7]}', "missing-name"),
    ],
)
def test_no_collection(tmp_path, text, code):
    _, problems, _ = read(tmp_path / "p", text)
    assert [p.code for p in problems] == [code]
