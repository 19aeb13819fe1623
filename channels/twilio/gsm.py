"""The alphabet of text messages, and how many of them a text takes.

https://www.twilio.com/docs/glossary/what-sms-character-limit
"""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")
"""These take the room of two."""
_PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2026": "...",
        "\u2022": "-",
        "\u00b7": "-",
        "\u2192": "->",
        "\u00d7": "x",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u200b": "",
        "\u00ad": "",
        "\t": " ",
        "`": "'",
    }
)
_ONE_GSM, _MORE_GSM, _ONE_WIDE, _MORE_WIDE = 160, 153, 70, 67


def plain(text: str) -> str:
    """The text with typographic signs as a phone's alphabet has them; one else makes all wide."""
    return text.translate(_PLAIN)


def segments(text: str) -> int:
    """How many messages the network makes, and charges, of it."""
    if all(sign in _BASIC or sign in _EXTENDED for sign in text):
        size = len(text) + sum(sign in _EXTENDED for sign in text)
        one, more = _ONE_GSM, _MORE_GSM
    else:
        size, one, more = len(text.encode("utf-16-le")) // 2, _ONE_WIDE, _MORE_WIDE
    return 1 if size <= one else -(-size // more)
