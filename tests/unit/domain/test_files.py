"""Which files are taken, by what they hold, and how they are named."""

import pytest

from bot.domain.errors import BadRequest
from bot.domain.files import EMPTY, LARGEST, NOT_TAKEN, TOO_LARGE, checked_file, id_of, kept_id
from bot.domain.message import Address, Media

HOME = Address(channel="web", account="shop", room="v")
PDF = b"%PDF-1.7 ..."


@pytest.mark.parametrize(
    ("content", "mime", "name"),
    [
        (b"\xff\xd8\xff\xe0....", "image/jpeg", "a.jpg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png", "a.png"),
        (b"GIF89a....", "image/gif", "a.gif"),
        (b"RIFF....WEBPVP8 ", "image/webp", "a.webp"),
        (PDF, "application/pdf", "a.pdf"),
    ],
)
def test_what_is_taken_and_that_names_are_true_to_it(content: bytes, mime: str, name: str):
    file = checked_file("k", HOME, name, content)
    assert (file.mime, file.name, file.content) == (mime, name, content)
    assert checked_file("k", HOME, "a.exe", content).name == f"a.exe.{name.split('.')[1]}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", EMPTY),
        (b"MZ\x90\x00", NOT_TAKEN),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", NOT_TAKEN),
        (b"<html><script>alert(1)</script>", NOT_TAKEN),
        (b"RIFF....WAVE", NOT_TAKEN),
        (b"PK\x03\x04", NOT_TAKEN),
        (PDF + b"." * LARGEST, TOO_LARGE),
    ],
)
def test_what_is_not_taken(content: bytes, words: str):
    with pytest.raises(BadRequest) as refused:
        checked_file("k", HOME, "a.pdf", content)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("receipt.PDF", "receipt.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\bill.pdf", "bill.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        (".pdf", "file.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie b.pdf"),
        ("bill\u202efdp.exe", "billfdp.exe.pdf"),
        ("x" * 500 + ".pdf", "x" * 80 + ".pdf"),
        ("Größe 東京.pdf", "Größe 東京.pdf"),
    ],
)
def test_names_are_cleaned(given: str, name: str):
    assert checked_file("k", HOME, given, PDF).name == name


def test_a_file_is_known_again_by_its_message():
    media = checked_file("key", HOME, "a.pdf", PDF).media()
    assert kept_id(media) == id_of("key")
    assert media.size == len(PDF)
    foreign = Media(url="https://example.org/a.pdf", mime="application/pdf", name="a.pdf")
    assert kept_id(foreign) is None
