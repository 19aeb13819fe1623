"""What tells who somebody is goes; what a question is about stays."""

import pytest

from bot.core.masking import masked

ANYBODY = {
    "write to eva.m+x@shop.example.org please": "write to [e-mail] please",
    "call +49 (0)151 234-56789 today": "call [number] today",
    "my card 4111 1111 1111 1111": "my card [number]",
    "where is ORD-12345?": "where is [number]?",
    "order no. 1234 is late": "order no. [number] is late",
    "Bestellung 987 fehlt": "Bestellung [number] fehlt",
    "#4711 is mine": "#[number] is mine",
    "my pin is 4711": "my pin is [number]",
    "IBAN DE89370400440532013000": "IBAN [number]",
    "ask @eva_m": "ask [name]",
    "see https://shop.example/track?token=abc&x=1 there": "see https://shop.example/track there",
}
KEPT = (
    "does the iPhone 15 fit?",
    "is it open 24h in 2026?",
    "it costs 19.90 euros, 2 for 30",
    "can I order two?",
    "what is your order number format?",
    "my code does not work",
)


@pytest.mark.parametrize(("said", "kept"), ANYBODY.items())
def test_who_it_is_is_taken_out(said: str, kept: str):
    assert masked(said) == kept


@pytest.mark.parametrize("said", KEPT)
def test_what_it_is_about_stays(said: str):
    assert masked(said) == said


def test_names_are_taken_out_whole_and_in_part():
    said = "Hi Eva Maria, this is anna. Evaluate it, Eva."
    assert (
        masked(said, ["Eva Maria Li", "Anna"]) == "Hi [name], this is [name]. Evaluate it, [name]."
    )
