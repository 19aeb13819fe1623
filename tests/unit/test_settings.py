"""Defaults, file and environment, every fault at once by its key, and no secret in sight."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import SettingsError
from bot.domain.message import Address
from bot.sections import LineSection
from bot.settings import Settings, default_data, lines_of, load

SECRET = "postgresql://me:hunter2@db/careline"  # noqa: S105  nobody's
FIVE = """
[server]
port = 99999
[database]
pool = "many"
[work]
tries = 3
[lines.shop]
title = "the shop"
kb = "Shop!"
mode = "loud"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CARELINE_DATA", str(tmp_path / "data"))
    return tmp_path


def write(folder: Path, text: str, name: str = "careline.toml") -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def faults(config: Path | None = None) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(config, None)
    return list(error.value.faults)


def keys(found: list[str]) -> set[str]:
    return {fault.split(":")[0] for fault in found}


def test_nothing_need_be_set(folder: Path):
    settings = load(None, None)
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8080)
    assert (settings.database.url, settings.keys) == (None, None)
    assert settings.data == folder / "data"
    assert [line.name for line in lines_of(settings)] == ["shop", "it"]
    assert [line.kb for line in lines_of(settings)] == ["shop", "it-helpdesk"]
    assert {line.mode for line in lines_of(settings)} == {"on"}


def test_the_data_folder_has_a_place_of_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CARELINE_DATA")
    assert load(None, None).data == default_data()


def test_the_command_line_beats_the_environment_and_that_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    write(folder, "[server]\nport = 1\nhost = 'file'\n[log]\nlevel = 'error'\n")
    monkeypatch.setenv("CARELINE_SERVER__PORT", "2")
    settings = load(None, folder / "given")
    assert (settings.server.port, settings.server.host) == (2, "file")
    assert settings.log.level == "error"
    assert settings.data == folder / "given"


def test_the_file_is_found_here_else_in_the_data_folder(folder: Path):
    write(folder, "[server]\nport = 1\n", "data/careline.toml")
    assert load(None, None).server.port == 1
    write(folder, "[server]\nport = 2\n")
    assert load(None, None).server.port == 2
    other = write(folder, "[server]\nport = 3\n", "other.toml")
    assert load(other, None).server.port == 3


def test_five_faults_are_named_at_once(folder: Path):
    found = faults(write(folder, FIVE))
    wanted = {"server.port", "database.pool", "work.tries", "lines.shop.kb", "lines.shop.mode"}
    assert keys(found) == wanted
    assert len(found) == 5
    assert all("careline.toml" in fault for fault in found)


def test_faults_of_the_environment_are_among_them(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARELINE_SERVER__PROT", "1")
    monkeypatch.setenv("CARELINE_CHAT__RATES__VISITOR_BURST", "none")
    found = faults(write(folder, FIVE))
    assert {"server.prot", "chat.rates.visitor_burst"} < keys(found)
    assert len(found) == 7


@pytest.mark.parametrize("key", ["port = 1", "[sever]\nport = 1", "[server]\nprot = 1"])
def test_an_unknown_key_is_a_fault(folder: Path, key: str):
    (fault,) = faults(write(folder, key))
    assert "there is no such key" in fault


def test_secrets_never_show(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARELINE_DATABASE__URL", SECRET)
    monkeypatch.setenv("CARELINE_KEYS", "hunter2")
    settings = load(None, None)
    assert settings.database.url is not None
    assert settings.database.url.get_secret_value() == SECRET
    for shown in (repr(settings), str(settings), settings.model_dump_json(), f"{settings.keys}"):
        assert "hunter2" not in shown


def test_secrets_never_show_in_faults(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARELINE_DATABASE__POOL", "hunter2")
    monkeypatch.setenv("CARELINE_DATABASE__URL", SECRET)
    found = faults(write(folder, '[database]\nextra = "hunter2"\n'))
    assert keys(found) == {"database.pool", "database.extra"}
    assert "hunter2" not in "".join(found)


def test_a_section_that_is_not_one_is_a_fault_of_its_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARELINE_SERVER", "hunter2")
    (fault,) = faults()
    assert fault.startswith("server:")
    assert "CARELINE_SERVER" in fault
    assert "hunter2" not in fault


def test_a_file_that_is_not_toml_or_not_there(folder: Path):
    (fault,) = faults(write(folder, "port ="))
    assert "not a TOML file" in fault
    (fault,) = faults(folder / "nothing.toml")
    assert "no such file" in fault


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("lines = {}", "lines: at least one line is needed"),
        ('[chat]\nline = "gone"', "chat.line: there is no line gone"),
        (
            '[lines.a]\ntitle = "A"\nkb = "a"\naddresses = ["web"]',
            "lines.a.addresses: 'web' is not channel:account",
        ),
        (
            '[lines.a]\ntitle = "A"\nkb = "a"\n'
            '[lines.b]\ntitle = "B"\nkb = "b"\naddresses = ["web:a"]',
            "lines.b.addresses: web:a belongs to a already",
        ),
    ],
)
def test_what_does_not_fit_together(folder: Path, text: str, wanted: str):
    assert faults(write(folder, text)) == [wanted]


def test_a_line_in_full(folder: Path):
    write(
        folder,
        '[lines.care]\ntitle = "Care"\nkb = "care"\naddresses = ["slack:T1", "web:care"]\n'
        'mode = "share"\nshare_percent = 20\nexpected_wait_minutes = 5\nreopen_hours = 0\n'
        'staff_room = {channel = "slack", account = "T1", room = "C1"}\nretention_days = 30\n',
    )
    (line,) = lines_of(load(None, None))
    assert line.addresses == ("slack:T1", "web:care")
    assert (line.mode, line.share_percent) == ("share", 20)
    assert line.staff_room == Address(channel="slack", account="T1", room="C1")
    assert (line.expected_wait, line.reopen_window) == (timedelta(minutes=5), timedelta())
    assert line.retention == timedelta(days=30)


def test_settings_do_not_change():
    settings = load(None, None)
    assert isinstance(settings, Settings)
    with pytest.raises(ValueError, match="frozen"):
        settings.server.port = 1


def test_feelings_are_off_for_employees_unless_somebody_says_so():
    shop, it = lines_of(Settings())
    assert (shop.audience, shop.feelings) == ("customers", True)
    assert (it.audience, it.feelings) == ("employees", False)
    chosen = LineSection(title="t", kb="k", audience="employees", feelings=True)
    (line,) = lines_of(Settings(lines={"it": chosen}))
    assert line.feelings
