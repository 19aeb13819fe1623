"""Where browsers reach the door: the address in every link that is printed."""

from ipaddress import IPv6Address, ip_address

from bot.settings import Settings

_EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  compared with, never listened on


def base_url(settings: Settings, port: int | None = None) -> str:
    """The address without a slash at its end; `port` is the one really taken, where known."""
    server = settings.server
    if server.public_url:
        return server.public_url.rstrip("/")
    return f"http://{local_host(server.host)}:{server.port if port is None else port}"


def local_host(host: str) -> str:
    """The host as this machine's own browser writes it."""
    if host in _EVERYWHERE:
        return "127.0.0.1"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return f"[{address}]" if isinstance(address, IPv6Address) else host


def is_loopback(host: str) -> bool:
    """Whether nobody on another machine can reach what listens there."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
