"""Printed links, the address check, and logins."""

import pytest
from typer.testing import CliRunner

from bot.cli import staff
from bot.cli.app import app
from bot.cli.checking import public_url
from bot.cli.links import base_url
from bot.settings import Server, Settings


def settings(**server: object) -> Settings:
    return Settings(server=Server.model_validate(server))


@pytest.mark.parametrize(
    ("server", "port", "base"),
    [
        ({}, None, "http://127.0.0.1:8080"),
        ({"port": 0}, 41234, "http://127.0.0.1:41234"),
        ({"host": "0.0.0.0"}, None, "http://127.0.0.1:8080"),  # noqa: S104  never listened on
        ({"host": "::"}, None, "http://127.0.0.1:8080"),
        ({"host": "::1", "port": 90}, None, "http://[::1]:90"),
        ({"host": "care.example.com"}, 80, "http://care.example.com:80"),
        ({"public_url": "https://care.example.com/"}, 8080, "https://care.example.com"),
    ],
)
def test_a_link_leads_to_the_door(server: dict[str, object], port: int | None, base: str):
    assert base_url(settings(**server), port) == base


@pytest.mark.parametrize(
    ("server", "warned"),
    [
        ({}, False),
        ({"host": "localhost"}, False),
        ({"host": "::1"}, False),
        ({"host": "0.0.0.0"}, True),  # noqa: S104  never listened on
        ({"host": "10.0.0.5", "public_url": "http://care.example.com"}, True),
        ({"host": "10.0.0.5", "public_url": "https://care.example.com"}, False),
    ],
)
def test_words_in_the_open_are_warned_of(server: dict[str, object], warned: bool):  # noqa: FBT001 - a table
    assert bool(public_url(settings(**server))) is warned


@pytest.mark.parametrize("login", ["ada@example.org", "Ada", "", "-ada", "a b", "a" * 65, "ädä"])
def test_a_login_that_tells_too_much_is_refused(login: str):
    ended = CliRunner().invoke(app, ["staff", "add", "--name", "Ada", "--", login])
    assert (ended.exit_code, "no e-mail address" in ended.output) == (2, True)


@pytest.mark.parametrize("login", ["ada", "a", "0", "ada.b-c_d", "a" * 64])
def test_short_names_are_logins(login: str):
    assert staff.LOGIN.fullmatch(login)
