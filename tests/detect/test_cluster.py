"""The same answer from a cluster of two workers as from one machine; what is missing is named."""

from __future__ import annotations

import random
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

pytest.importorskip("numba")
pytest.importorskip("ray")

from detect.test_separation import wandering
from detect.tracks import table
from detente.detect.blocks import TimeBlocks
from detente.detect.separation import detect_separation
from detente.model.approach import ApproachMeasure, Convoy, Moored

MEASURE = ApproachMeasure(1000.0, moored=Moored(), convoy=Convoy())


@pytest.fixture(scope="session")
def workers():
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


def compared(rows, folder, block_rows):
    pq.write_table(table(rows), folder / "positions.parquet", row_group_size=max(16, block_rows // 4))
    blocks = TimeBlocks.of([folder / "positions.parquet"], folder / "scratch", block_rows=block_rows)
    assert len(blocks.cores) > 2
    one, many = detect_separation(table(rows), MEASURE), detect_separation(blocks, MEASURE, engine="ray")
    assert one.found
    assert (many.found, many.excluded, many.rejected, many.craft) == (one.found, one.excluded, one.rejected, one.craft)


@pytest.mark.slow
@pytest.mark.usefixtures("workers")
def test_a_cluster_answers_as_one_machine(tmp_path):
    rows = [row for seed in range(20) for row in wandering(seed, craft=6, fixes=60)]
    random.Random(1).shuffle(rows)
    compared(rows, tmp_path, 1500)


@pytest.mark.soak
@pytest.mark.usefixtures("workers")
def test_a_cluster_answers_as_one_machine_on_a_million_positions(tmp_path):
    rows = []
    for port in range(450):
        near = wandering(port, 10 + port % 30 * 0.3, 50 + port // 30 * 0.3, craft=9, fixes=250)
        rows += [(f"{craft[:-1]}{port:03}{craft[-1]}", t, lon, lat) for craft, t, lon, lat in near]
    assert len(rows) >= 1_000_000
    compared(rows, tmp_path, 250_000)


def test_what_is_missing_is_named():
    code = (
        "import sys; sys.modules['numba'] = None; sys.modules['ray'] = None\n"
        "from detente.detect import cluster, separation\n"
        "from detente.model.approach import ApproachMeasure\n"
        "import pyarrow as pa\n"
        "from detente.detect.blocks import TimeBlocks\n"
        "row = {'craft': ['mmsi:1'], 'time': pa.array([0], pa.timestamp('ms', 'UTC')), 'lon': [1.0], 'lat': [1.0]}\n"
        "for ask in (lambda: separation.detect_separation(pa.table(row), ApproachMeasure(1)),"
        " lambda: separation.detect_separation(TimeBlocks((), ()), ApproachMeasure(1), engine='ray')):\n"
        "    try:\n        ask()\n    except ImportError as error:\n        print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines() == [
        'measuring tracks needs numba, which is not installed; install it: pip install "detente[tracks]"',
        'the engine "ray" is not installed; install it: pip install "detente[ray]"',
    ]
