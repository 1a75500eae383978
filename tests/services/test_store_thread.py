"""Calls into the store's thread: one after the other, to their end, and never without a word."""

import asyncio
import logging
import threading

import pytest

from hrdesk.core.errors import HrdeskError
from hrdesk.services.store_thread import StoreThread


def refused() -> None:
    raise HrdeskError("The disk refused to write.")


def broken() -> None:
    raise ValueError("a bug")


async def test_what_goes_wrong_reaches_the_caller():
    store = StoreThread()
    with pytest.raises(HrdeskError, match="refused"):
        await store(refused)
    await store.aclose(lambda: None)


@pytest.mark.parametrize(("work", "level"), [(refused, logging.WARNING), (broken, logging.ERROR)])
async def test_what_goes_wrong_for_a_caller_who_left_is_logged(caplog, work, level):
    store, gate = StoreThread(), threading.Event()

    def slow() -> None:
        gate.wait()
        work()

    calling = asyncio.create_task(store(slow))
    await asyncio.sleep(0)
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)
    gate.set()
    await store.aclose(lambda: None)
    assert [record.levelno for record in caplog.records] == [level]


async def test_a_call_that_was_begun_runs_to_its_end():
    store, gate, done = StoreThread(), threading.Event(), threading.Event()

    def slow() -> None:
        gate.wait()
        done.set()

    calling = asyncio.create_task(store(slow))
    await asyncio.sleep(0)
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)
    gate.set()
    await store.aclose(lambda: None)
    assert done.is_set()
