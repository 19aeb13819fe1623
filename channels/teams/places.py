"""Where to answer: the service address of each conversation, as its last activity told it."""

from collections import OrderedDict

MOST = 50_000
"""Conversations whose address is remembered; the least recently heard of is forgotten first."""


class Places:
    """Service addresses by conversation, by team or chat, and by tenant, the closest first."""

    def __init__(self, default: str) -> None:
        self._default = default
        self._known: OrderedDict[str, str] = OrderedDict()

    def heard(self, tenant: str, room: str, talk: str, service_url: str) -> None:
        """Somebody of this conversation was heard through this address."""
        for place in (tenant, room, talk):
            self._known[place] = service_url
            self._known.move_to_end(place)
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def joined(self, talk: str, service_url: str) -> None:
        """The bot has written there itself."""
        self._known[talk] = service_url

    def knows(self, talk: str) -> bool:
        """Whether the bot is in this conversation, as far as is remembered."""
        return talk in self._known

    def of(self, tenant: str, room: str, talk: str) -> str:
        """Where to answer there."""
        return next(
            (self._known[p] for p in (talk, room, tenant) if p in self._known), self._default
        )
