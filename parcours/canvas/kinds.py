"""What cards of each kind have beyond words: their details, as data that forms, cards and the API share.

A card that moves to a row of another kind keeps its details; only those of its new kind are shown.
"""

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from parcours.canvas.enums import LaneKind
from parcours.core.errors import BadInput
from parcours.core.text import one_line
from parcours.events.channels import channel_label

FieldType = Literal["text", "address", "choice", "number", "whole", "channel", "touchpoint", "value"]
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """One detail. `choices` are values with their label; `least` and `most` bound a number, or the
    characters of a text.
    """

    name: str
    label: Words
    type: FieldType = "text"
    choices: tuple[tuple[str, Words], ...] = ()
    least: int = 0
    most: int = 120
    hint: Words = ""

    def label_of(self, value: str) -> str:
        return str(dict(self.choices).get(value, value))


DOES = (
    ("chat", gettext_lazy("Live chat")),
    ("reply", gettext_lazy("Quick reply")),
    ("article", gettext_lazy("Article of the help centre")),
    ("bot", gettext_lazy("Answer of the bot")),
    ("playbook", gettext_lazy("Playbook that sends")),
    ("review", gettext_lazy("Request for a review")),
    ("referral", gettext_lazy("Code to pass on")),
    ("call", gettext_lazy("Call")),
    ("other", pgettext_lazy("kind of action", "Something else")),
)
STATES = (
    ("idea", gettext_lazy("Idea")),
    ("planned", gettext_lazy("Planned")),
    ("running", gettext_lazy("Running")),
    ("stopped", gettext_lazy("Stopped")),
)
DEVICES = (("desktop", gettext_lazy("Computer")), ("phone", pgettext_lazy("a device", "Phone")))
DIRECTIONS = (
    ("up", gettext_lazy("More is better")),
    ("down", gettext_lazy("Less is better")),
)
SEVERITIES = (
    ("1", gettext_lazy("1: a nuisance")),
    ("2", gettext_lazy("2: costs time")),
    ("3", gettext_lazy("3: makes them ask")),
    ("4", gettext_lazy("4: makes them hesitate")),
    ("5", gettext_lazy("5: makes them leave")),
)
TONES = (
    ("note", pgettext_lazy("tone of a card", "Note")),
    ("idea", pgettext_lazy("tone of a card", "Idea")),
    ("decision", pgettext_lazy("tone of a card", "Decision")),
    ("risk", pgettext_lazy("tone of a card", "Risk")),
)
LANGUAGES = (("fr", gettext_lazy("French")), ("en", gettext_lazy("English")))

FIELDS: dict[str, tuple[Field, ...]] = {
    LaneKind.NEED: (
        Field(
            "source",
            gettext_lazy("Where it was said"),
            hint=gettext_lazy("For example: chat in March, 14 letters, survey after delivery"),
        ),
    ),
    LaneKind.MOMENT: (
        Field(
            "address",
            gettext_lazy("Address of the page"),
            "address",
            most=500,
            hint=gettext_lazy("Where the customer stands at this instant."),
        ),
        Field("device", gettext_lazy("Seen on"), "choice", DEVICES),
        Field("language", gettext_lazy("Language of the page"), "choice", LANGUAGES),
    ),
    LaneKind.ACTION: (
        Field("does", gettext_lazy("What it is"), "choice", DOES),
        Field("state", gettext_lazy("State"), "choice", STATES),
    ),
    LaneKind.TOUCHPOINT: (
        Field(
            "touchpoint",
            gettext_lazy("Touchpoint of this journey"),
            "touchpoint",
            hint=gettext_lazy("The card then shows how many customers really met it."),
        ),
    ),
    LaneKind.CHANNEL: (Field("channel", gettext_lazy("Channel"), "channel", most=60),),
    LaneKind.EMOTION: (
        Field(
            "level",
            gettext_lazy("How the customer feels"),
            "whole",
            least=-100,
            most=100,
            hint=gettext_lazy("From −100, very unhappy, to 100, very happy."),
        ),
    ),
    LaneKind.QUESTION: (),
    LaneKind.MOTIVATION: (),
    LaneKind.PAIN: (Field("severity", gettext_lazy("How much it hurts"), "choice", SEVERITIES),),
    LaneKind.KPI: (
        Field("current", pgettext_lazy("value of a KPI", "Now"), "number"),
        Field("target", gettext_lazy("Target"), "number"),
        Field("unit", gettext_lazy("Unit"), most=20, hint=gettext_lazy("For example: %, min, of 10")),
        Field("direction", gettext_lazy("Direction"), "choice", DIRECTIONS),
    ),
    LaneKind.BRAND_FIT: (Field("value", gettext_lazy("Value of the brand"), "value"),),
    LaneKind.EMPLOYEE: (
        Field(
            "team", gettext_lazy("Team"), hint=gettext_lazy("For example: customer service, shop, returns")
        ),
    ),
    LaneKind.FREE: (Field("tone", gettext_lazy("What kind of note"), "choice", TONES),),
}
"""By kind, in the order in which a form asks for them."""

EXAMPLE = "example"
"""Beside the details of its kind, a card of a template says that it is one."""

_BY_NAME = {field.name: field for fields in FIELDS.values() for field in fields}
_LARGEST = 10**12
_FEELINGS = (
    (-60, gettext_lazy("very unhappy")),
    (-20, gettext_lazy("rather unhappy")),
    (19, gettext_lazy("neither happy nor unhappy")),
    (59, gettext_lazy("rather happy")),
    (100, gettext_lazy("very happy")),
)


def fields_of(kind: str) -> tuple[Field, ...]:
    return FIELDS.get(kind, ())


def clean_details(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The details as they are stored: without those that say nothing, numbers as numbers.

    Details of other kinds are kept, so that a card that was moved loses nothing. Raises BadInput that names
    the place (`details.severity`).
    """
    own = {field.name: field for field in fields_of(kind)}
    cleaned: dict[str, Any] = {}
    for name, value in given.items():
        if name == EXAMPLE:
            cleaned |= {name: True} if value is True else {}
            continue
        field = own.get(name) or _BY_NAME.get(name)
        if field is None:
            raise BadInput(
                _("A card of this kind has no detail “{name}”.").format(name=name),
                where=f"details.{name}",
                remedy=_("Known here: {names}.").format(names=", ".join(own) or "–"),
            )
        kept = _cleaned(field, value)
        if kept is not None:
            cleaned[name] = kept
    return cleaned


def changed_details(kind: str, old: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The old details with those that are given; what is given as empty goes. Raises BadInput."""
    kept = {name: value for name, value in old.items() if name not in given}
    return kept | clean_details(kind, given)


def shown_details(
    kind: str, details: Mapping[str, Any], *, touchpoints: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """Label and value of what the card says beyond words, in the reader's language.

    `touchpoints` are the names of the journey's touchpoints by id.
    """
    return [
        (str(field.label), shown_value(field, details[field.name], touchpoints or {}))
        for field in fields_of(kind)
        if field.name in details
    ]


def shown_value(field: Field, value: Any, touchpoints: Mapping[str, str]) -> str:
    if field.type == "choice":
        return field.label_of(str(value))
    if field.type == "channel":
        return channel_label(str(value))
    if field.type == "touchpoint":
        return touchpoints.get(str(value), _("a touchpoint that was removed"))
    if field.name == "level":
        return _("{feeling}, {level}").format(feeling=feeling(value), level=signed(value))
    if isinstance(value, int | float):
        return number_format(value, force_grouping=True)
    return str(value)


def feeling(level: int) -> str:
    """The level of an emotion in one of five plain expressions."""
    return next(str(words) for most, words in _FEELINGS if level <= most)


def signed(level: int) -> str:
    """−40, 0, +65."""
    return f"−{-level}" if level < 0 else f"+{level}" if level else "0"


def severity(details: Mapping[str, Any]) -> int:
    """How much a pain point hurts, from 1 to 5; 0 when nobody has said."""
    return int(details.get("severity", 0))


def _cleaned(field: Field, value: Any) -> Any:
    where = f"details.{field.name}"
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if field.type in {"number", "whole"}:
        return _number(field, value, where)
    if field.name == "severity":
        return int(_choice(field, str(value).strip(), where))
    if not isinstance(value, str):
        raise BadInput(_("A text in quotes belongs here."), where=where)
    text = one_line(value.replace("\0", ""))
    if field.type == "choice":
        return _choice(field, text, where)
    if field.type == "touchpoint":
        return _identifier(text, where)
    if len(text) > field.most:
        raise BadInput(
            _("This text has {n} characters; at most {most} fit here.").format(n=len(text), most=field.most),
            where=where,
        )
    return _address(text, where) if field.type == "address" else text


def _choice(field: Field, text: str, where: str) -> str:
    known = dict(field.choices)
    if text not in known:
        raise BadInput(
            _("“{text}” is none of the choices.").format(text=text),
            where=where,
            remedy=_("Use one of: {known}.").format(known=", ".join(known)),
        )
    return text


def _number(field: Field, value: Any, where: str) -> int | float:
    """As typed in either language: 12.5 or 12,5, with − for minus."""
    wrong = BadInput(_("“{text}” is not a number.").format(text=value), where=where)
    if isinstance(value, bool):
        raise wrong
    try:
        typed = "".join(str(value).split()).replace("−", "-").replace(",", ".")
        found = float(typed)
    except ValueError as error:
        raise wrong from error
    if not math.isfinite(found) or abs(found) > _LARGEST:
        raise wrong
    if field.type == "whole":
        if found != int(found) or not field.least <= found <= field.most:
            raise BadInput(
                _("A whole number from {least} to {most} belongs here.").format(
                    least=field.least, most=field.most
                ),
                where=where,
            )
        return int(found)
    return int(found) if found == int(found) else found


def _identifier(text: str, where: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise BadInput(_("“{text}” is not an id.").format(text=text), where=where) from error


def _address(text: str, where: str) -> str:
    """A page on the web; without a scheme it is taken for https."""
    whole = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(whole)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
        raise BadInput(
            _("“{text}” is not the address of a page.").format(text=text),
            where=where,
            remedy=_("It looks like https://shop.example/cart."),
        )
    return whole
