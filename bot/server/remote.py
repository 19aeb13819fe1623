"""Which network address a request comes from, as far as it can be believed."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

UNKNOWN = "unknown"


def remote_address(request: web.Request, trusted: tuple[IPv4Network | IPv6Network, ...]) -> str:
    """The caller's address as the key of its limits.

    `X-Forwarded-For` is read from the right, and only as far as the chain of trusted proxies
    goes: whatever stands further left was written by the caller.
    """
    seen = _parse(request.remote or "")
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
    for hop in reversed([h.strip() for h in forwarded.split(",") if h.strip()]):
        if seen is None or not any(seen in network for network in trusted):
            break
        seen = _parse(hop) or seen
    return _bucket(seen)


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _bucket(address: IPv4Address | IPv6Address | None) -> str:
    if isinstance(address, IPv6Address):
        # One household or host gets a whole /64 (RFC 6177): its addresses count as one.
        return str(ip_network((address, 64), strict=False))
    return UNKNOWN if address is None else str(address)
