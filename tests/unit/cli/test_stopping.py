"""A command that is told to stop closes what it has opened, whichever signal says so."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOON_S = 20
COMMAND = """
import asyncio, sys
from bot.cli.context import run
from bot.cli.first_run import _child

async def work():
    try:
        print("open", flush=True)
        await {waiting}
    finally:
        await asyncio.sleep(0)
        print("closed", flush=True)

run(work)
"""
CHAT = """
import asyncio
from bot.cli.context import run
from bot.cli.typed import Typed

async def work():
    typed = Typed(0)
    print("open", flush=True)
    print(await typed.line(), flush=True)
    try:
        await typed.line()
    finally:
        print("closed", flush=True)

run(work)
"""


def started(words: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-c", words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_closes_everything(number: signal.Signals):
    process = started(COMMAND.format(waiting="asyncio.Event().wait()"))
    process.send_signal(number)
    said, complaint = process.communicate(timeout=SOON_S)
    assert (process.returncode, said, complaint) == (128 + number, "closed\n", "")


def test_a_hang_up_ends_a_server_as_gracefully_as_sigterm():
    words = """
import asyncio, signal
from bot.cli.context import run

async def work():
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    print("open", flush=True)
    await stopping.wait()
    print("finished", flush=True)

run(work)
"""
    process = started(words)
    process.send_signal(signal.SIGHUP)
    said, _ = process.communicate(timeout=SOON_S)
    assert (process.returncode, said) == (0, "finished\n")


def test_a_hang_up_that_nohup_has_us_ignore_is_ignored():
    words = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    process = started(words + COMMAND.format(waiting="asyncio.Event().wait()"))
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=SOON_S)
    assert process.returncode == 128 + signal.SIGTERM


def test_a_child_is_stopped_as_well(tmp_path: Path):
    (tmp_path / "patient.py").write_text(
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('told', flush=True), sys.exit(1)))\n"
        "print('waits', flush=True)\n"
        "time.sleep(600)\n"
    )
    words = f"import os; os.environ['PYTHONPATH'] = {str(tmp_path)!r}"
    process = started(words + COMMAND.format(waiting='_child("patient")'))
    assert process.stderr is not None
    assert process.stderr.readline() == "waits\n"
    process.send_signal(signal.SIGTERM)
    said, told = process.communicate(timeout=SOON_S)
    # What a child says is no result of the command: programs read that from stdout.
    assert (process.returncode, said, told) == (128 + signal.SIGTERM, "closed\n", "told\n")


def test_ctrl_c_ends_a_chat_that_waits_for_words():
    process = started(CHAT)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("hello\n")
    process.stdin.flush()
    assert process.stdout.readline() == "hello\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(SOON_S) == 128 + signal.SIGINT  # its input is still open
    assert process.stdout.read() == "closed\n"
    process.communicate()
