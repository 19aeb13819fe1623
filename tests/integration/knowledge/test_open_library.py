"""The library and the reader as the program puts them together."""

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from bot.main import open_library
from bot.settings import Settings
from bot.storage import Storage
from tests.fakes.shelf import FakeShelf

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 20.0


async def test_a_search_that_hangs_leaves_the_encoder_alone(encoder_folder: Path, tmp_path: Path):
    settings = Settings.model_validate({"data": tmp_path, "knowledge": {"encoder": encoder_folder}})
    storage = cast("Storage", SimpleNamespace(settings=settings, shelf=FakeShelf()))
    answered = threading.Event()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), open_library(storage) as (library, reader):
            hanging = asyncio.get_running_loop().run_in_executor(library._thread, answered.wait)
            assert (await reader.read("where is my parcel")).vector
            assert not hanging.done()
    finally:
        answered.set()
    await hanging  # the loop did not wait for it as the library was closed
