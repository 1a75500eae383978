"""Every recipe once, in a data folder of its own, with a seed that is always the same."""

import random
import zlib

import pytest

from tests.faults.recipes import Recipe
from tests.faults.rows import RECIPES
from tests.faults.world import world_at


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: f"{recipe.row}-{recipe.name}")
async def test_a_fault_loses_nothing(recipe: Recipe, tmp_path):
    seed = zlib.crc32(recipe.name.encode())
    async with world_at(tmp_path, random.Random(seed)) as world:
        for way in recipe.ways[-1:] if recipe.is_slow else recipe.ways:
            await recipe.play(world, way)
            world.server.faults.clear()
            world.server.turns.clear()
        world.clean()
