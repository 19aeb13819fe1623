"""`careline check`: the port, Chroma, and faults that do not hide each other."""

import json
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner

from bot.cli.app import app
from bot.cli.checking import chroma, heads, help_lines, port
from bot.sections import LineSection
from bot.settings import Knowledge, Server, Settings
from knowledge.heads.model import load


async def _serving(path: str, body: object) -> TestServer:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=json.dumps(body), content_type="application/json")

    application = web.Application()
    application.router.add_get(path, answer)
    server = TestServer(application)
    await server.start_server()
    return server


@pytest.mark.parametrize(
    ("body", "ours"), [({"status": "ok"}, True), ({"a": 1}, False), ([], False)]
)
async def test_a_port_may_be_taken_by_us_alone(body: object, ours: bool):  # noqa: FBT001 - a table
    server = await _serving("/healthz", body)
    taken = Settings(server=Server(port=server.port or 0))
    assert bool(await port(taken)) is not ours
    await server.close()
    assert await port(taken) == []


async def test_a_host_that_is_not_ours_is_named():
    (fault,) = await port(Settings(server=Server(host="192.0.2.1")))
    assert "cannot listen on 192.0.2.1:8080" in fault


async def test_a_chroma_server_must_answer():
    server = await _serving("/api/v2/heartbeat", {"nanosecond heartbeat": 1})
    there = Settings(knowledge=Knowledge(chroma_url=str(server.make_url(""))))
    assert await chroma(there) == []
    await server.close()
    (fault,) = await chroma(there)
    assert "is the server up?" in fault
    assert await chroma(Settings()) == []


def test_one_fault_hides_no_other(tmp_path: Path):
    config = tmp_path / "careline.toml"
    config.write_text(
        '[server]\nhost = "192.0.2.1"\n\n[knowledge]\nchroma_url = "http://127.0.0.1:9"\n\n'
        '[database]\nurl = "postgresql://nobody@127.0.0.1:9/none"\n'
    )
    ring = json.loads(CliRunner().invoke(app, ["keys"]).output)
    ended = CliRunner().invoke(
        app,
        ["--config", str(config), "--data", str(tmp_path / "data"), "check"],
        env={"CARELINE_KEYS": json.dumps(ring)},
    )
    assert ended.exit_code == 2
    for words in (
        "! server.public_url",
        "✗ There is no encoder",
        "✗ knowledge.chroma_url",
        "✗ server.port",
        "careline: the database cannot be reached",
    ):
        assert words in ended.output


def test_a_line_for_customers_should_name_a_help_line():
    (warning,) = help_lines(Settings())
    assert warning.startswith("lines.shop.help_line: ")
    told = LineSection(title="the shop", kb="shop", help_line="Call 0800 1, day and night.")
    assert help_lines(Settings(lines={"shop": told})) == []


def test_heads_of_another_encoder_are_told():
    assert heads(load().fingerprint) == []
    (warning,) = heads("another")
    assert "are off" in warning
