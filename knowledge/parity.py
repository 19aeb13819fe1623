"""The texts on which an exported encoder must agree with the original."""

SAMPLE = (
    "where is my order",
    "Where can I see how far my parcel has come?",
    "parcel not here!!!",
    "refund",
    "How long does a refund take once you have received the coat?",
    "i cant log in",
    "I forgot my password and the reset mail never arrives.",
    "vpn",
    "The VPN drops every ten minutes when I work from home on wifi.",
    "Can I talk to a person, please?",
    "pls help",
    "How do I set up two-factor authentication on a new phone?",
    "Do you deliver to Portugal, and what does it cost?",
    "wats ur return policy",
    "my screen is broken and I have a presentation at 3 pm",
    "Is there a discount for students?",
    "I was charged twice: once on 3 May for €49.90 and again on 5 May for the same amount.",
    "Thanks, that worked.",
    "no",
    "asdf qwer",
    "¿Dónde está mi pedido?",
    "Wo ist mein Paket?",
    "Order #A-10234/77 :: status??",
    "",
    "Returns are free within thirty days. Pack the item, print the label from your account, stick"
    " it on the box and hand the box in at any drop-off point. We send an e-mail when it arrives"
    " and pay the money back the way you paid, which takes three to five working days.",
    "Open the settings, choose network, forget the wireless network, then join it again with your"
    " e-mail address. " * 24,
)
