"""All rows of the fault list, again and again: python -m tests.faults.rows --seed 7 --minutes 10.

A round plays every recipe against one way of being answered, both in an order that the seed chooses. What
breaks is named with the seed of its round: `--seed` of that number plays the same again.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults import processes, transport
from tests.faults.recipes import RECIPES, Recipe
from tests.faults.world import World, world_at

__all__ = ["RECIPES", "processes", "transport"]  # importing these two puts their recipes on the list


@dataclass
class Findings:
    """What a soak found."""

    played: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    creations: int = 0
    slowest_stop: float = 0.0

    def text(self) -> str:
        """Return the findings in a few lines."""
        rows = ", ".join(f"row {row}: {count}" for row, count in sorted(self.played.items()))
        figures = f"{self.played.total()} faults ({rows}); {self.creations} creations, none twice"
        stop = f"slowest Stop {1000 * self.slowest_stop:.0f} ms"
        return "\n".join([f"{figures}; {stop}; {len(self.broken)} broken", *self.broken])


async def play_round(seed: int, findings: Findings, recipes: list[Recipe]) -> None:
    """Play every recipe once, in a fresh data folder."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="hrdesk-faults-") as folder:
        async with world_at(Path(folder), chance) as world:
            for recipe in chance.sample(recipes, len(recipes)):
                await _play(world, recipe, seed, findings)
            findings.creations += len(world.server.log.creations())
            findings.slowest_stop = max(findings.slowest_stop, world.slowest_stop)


async def _play(world: World, recipe: Recipe, seed: int, findings: Findings) -> None:
    way = world.chance.choice(recipe.ways)
    findings.played[recipe.row] += 1
    try:
        await recipe.play(world, way)
        world.clean()
    except (AssertionError, TimeoutError, LookupError) as broken:
        reason = str(broken).splitlines()[0] if str(broken) else type(broken).__name__
        findings.broken.append(f"seed {seed}, row {recipe.row}, {recipe.name}, {way.name}: {reason}")
    world.server.faults.clear()
    world.server.turns.clear()


async def soak(seed: int, minutes: float) -> Findings:
    """Play rounds until the time is over, at least one."""
    findings = Findings()
    end = time.monotonic() + 60 * minutes
    while True:
        await play_round(seed, findings, RECIPES)
        seed += 1
        if time.monotonic() >= end:
            return findings


def main() -> int:
    """Play and tell. Returns 1 if anything broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.rows")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0.0, help="at least one round is played")
    options = parser.parse_args()
    findings = asyncio.run(soak(options.seed, options.minutes))
    sys.stdout.write(findings.text() + "\n")
    return 1 if findings.broken else 0


if __name__ == "__main__":
    sys.exit(main())
