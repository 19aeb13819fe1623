"""The writer's own process: begun again when it ends, ended with whoever began it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from bot.domain.errors import ConnectorError, SettingsError
from bot.domain.writing import Usage
from bot.writer.apart import ApartWriter, writing_apart
from tests.conformance.writer_suite import BRIEF
from tests.doubles.model_server import ModelServer, model_server
from tests.support.writing import Way, config_at

pytestmark = pytest.mark.integration

OPENAI = Way("openai", "json_schema")
_PARENT = """
import asyncio, sys
from bot.writer.apart import writing_apart
from bot.writer.config import WriterConfig

async def main():
    config = WriterConfig(provider="openai", model="m", key="k", base_url="http://127.0.0.1:1/v1")
    async with writing_apart(config) as writer:
        await writer.ready()
        print("ready", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as serving:
        serving.say(("Return it by post.", "a1"), ("Pay by card.", "a2"))
        yield serving


def children() -> list[psutil.Process]:
    own = psutil.Process().children()
    return [one for one in own if "bot.writer.child" in one.cmdline()]


async def says(writer: ApartWriter) -> list[str]:
    return [one.text async for one in writer.write(BRIEF, lambda _: None)]


async def test_one_that_was_killed_fails_its_turns_and_is_replaced(server: ModelServer):
    there: list[bool] = []
    back = asyncio.Event()

    def told(is_there: bool) -> None:  # noqa: FBT001  as it is told
        there.append(is_there)
        if is_there:
            back.set()

    async with writing_apart(config_at(server.base, OPENAI), told) as writer:
        assert writer is not None
        await writer.ready()
        server.faults = ["held"]
        spent: list[Usage] = []
        under_way = asyncio.ensure_future(anext(aiter(writer.write(BRIEF, spent.append))))
        await server.called(1)
        back.clear()
        (child,) = children()
        child.kill()
        with pytest.raises(ConnectorError) as caught:
            await under_way
        assert caught.value.kind == "ChildProcessError"
        assert spent[0].tokens_in > 0  # nobody counted it: an estimate
        with pytest.raises(ConnectorError, match="being started again"):
            await says(writer)
        async with asyncio.timeout(30):
            await back.wait()
        assert await says(writer) == ["Return it by post.", "Pay by card."]
        assert there == [True, False, True]
    assert children() == []


async def test_the_error_behind_a_failure_is_told_by_its_class(server: ModelServer):
    async with writing_apart(config_at(server.base, OPENAI)) as writer:
        assert writer is not None
        await writer.ready()
        server.faults = [429]
        with pytest.raises(ConnectorError) as caught:
            await says(writer)
        assert caught.value.kind.endswith("RateLimitError")


async def test_an_answer_that_nobody_waits_for_is_broken_off(server: ModelServer):
    async with writing_apart(config_at(server.base, OPENAI)) as writer:
        assert writer is not None
        await writer.ready()
        server.faults = ["stalled"]
        spent: list[Usage] = []
        under_way = asyncio.ensure_future(anext(aiter(writer.write(BRIEF, spent.append))))
        await server.called(1)
        under_way.cancel()
        with pytest.raises(asyncio.CancelledError):
            await under_way
        assert len(spent) == 1
        assert await says(writer) == ["Return it by post.", "Pay by card."]


async def test_one_that_cannot_start_is_the_operators(server: ModelServer):
    writer = ApartWriter(config_at(server.base, OPENAI), command=(sys.executable, "-c", "1"))
    living = asyncio.ensure_future(writer.live())
    with pytest.raises(SettingsError, match="careline check"):
        await writer.ready()
    living.cancel()
    with suppress(asyncio.CancelledError):
        await living


async def test_without_a_configuration_there_is_none():
    async with writing_apart(None) as writer:
        assert writer is None
    assert children() == []


def test_it_ends_with_a_parent_that_was_killed():
    with subprocess.Popen(  # noqa: S603  ours
        [sys.executable, "-c", _PARENT],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        (child,) = psutil.Process(parent.pid).children()
        child.send_signal(signal.SIGINT)  # as Ctrl-C does: it is the parent that ends it
        child.send_signal(signal.SIGTERM)
        os.kill(parent.pid, signal.SIGKILL)
        child.wait(10)
    assert not child.is_running()


async def test_one_that_cannot_be_started_is_said_and_hangs_nothing():
    writer = ApartWriter(config_at("http://127.0.0.1:1", OPENAI), command=("/nowhere/python",))
    living = asyncio.get_running_loop().create_task(writer.live())
    async with asyncio.timeout(10):
        with pytest.raises(SettingsError, match="ended as it started"):
            await writer.ready()
    assert not living.done()
    living.cancel()
    await asyncio.wait({living})


async def test_our_settings_are_not_in_its_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARELINE_KEYS", "secret")
    async with writing_apart(config_at("http://127.0.0.1:1", OPENAI)) as writer:
        assert writer is not None
        await writer.ready()
        (child,) = children()
        assert "CARELINE_KEYS" not in child.environ()


async def test_one_that_hangs_is_replaced(server: ModelServer):
    server.pause = 60
    told = asyncio.Queue[bool]()
    config = config_at(server.base, OPENAI)
    async with writing_apart(config, told.put_nowait) as writer:
        assert writer is not None
        await writer.ready()
        assert await told.get()
        (child,) = children()
        child.send_signal(signal.SIGSTOP)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await says(writer)
        async with asyncio.timeout(30):
            assert not await told.get()
            assert await told.get()
        assert children()[0].pid != child.pid
