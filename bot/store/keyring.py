"""The keys that seal columns and hash identifiers, with room for rotation."""

import base64
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.domain.errors import SettingsError

_NONCE = 12
_SHORTEST = 1 + _NONCE + 16
_LARGEST_NUMBER = 255


class Keyring:
    """AES-256-GCM keys by number; the highest seals, all open.

    A sealed value is: one byte of key number, 12 bytes of nonce, cipher text with its tag.
    """

    def __init__(self, keys: Mapping[int, bytes], *, pepper: bytes) -> None:
        if not pepper or not keys or not all(0 <= n <= _LARGEST_NUMBER for n in keys):
            raise ValueError("a key ring has a pepper, and keys numbered 0 to 255")
        self._ciphers = {number: AESGCM(key) for number, key in keys.items()}
        self._current = max(keys)
        self._pepper = pepper

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Seal for one place (table.column): a value cannot be moved to another unnoticed."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._ciphers[self._current].encrypt(nonce, plain, place.encode())
        return bytes((self._current,)) + nonce + sealed

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Raises `SettingsError` when the key is missing or the value was tampered with."""
        if len(sealed) < _SHORTEST:
            raise SettingsError([f"{place} holds something that was never sealed"])
        cipher = self._ciphers.get(sealed[0])
        if cipher is None:
            raise SettingsError([f"key {sealed[0]} of the key ring is missing: put it back"])
        try:
            return cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], place.encode())
        except InvalidTag as exc:
            raise SettingsError(
                [f"{place} cannot be opened with this key ring: was the key file replaced?"]
            ) from exc

    def digest(self, text: str) -> str:
        """A keyed hash (32 hex digits) for equality look-up of identifiers."""
        # Half a surrogate pair, which a client may send, has a digest like everything else.
        plain = text.encode("utf-8", "surrogatepass")
        return hmac.new(self._pepper, plain, sha256).hexdigest()[:32]

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for another purpose (visitor tokens, say)."""
        return hmac.new(self._pepper, b"derive:" + purpose.encode(), sha256).digest()


def load_keyring(text: str) -> Keyring:
    """Read a key ring: JSON `{"pepper": base64, "keys": {"1": base64 of 32 bytes}}`."""
    try:
        raw = json.loads(text)
        keys = {int(number): base64.b64decode(key) for number, key in raw["keys"].items()}
        pepper = base64.b64decode(raw["pepper"])
        return Keyring(keys, pepper=pepper)
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise SettingsError(
            ['the key ring is not of the form {"pepper": …, "keys": {"1": …}}']
        ) from exc


def keyring_file(path: Path) -> Keyring:
    """The key ring of a data folder, made at the first start with mode 0600."""
    try:
        if not path.exists():
            _make(path)
        return load_keyring(path.read_text())
    except OSError as exc:
        raise SettingsError(
            [f"the key file {path} cannot be read or made: {exc.strerror or exc}"]
        ) from exc


def _make(path: Path) -> None:
    fresh = {
        "pepper": base64.b64encode(secrets.token_bytes(32)).decode(),
        "keys": {"1": base64.b64encode(secrets.token_bytes(32)).decode()},
    }
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    partial.touch(mode=0o600)
    try:
        with partial.open("w") as file:
            json.dump(fresh, file)
            file.flush()
            os.fsync(file.fileno())  # what is sealed must not outlive its key
        path.hardlink_to(partial)  # unlike a rename, never replaces another process's keys
    except FileExistsError:
        pass
    finally:
        partial.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
