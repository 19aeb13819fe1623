"""Asking for no more messages is heard in many words, and not in words about something else."""

import pytest

from bot.core.revoking import wants_none


@pytest.mark.parametrize(
    "words",
    [
        "stop",
        "STOP!!",
        "Stop please",
        "please stop",
        "unsubscribe",
        "opt out",
        "Please stop texting me",
        "can you stop texting me",
        "stop messaging me i already got my refund",
        "quit sending me texts",
        "stop sending me these messages",
        "Stop sending texts",
        "Stop with the messages already",
        "don\u2019t text me again",
        "dont text me anymore",
        "do not contact me again please",
        "Do not message me.",
        "don't send me any more messages",
        "no more texts please",
        "no more messages",
        "take me off your list",
        "remove my number from your list",
        "opt me out",
        "unsubscribe me",
        "I want to opt out",
        "i dont want to get any more messages",
        "I no longer wish to receive your texts",
        "leave me alone",
        "deja de escribirme",
        "por favor dejen de mandarme mensajes",
        "no me escriban m\u00e1s",
        "No quiero recibir m\u00e1s mensajes",
        "no m\u00e1s mensajes",
        "alto",
        "H\u00f6ren Sie auf mir zu schreiben",
        "bitte schreiben Sie mir nicht mehr",
        "Bitte keine Nachrichten mehr",
        "keine sms mehr!",
        "lasst mich in Ruhe",
        "arr\u00eatez de m'\u00e9crire",
        "plus de messages svp",
    ],
)
def test_these_want_no_more(words: str):
    assert wants_none(words)


@pytest.mark.parametrize(
    "words",
    [
        "stop the delivery please",
        "how do I unsubscribe from the newsletter?",
        "I want to unsubscribe from your newsletter",
        "why did you stop texting me about my order?",
        "you stopped messaging me, did my parcel arrive?",
        "please don't stop texting me updates",
        "how can I stop sending my order to the old address",
        "stop sending me the wrong size",
        "don't text me, call me instead",
        "do not contact me before 9 am, I sleep",
        "the text messages don't arrive",
        "I get no text messages any more",
        "when does the sale stop",
        "yes",
        "no",
        "start",
        "cancel my order",
        "quit",
        "my subscription ends when?",
        "quiero dar de baja mi suscripci\u00f3n",
        "no me ha llegado el pedido",
        "ich habe keine Nachricht bekommen",
        "warum bekomme ich keine SMS mehr?",
        "keine Ahnung welche Gr\u00f6\u00dfe",
        "plus de stock ?",
    ],
)
def test_these_are_about_something_else(words: str):
    assert not wants_none(words)
