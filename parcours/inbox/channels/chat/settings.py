"""What the form of a chat account asks for."""

from django.utils.translation import gettext_lazy as _

from parcours.inbox.channels.base import Setting

_ASKED = (("no", _("Don’t ask")), ("optional", _("Ask")), ("required", _("Ask, must be answered")))

SETTINGS = (
    Setting(
        "origins",
        _("Where the chat may appear"),
        _("One address a line, as https://www.example.com. Nobody else can use the chat."),
        kind="lines",
    ),
    Setting("greeting_en", _("Greeting in English"), required=False, default="Hello, how can we help?"),
    Setting(
        "greeting_fr",
        _("Greeting in French"),
        required=False,
        default="Bonjour, comment pouvons-nous vous aider\N{NARROW NO-BREAK SPACE}?",
    ),
    Setting("colour", _("Colour"), _("As #1f5c4d."), required=False, default="#1f5c4d"),
    Setting(
        "position",
        _("Corner"),
        kind="choice",
        default="right",
        choices=(("right", _("Bottom right")), ("left", _("Bottom left"))),
    ),
    Setting("ask_name", _("Name, before the chat"), kind="choice", default="no", choices=_ASKED),
    Setting("ask_email", _("E-mail, before the chat"), kind="choice", default="no", choices=_ASKED),
    Setting("ask_topic", _("Topic, before the chat"), kind="choice", default="no", choices=_ASKED),
    Setting("topics", _("Topics to choose from"), _("One a line."), kind="lines", required=False),
    Setting(
        "hours",
        _("When somebody answers"),
        _(
            "One span a line, as “mon-fri 09:00-18:00”, in the brand’s time zone. Empty: at the business"
            " hours under Hours, without any at all times."
        ),
        kind="lines",
        required=False,
    ),
    Setting(
        "away",
        _("While nobody answers"),
        kind="choice",
        default="form",
        choices=(("form", _("Ask for an e-mail address")), ("chat", _("Take messages as usual"))),
    ),
    Setting(
        "answers",
        _("Say when an answer will come"),
        _("After the first message: the opening hours, or the time within which you have answered lately."),
        kind="check",
        required=False,
        default="1",
    ),
    Setting(
        "rating",
        _("Ask how it was when a conversation is closed"),
        kind="check",
        required=False,
        default="1",
    ),
    Setting(
        "secret",
        _("Secret for signed visitors"),
        _("The shop’s server signs its customers’ ids with it; their history then follows them."),
        kind="secret",
        made=True,
    ),
)
