"""What customers are asked to allow, and with which words. A brand starts with the usual purposes."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.customers.privacy_models import Purpose, Wording
from parcours.journal.writes import record

CHANNELS = ("", "email", "sms", "whatsapp", "phone", "post", "web")
LANGUAGES = ("fr", "en")
LONGEST_WORDING = 1_000
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class _Default(NamedTuple):
    key: str
    channel: str
    names: dict[str, str]
    texts: dict[str, str]


DEFAULTS = (
    _Default(
        "marketing",
        "email",
        {"fr": "Offres par e-mail", "en": "Offers by e-mail"},
        {
            "fr": "J’accepte de recevoir par e-mail les nouveautés et les offres de {brand}.",
            "en": "I agree to receive news and offers from {brand} by e-mail.",
        },
    ),
    _Default(
        "marketing",
        "sms",
        {"fr": "Offres par SMS", "en": "Offers by text message"},
        {
            "fr": "J’accepte de recevoir par SMS les nouveautés et les offres de {brand}.",
            "en": "I agree to receive news and offers from {brand} by text message.",
        },
    ),
    _Default(
        "marketing",
        "whatsapp",
        {"fr": "Offres par WhatsApp", "en": "Offers on WhatsApp"},
        {
            "fr": "J’accepte de recevoir sur WhatsApp les nouveautés et les offres de {brand}.",
            "en": "I agree to receive news and offers from {brand} on WhatsApp.",
        },
    ),
    _Default(
        "analytics",
        "",
        {"fr": "Mesure d’audience", "en": "Audience measurement"},
        {
            "fr": "J’accepte que {brand} étudie mes visites pour améliorer sa boutique.",
            "en": "I agree that {brand} studies my visits to improve its shop.",
        },
    ),
    _Default(
        "opens",
        "email",
        {"fr": "Suivi de l’ouverture des e-mails", "en": "Seeing which e-mails are opened"},
        {
            "fr": "J’accepte que {brand} sache quels e-mails j’ouvre.",
            "en": "I agree that {brand} sees which e-mails I open.",
        },
    ),
    _Default(
        "clicks",
        "email",
        {"fr": "Suivi des clics dans les e-mails", "en": "Seeing which links in e-mails are followed"},
        {
            "fr": "J’accepte que {brand} sache sur quels liens je clique dans ses e-mails.",
            "en": "I agree that {brand} sees which links in its e-mails I follow.",
        },
    ),
    _Default(
        "personalisation",
        "",
        {"fr": "Conseils personnalisés", "en": "Personal suggestions"},
        {
            "fr": "J’accepte que {brand} adapte ses conseils à mes achats et à mes visites.",
            "en": "I agree that {brand} adapts its suggestions to what I bought and looked at.",
        },
    ),
)


@dataclass(frozen=True, slots=True)
class PurposeView:
    """A purpose with the wording in force."""

    id: uuid.UUID
    key: str
    channel: str
    names: dict[str, str]
    on_page: bool
    wording_id: uuid.UUID
    version: int
    texts: dict[str, str]
    since: datetime

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_language(self.names)

    @property
    def text(self) -> str:
        return in_language(self.texts)

    @property
    def code(self) -> str:
        """How rules and files name it: `marketing.email`, `analytics`."""
        return f"{self.key}.{self.channel}" if self.channel else self.key


def in_language(texts: Mapping[str, str]) -> str:
    """The text of the reader's language, or the first there is."""
    language = (translation.get_language() or "en")[:2]
    return texts.get(language) or next(iter(texts.values()), "")


def purposes(brand: Brand) -> tuple[PurposeView, ...]:
    """The purposes of a brand in their order; a new brand's are made here."""
    rows = _rows(brand)
    if not rows:
        _make_defaults(brand)
        rows = _rows(brand)
    newest = {}
    for wording in Wording.objects.filter(purpose__brand=brand).order_by("version"):
        newest[wording.purpose_id] = wording
    return tuple(_view(row, newest[row.pk]) for row in rows)


def purpose(brand: Brand, purpose_id: uuid.UUID) -> PurposeView:
    """Raises NotFound."""
    for each in purposes(brand):
        if each.id == purpose_id:
            return each
    raise NotFound(_("There is no such purpose."))


def wordings(brand: Brand, purpose_id: uuid.UUID) -> list[Wording]:
    """Every version of a purpose's wording, the newest first."""
    return list(Wording.objects.filter(purpose__brand=brand, purpose=purpose_id).order_by("-version"))


@transaction.atomic
def do_add_purpose(
    brand: Brand,
    key: str,
    *,
    channel: str = "",
    names: Mapping[str, str],
    texts: Mapping[str, str],
    acting_user: Actor,
) -> PurposeView:
    """Raises BadInput for a key, channel, name or wording that can't be, Conflict when it is there."""
    acting_user.require("brand.manage")
    if not _KEY.fullmatch(key):
        raise BadInput(
            _("A purpose's key is written in small letters, digits and _, and begins with a letter."),
            where="key",
        )
    if channel not in CHANNELS:
        raise BadInput(_("There is no channel “{channel}”.").format(channel=channel), where="channel")
    said, words = _in_all_languages(names, "name"), _in_all_languages(texts, "text")
    existing = purposes(brand)
    if any((each.key, each.channel) == (key, channel) for each in existing):
        raise Conflict(_("There is such a purpose already."), where="key")
    row = Purpose.objects.create(
        brand=brand, key=key, channel=channel, names=said, position=len(existing) + 1
    )
    Wording.objects.create(purpose=row, version=1, texts=words, actor_label=acting_user.label[:160])
    record(acting_user, "purpose added", "purpose", row.pk, {"key": key, "channel": channel, "texts": words})
    return purpose(brand, row.pk)


@transaction.atomic
def do_change_purpose(
    brand: Brand,
    purpose_id: uuid.UUID,
    *,
    names: Mapping[str, str],
    texts: Mapping[str, str],
    on_page: bool,
    acting_user: Actor,
) -> PurposeView:
    """A wording that differs becomes a new version; what customers said was said to the words they saw.

    Raises BadInput, NotFound.
    """
    acting_user.require("brand.manage")
    before = purpose(brand, purpose_id)
    said, words = _in_all_languages(names, "name"), _in_all_languages(texts, "text")
    row = Purpose.objects.select_for_update().get(brand=brand, pk=purpose_id)
    row.names, row.on_page = said, on_page
    row.save(update_fields=["names", "on_page"])
    if words != before.texts:
        label = acting_user.label[:160]
        Wording.objects.create(purpose=row, version=before.version + 1, texts=words, actor_label=label)
    changes = {
        "from": {"names": before.names, "texts": before.texts, "on_page": before.on_page},
        "to": {"names": said, "texts": words, "on_page": on_page},
    }
    record(acting_user, "purpose changed", "purpose", row.pk, changes)
    return purpose(brand, row.pk)


def _in_all_languages(texts: Mapping[str, str], where: str) -> dict[str, str]:
    cleaned = {language: str(texts.get(language, "")).replace("\0", "").strip() for language in LANGUAGES}
    if not all(cleaned.values()):
        raise BadInput(_("Write it in French and in English: customers read both."), where=where)
    if max(map(len, cleaned.values())) > LONGEST_WORDING:
        raise BadInput(_("This is too long: at most {n} characters.").format(n=LONGEST_WORDING), where=where)
    return cleaned


def _rows(brand: Brand) -> list[Purpose]:
    return list(Purpose.objects.filter(brand=brand).order_by("position", "key", "channel"))


@transaction.atomic
def _make_defaults(brand: Brand) -> None:
    for position, default in enumerate(DEFAULTS, 1):
        row, made = Purpose.objects.get_or_create(
            brand=brand,
            key=default.key,
            channel=default.channel,
            defaults={"names": default.names, "position": position},
        )
        if made:
            texts = {language: text.format(brand=brand.name) for language, text in default.texts.items()}
            Wording.objects.create(purpose=row, version=1, texts=texts)


def _view(row: Purpose, wording: Wording) -> PurposeView:
    return PurposeView(
        id=row.pk,
        key=row.key,
        channel=row.channel,
        names=row.names,
        on_page=row.on_page,
        wording_id=wording.pk,
        version=wording.version,
        texts=wording.texts,
        since=wording.created_at,
    )
