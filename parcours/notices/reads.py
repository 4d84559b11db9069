"""What a person is told. Whatever is read here is read for one person of one brand."""

import uuid
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import NotFound
from parcours.core.registry import notice_kinds
from parcours.notices.enums import MailState, MailWhen
from parcours.notices.kinds import kind_named
from parcours.notices.models import Mail, MailChoice, Notice
from parcours.notices.shapes import FailedMail, KindChoice, NoticeDay, NoticePage, NoticeView

A_PAGE = 50


def unread_count(actor: Actor) -> int:
    """How many notices the actor hasn't read; programs and the system have none."""
    return _of(actor).filter(read_at=None).count() if actor.kind == "person" else 0


def notices(
    brand: Brand,
    actor: Actor,
    *,
    kind: str = "",
    unread_only: bool = False,
    before: uuid.UUID | None = None,
    limit: int = A_PAGE,
) -> NoticePage:
    """A page of the actor's notices by day, the newest first; `before` continues after a page."""
    rows = _of(actor)
    kinds = sorted(rows.order_by().values_list("kind", flat=True).distinct())
    unread = rows.filter(read_at=None).count()
    if kind:
        rows = rows.filter(kind=kind)
    if unread_only:
        rows = rows.filter(read_at=None)
    if before is not None and (last := _of(actor).filter(pk=before).first()):
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    found = [notice_view(row) for row in rows.order_by("-at", "-pk")[: limit + 1]]
    shown = found[:limit]
    zone = ZoneInfo(brand.time_zone)
    days = tuple(
        NoticeDay(day, tuple(group))
        for day, group in groupby(shown, key=lambda notice: notice.at.astimezone(zone).date())
    )
    older = shown[-1].id if len(found) > limit else None
    return NoticePage(days, tuple((key, kind_named(key).label) for key in kinds), unread, older)


def notice(actor: Actor, notice_id: uuid.UUID) -> NoticeView:
    """One of the actor's own. Raises NotFound."""
    row = _of(actor).filter(pk=notice_id).first()
    if row is None:
        raise NotFound(_("There is no such notice."), remedy=_("It may be too old to be kept."))
    return notice_view(row)


def mail_choices(brand_id: uuid.UUID, person_id: uuid.UUID) -> tuple[KindChoice, ...]:
    """When a person gets mails, for every kind there is."""
    made = dict(
        MailChoice.objects.filter(brand_id=brand_id, person_id=person_id).values_list("kind", "choice")
    )
    return tuple(
        KindChoice(key, kind.label, made.get(key, kind.mail)) for key, kind in notice_kinds.all().items()
    )


def who_wants_mail(
    brand_id: uuid.UUID, person_ids: list[uuid.UUID], kind: str, when: MailWhen
) -> set[uuid.UUID]:
    """Those of the people who want mails of a kind just then."""
    chosen = MailChoice.objects.filter(brand_id=brand_id, person_id__in=person_ids, kind=kind)
    made = dict(chosen.values_list("person_id", "choice"))
    default = kind_named(kind).mail
    return {person_id for person_id in person_ids if made.get(person_id, default) == when}


def failed_mails(actor: Actor) -> tuple[FailedMail, ...]:
    """Mails of the brand that were given up, the last one first."""
    actor.require("people.manage")
    rows = Mail.objects.filter(brand_id=actor.brand_id, state=MailState.FAILED)
    return tuple(
        FailedMail(row.pk, row.person.label, row.n, row.tries, row.problem, row.created_at)
        for row in rows.select_related("person").annotate(n=Count("notices")).order_by("-pk")[:200]
    )


def notice_view(row: Notice) -> NoticeView:
    return NoticeView(row.pk, row.kind, row.facts, row.url, row.actor_label, row.at, row.read_at)


def _of(actor: Actor) -> QuerySet[Notice]:
    if actor.kind != "person" or actor.id is None:
        return Notice.objects.none()
    return Notice.objects.filter(person_id=actor.id, brand_id=actor.brand_id)
