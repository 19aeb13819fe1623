"""Keys: what they seal, what they refuse to open, and the file they live in."""

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.domain.errors import SettingsError
from bot.store.keyring import Keyring, keyring_file, load_keyring

ONE = Keyring({1: bytes(32)}, pepper=b"p")
BOTH = Keyring({1: bytes(32), 2: bytes(range(32))}, pepper=b"p")


def test_what_was_sealed_opens_at_its_place():
    sealed = ONE.seal(b"words", place="events.body")
    assert b"words" not in sealed
    assert ONE.open(sealed, place="events.body") == b"words"
    assert sealed != ONE.seal(b"words", place="events.body")


@pytest.mark.parametrize("place", ["feed.body", ""])
def test_a_value_cannot_be_moved(place: str):
    with pytest.raises(SettingsError, match="was the key file replaced"):
        ONE.open(ONE.seal(b"words", place="events.body"), place=place)


def test_tampering_is_noticed():
    sealed = bytearray(ONE.seal(b"words", place="p"))
    sealed[-1] ^= 1
    with pytest.raises(SettingsError):
        ONE.open(bytes(sealed), place="p")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(12)])
def test_what_was_cut_off_does_not_open(sealed: bytes):
    with pytest.raises(SettingsError):
        ONE.open(sealed, place="p")


def test_the_newest_key_seals_and_all_open():
    old = ONE.seal(b"words", place="p")
    new = BOTH.seal(b"words", place="p")
    assert BOTH.open(old, place="p") == BOTH.open(new, place="p") == b"words"
    with pytest.raises(SettingsError, match="key 2 of the key ring is missing"):
        ONE.open(new, place="p")


def test_digests_are_keyed_and_survive_rotation():
    assert ONE.digest("max@example.org") == BOTH.digest("max@example.org")
    assert ONE.digest("max@example.org") != Keyring({1: bytes(32)}, pepper=b"q").digest(
        "max@example.org"
    )
    assert ONE.digest("\ud800") != ONE.digest("?")  # whatever a client sends has a digest


def test_a_derived_key_is_another_key_for_each_purpose():
    assert len(ONE.derive("visitors")) == 32
    assert ONE.derive("visitors") != ONE.derive("links")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"pepper": "cA==", "keys": {}}',
        '{"pepper": "cA==", "keys": {"1": "c2hvcnQ="}}',
        '{"pepper": "cA==", "keys": {"300": "' + base64.b64encode(bytes(32)).decode() + '"}}',
        '{"pepper": "", "keys": {"1": "' + base64.b64encode(bytes(32)).decode() + '"}}',
        '{"pepper": 1, "keys": {"one": "x"}}',
    ],
)
def test_a_broken_ring_is_a_fault_in_words(text: str):
    with pytest.raises(SettingsError, match="key ring"):
        load_keyring(text)


def test_the_file_is_made_once_and_is_ours_alone(tmp_path: Path):
    path = tmp_path / "keys.json"
    sealed = keyring_file(path).seal(b"words", place="p")
    assert keyring_file(path).open(sealed, place="p") == b"words"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["keys.json"]
    assert json.loads(path.read_text())["keys"].keys() == {"1"}


def test_processes_that_start_together_get_the_same_keys(tmp_path: Path):
    path = tmp_path / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(keyring_file, [path] * 16))
    assert len({ring.digest("x") for ring in rings}) == 1


def test_a_folder_that_is_missing_is_a_fault_in_words(tmp_path: Path):
    with pytest.raises(SettingsError, match="cannot be read or made"):
        keyring_file(tmp_path / "gone" / "keys.json")
