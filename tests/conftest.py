"""For every test: a clock that stands still, a clean environment and no way out to the network."""

import os
import signal
import socket
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from tests.fakes.clock import FakeClock


class NetworkReached(RuntimeError):
    """A test tried to reach somebody outside this machine."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the developer has set for their own Careline must not reach a test."""
    for name in [n for n in os.environ if n.startswith(("CARELINE_", "TEAMS_"))]:  # noqa: TID251  to empty it
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def usual_signals() -> None:
    """Programs that tests start hear every signal, even where `nohup` or a shell's `&` began it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Only loopback and unix sockets connect; only local names are looked up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
        look_up = socket.getaddrinfo

        def local(host, *args, **kwargs):
            _check(host)
            return look_up(host, *args, **kwargs)

        patch.setattr(socket, "getaddrinfo", local)
        yield


def _guarded(connect):
    def guarded(self: socket.socket, address, *args):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _check(address[0])
        return connect(self, address, *args)

    return guarded


def _check(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in ("", "localhost"):
        return
    try:
        local = ip_address(name).is_loopback or ip_address(name).is_unspecified
    except ValueError:
        local = False
    if not local:
        raise NetworkReached(f"a test tried to reach {name}")
