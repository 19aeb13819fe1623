"""Connects to public addresses only: what a name means is looked up once, checked, then used."""

import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

import httpcore2
from typing_extensions import override

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]
_Option: TypeAlias = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)

# An IPv4 address may hide in the last four bytes of these.
_TRANSLATED = IPv6Network("64:ff9b::/96")
_LOCAL = tuple(
    ip_network(one) for one in ("192.0.0.0/24", "64:ff9b:1::/48", "::ffff:0:0:0/96", "fec0::/10")
)


class Private(Exception):
    """The address is not one of the public network."""


def look_up(host: str, port: int) -> list[str]:
    """Every address of a name. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(address: str) -> bool:
    """False for loopback, private, link-local, reserved and multicast addresses."""
    plain = ip_address(address.partition("%")[0])
    return all(one.is_global and not one.is_multicast and not _local(one) for one in _meant(plain))


def _local(address: IPv4Address | IPv6Address) -> bool:
    """What some versions of Python take for public."""
    return any(address in network for network in _LOCAL if network.version == address.version)


def _meant(address: IPv4Address | IPv6Address) -> Iterable[IPv4Address | IPv6Address]:
    yield address
    if isinstance(address, IPv6Address):
        hidden = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _TRANSLATED or int(address) >> 32 == 0:
            hidden.append(IPv4Address(int(address) & 0xFFFFFFFF))
        # A mapped address counts as what it is mapped to.
        yield from (one for one in hidden if one is not None)


class GuardedBackend(httpcore2.NetworkBackend):
    """Dials no private address, whatever the name says now or after a redirect."""

    def __init__(
        self,
        *,
        allow_private: bool,
        resolve: Resolve = look_up,
        inner: httpcore2.NetworkBackend | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._inner = inner or httpcore2.SyncBackend()

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_Option] | None = None,
    ) -> httpcore2.NetworkStream:
        """Raises `Private`, and what the backend raises."""
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as exc:
            raise httpcore2.ConnectError(f"{host} is not known") from exc
        if not self._allow_private and not all(map(is_public, addresses)):
            raise Private(host)
        failed: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                # The address that was checked, not the name: it may mean another one by now.
                return self._inner.connect_tcp(address, port, timeout, local_address)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as exc:
                failed = exc
        raise failed
