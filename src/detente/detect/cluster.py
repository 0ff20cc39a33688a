"""The same blocks on a Ray cluster: each worker reads its block and halo and sends back records; the seams are joined here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.detect.blocks import TimeBlocks
from detente.detect.part import Part, part_of
from detente.model.approach import ApproachMeasure, CraftClass

try:
    import ray
except ImportError:
    ray = None  # type: ignore[assignment]


class MissingRay(ImportError):  # noqa: N818  named for what is missing
    """A cluster was asked for, and what talks to it is not installed."""

    def __init__(self) -> None:
        super().__init__('the engine "ray" is not installed; install it: pip install "detente[ray]"')


def parts_on_ray(blocks: TimeBlocks, measure: ApproachMeasure, craft: Mapping[str, CraftClass] | None, halo: int) -> Iterator[Part]:
    """The part of each block, as it becomes ready. Uses the cluster that `ray.init` was given; without one, this machine's cores.

    Every worker must see the blocks' files under the same paths.
    """
    if ray is None:
        raise MissingRay
    if not ray.is_initialized():
        ray.init(log_to_driver=False, include_dashboard=False)

    @ray.remote
    def work(blocks: TimeBlocks, measure: ApproachMeasure, craft: Any, core: tuple[int, int]) -> Part:
        return part_of(blocks.read(core, halo), measure, craft, core)

    named = ray.put(craft)
    waiting = [work.remote(blocks, measure, named, core) for core in blocks.cores]
    while waiting:
        ready, waiting = ray.wait(waiting, num_returns=1)
        yield ray.get(ready[0])
