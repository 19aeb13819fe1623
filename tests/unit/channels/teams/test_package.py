"""The app package: ids filled in, limits of Teams kept, the same bytes every time."""

import io
import json
import struct
import zipfile

import pytest

from channels.teams.package import FOLDER, packed

VALUES = {
    "app_id": "11111111-2222-3333-4444-555555555555",
    "name": "The help desk of a company with a long name",
    "developer": "Example",
    "public_url": "https://care.example",
    "privacy_url": "https://care.example/privacy",
    "terms_url": "https://care.example/terms",
    "domain": "care.example",
}


@pytest.fixture
def archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(packed(VALUES)))


def test_ids_are_filled_in(archive: zipfile.ZipFile):
    words = archive.read("manifest.json").decode()
    assert "{app_id}" not in words
    found = json.loads(words)
    assert found["id"] == found["bots"][0]["botId"] == VALUES["app_id"]
    assert found["webApplicationInfo"]["id"] == VALUES["app_id"]
    assert found["validDomains"] == ["care.example"]
    wanted = found["authorization"]["permissions"]["resourceSpecific"]
    assert wanted == [{"name": "ChannelMessage.Read.Group", "type": "Application"}]
    assert set(found["bots"][0]["scopes"]) == {"personal", "team", "groupChat"}


def test_the_limits_of_teams_are_kept(archive: zipfile.ZipFile):
    found = json.loads(archive.read("manifest.json"))
    assert len(found["name"]["short"]) <= 30
    assert len(found["name"]["full"]) <= 100
    assert len(found["description"]["short"]) <= 80
    assert len(found["description"]["full"]) <= 4000
    assert len(found["developer"]["name"]) <= 32


@pytest.mark.parametrize(("name", "side"), [("color.png", 192), ("outline.png", 32)])
def test_icons_have_the_size_that_teams_wants(archive: zipfile.ZipFile, name: str, side: int):
    assert struct.unpack(">II", archive.read(name)[16:24]) == (side, side)
    assert archive.read(name) == (FOLDER / name).read_bytes()


def test_the_same_values_give_the_same_bytes():
    assert packed(VALUES) == packed(VALUES)
