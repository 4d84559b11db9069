"""Quick replies: words that are written often, filled with what is known."""

import csv
import io
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.text import one_line, storable
from parcours.inbox.desk.models import QuickReply
from parcours.inbox.rights import MANAGE
from parcours.journal.writes import record

LANGUAGES = ("fr", "en")
VARIABLES = (
    "customer.first_name",
    "customer.name",
    "agent.first_name",
    "agent.name",
    "order.number",
    "conversation.number",
    "brand.name",
)
MOST_TEXT = 8_000
MOST_REPLIES = 1_000
_VARIABLE = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")
_COLUMNS = ("shortcut", "name", "fr", "en")


@dataclass(frozen=True, slots=True)
class ReplyView:
    """`texts` are by language."""

    id: uuid.UUID
    shortcut: str
    name: str
    texts: Mapping[str, str] = field(hash=False)
    stage_id: uuid.UUID | None = None
    revision: int = 1

    def in_language(self, language: str) -> str:
        """In that language, else in the one there is."""
        return self.texts.get(language) or next((text for text in self.texts.values() if text), "")


def replies(brand_id: uuid.UUID) -> tuple[ReplyView, ...]:
    """By shortcut."""
    rows = QuickReply.objects.filter(brand_id=brand_id, deleted_at=None).order_by("shortcut")
    return tuple(_view(row) for row in rows)


def reply(brand_id: uuid.UUID, reply_id: uuid.UUID) -> ReplyView:
    """Raises NotFound."""
    row = QuickReply.objects.filter(brand_id=brand_id, pk=reply_id, deleted_at=None).first()
    if row is None:
        raise NotFound(_("There is no such quick reply."))
    return _view(row)


def filled(text: str, values: Mapping[str, str]) -> str:
    """With what is known in place of the variables; one that isn't known stays as it is, to be seen."""
    return _VARIABLE.sub(lambda found: values.get(found[1]) or found[0], text)


def first_name(name: str) -> str:
    return name.split()[0] if name.split() and "@" not in name else ""


@transaction.atomic
def save_reply(
    brand: Brand,
    *,
    shortcut: str,
    name: str,
    texts: Mapping[str, str],
    stage_id: uuid.UUID | None = None,
    reply_id: uuid.UUID | None = None,
    revision: int | None = None,
    acting_user: Actor,
) -> ReplyView:
    """A new one, or another state of one. Raises BadInput with `where`, Conflict for a shortcut in use and
    when somebody changed it after `revision`.
    """
    acting_user.require(MANAGE)
    row = QuickReply(brand=brand, revision=0)
    if reply_id is not None:
        row = _row(brand.pk, reply_id)
    if revision is not None and revision != row.revision:
        raise Conflict(
            _("Somebody changed this quick reply a moment ago."), remedy=_("Look at it, then save.")
        )
    row.revision += 1
    row.shortcut = clean_shortcut(shortcut)
    row.name = one_line(storable(name))[:80]
    if not row.name:
        raise BadInput(_("This can't be empty."), where="name")
    row.texts = clean_texts(texts)
    row.stage_id, row.changed_at = stage_id, now()
    row.words = "\n".join([row.name, *row.texts.values()])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(
            _("“/{shortcut}” is another quick reply already.").format(shortcut=row.shortcut), where="shortcut"
        ) from error
    record(acting_user, "quick reply saved", "quick reply", row.pk, {"shortcut": row.shortcut})
    return _view(row)


@transaction.atomic
def delete_reply(reply_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Kept, so that it can come back."""
    acting_user.require(MANAGE)
    row = _row(acting_user.brand_id, reply_id)
    row.deleted_at = now()
    row.save(update_fields=["deleted_at"])
    record(acting_user, "quick reply deleted", "quick reply", row.pk, {"shortcut": row.shortcut})


@transaction.atomic
def restore_reply(reply_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Raises Conflict when its shortcut is another's meanwhile."""
    acting_user.require(MANAGE)
    row = _row(acting_user.brand_id, reply_id, deleted=True)
    row.deleted_at = None
    try:
        with transaction.atomic():
            row.save(update_fields=["deleted_at"])
    except IntegrityError as error:
        raise Conflict(
            _("“/{shortcut}” is another quick reply already.").format(shortcut=row.shortcut)
        ) from error
    record(acting_user, "quick reply restored", "quick reply", row.pk, {"shortcut": row.shortcut})


@transaction.atomic
def import_replies(brand: Brand, content: bytes, *, acting_user: Actor) -> int:
    """Rows of CSV with the columns shortcut, name, fr, en; a shortcut that is there gets the new words.

    All or nothing; returns how many. Raises BadInput with the line in `where`.
    """
    acting_user.require(MANAGE)
    known = {each.shortcut: each.id for each in replies(brand.pk)}
    rows = list(_rows(content))
    if len(rows) > MOST_REPLIES:
        raise BadInput(_("At most {n} quick replies fit into one file.").format(n=MOST_REPLIES))
    for line, row in rows:
        try:
            shortcut = clean_shortcut(row["shortcut"])
            saved = save_reply(
                brand,
                shortcut=shortcut,
                name=row["name"] or shortcut,
                texts={language: row[language] for language in LANGUAGES},
                reply_id=known.get(shortcut),
                acting_user=acting_user,
            )
        except BadInput as fault:
            raise BadInput(fault.what, where=_("line {n}").format(n=line)) from fault
        known[saved.shortcut] = saved.id
    return len(rows)


def _rows(content: bytes) -> Iterable[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(_("This file isn't UTF-8 text.")) from error
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in ("shortcut",) if name not in names]
    if missing or not {"fr", "en"} & set(names):
        raise BadInput(_("The first line must name the columns: {names}.").format(names=", ".join(_COLUMNS)))
    reader.fieldnames = names
    for row in reader:
        if any(isinstance(value, str) and value.strip() for value in row.values()):
            yield reader.line_num, {name: str(row.get(name) or "") for name in _COLUMNS}


def clean_shortcut(text: str) -> str:
    """Letters, digits and hyphens. Raises BadInput when nothing is left."""
    tidy = re.sub(r"[^\w-]+", "-", text.strip().removeprefix("/").lower()).strip("-")[:40]
    if not tidy:
        raise BadInput(_("A shortcut is made of letters, digits and hyphens."), where="shortcut")
    return tidy


def clean_texts(
    texts: Mapping[str, str], *, required: bool = True, variables: Sequence[str] = VARIABLES
) -> dict[str, str]:
    """Raises BadInput for an unknown variable, one too long, or (`required`) none at all."""
    kept = {}
    for language in LANGUAGES:
        tidy = storable(texts.get(language, "")).replace("\r\n", "\n").strip()
        if len(tidy) > MOST_TEXT:
            raise BadInput(_("This text is too long."), where=language)
        unknown = [name for name in _VARIABLE.findall(tidy) if name not in variables]
        if unknown:
            raise BadInput(
                _("There is no variable {name}.").format(name="{{" + unknown[0] + "}}"), where=language
            )
        if tidy:
            kept[language] = tidy
    if required and not kept:
        raise BadInput(_("Write it in at least one language."), where=LANGUAGES[0])
    return kept


def _row(brand_id: uuid.UUID, reply_id: uuid.UUID, *, deleted: bool = False) -> QuickReply:
    row = (
        QuickReply.objects.select_for_update()
        .filter(brand_id=brand_id, pk=reply_id, deleted_at__isnull=not deleted)
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such quick reply."))
    return row


def _view(row: QuickReply) -> ReplyView:
    return ReplyView(row.pk, row.shortcut, row.name, row.texts, row.stage_id, row.revision)
