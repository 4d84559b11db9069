"""Making links for people without an account, taking them back, and opening them."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from parcours.accounts.reads import digest_of
from parcours.accounts.rights import Actor
from parcours.canvas.models import Journey
from parcours.canvas.shares.models import Share
from parcours.canvas.shares.reads import share_view, sub_journeys
from parcours.canvas.shares.shapes import NewShare, OpenShare, ShareView
from parcours.canvas.writes.common import clean, locked_journey, tell
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound, ParcoursError
from parcours.core.ids import new_secret
from parcours.core.periods import read_period

MOST_SHARES = 100
MOST_ORIGINS = 20
SHORTEST_PASSWORD = 8
MOST_TRIES = 10
TRIES_IN = timedelta(minutes=15)


class TooManyTries(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    status = 429


@transaction.atomic
def make_share(
    journey_id: uuid.UUID,
    *,
    name: str,
    acting_user: Actor,
    password: str = "",
    expires_at: datetime | None = None,
    with_numbers: bool = False,
    period: str = "90d",
    segment: str = "",
    journeys: Collection[uuid.UUID] = (),
    origins: Collection[str] = (),
) -> NewShare:
    """A link that shows the journey to whoever has it. Its secret is in the answer and nowhere else.

    `journeys` are those that its cards lead to and that may be opened too; `origins` are the sites that may
    show it inside their pages. Raises BadInput.
    """
    journey = locked_journey(journey_id, acting_user)
    if Share.objects.filter(journey=journey, revoked_at=None).count() >= MOST_SHARES:
        raise BadInput(_("A journey has at most {n} links.").format(n=MOST_SHARES))
    sites = [clean_origin(each) for each in origins if each.strip()]
    if password and sites:
        raise BadInput(
            _("A page inside another site can't ask for a password."),
            where="origins",
            remedy=_("Leave the password out, or make two links."),
        )
    if len(sites) > MOST_ORIGINS:
        raise BadInput(_("At most {n} sites fit here.").format(n=MOST_ORIGINS), where="origins")
    if expires_at is not None and expires_at <= now():
        raise BadInput(_("This day is over already."), where="expires_at")
    read_period({"period": period}, "UTC")
    token = new_secret("s")
    row = Share.objects.create(
        journey=journey,
        name=clean(name, where="name", most=120, line=True, required=True),
        digest=digest_of(token),
        password=_hashed(password),
        expires_at=expires_at,
        with_numbers=with_numbers,
        period=period,
        segment=segment,
        journeys=_led_to(journey, journeys),
        origins=list(dict.fromkeys(sites)),
        made_by=acting_user.label,
    )
    _tell(acting_user, journey, "share made", row)
    return NewShare(share_view(row), token)


@transaction.atomic
def renew_share(journey_id: uuid.UUID, share_id: uuid.UUID, *, acting_user: Actor) -> NewShare:
    """The same link under a new address; the old address opens nothing from now on."""
    journey = locked_journey(journey_id, acting_user)
    row = _share(journey, share_id)
    if row.revoked_at is not None:
        raise NotFound(_("This link was taken back."), remedy=_("Make a new one."))
    token = new_secret("s")
    row.digest = digest_of(token)
    row.save(update_fields=["digest"])
    _tell(acting_user, journey, "share renewed", row)
    return NewShare(share_view(row), token)


@transaction.atomic
def revoke_share(journey_id: uuid.UUID, share_id: uuid.UUID, *, acting_user: Actor) -> ShareView:
    """The link opens nothing from this moment on; taking it back twice changes nothing."""
    journey = locked_journey(journey_id, acting_user)
    row = _share(journey, share_id)
    if row.revoked_at is None:
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        _tell(acting_user, journey, "share revoked", row)
    return share_view(row)


def count_opening(opened: OpenShare) -> None:
    """Somebody looked. Nothing about them is kept."""
    Share.objects.filter(pk=opened.share.id).update(opened=F("opened") + 1, last_opened_at=now())


def try_password(opened: OpenShare, password: str) -> bool:
    """Is it the share's password? Ten wrong ones in a quarter of an hour close the form until it is over:
    then it raises TooManyTries, whatever was typed. Who got in before stays in.
    """
    with transaction.atomic():
        row = Share.objects.select_for_update(no_key=True).get(pk=opened.share.id)
        if row.wrong_since is None or row.wrong_since <= now() - TRIES_IN:
            row.wrong_passwords, row.wrong_since = 0, now()
        if row.wrong_passwords >= MOST_TRIES:
            raise TooManyTries(
                _("There were too many wrong passwords."), remedy=_("Try again in a quarter of an hour.")
            )
        row.wrong_passwords += 1
        row.save(update_fields=["wrong_passwords", "wrong_since"])
    if not check_password(password, row.password):
        return False
    Share.objects.filter(pk=row.pk, wrong_passwords__gt=0).update(wrong_passwords=F("wrong_passwords") - 1)
    return True


def clean_origin(text: str) -> str:
    """`https://wiki.example` from what was typed. Raises BadInput for what names no site."""
    typed = text.strip()
    parts = urlsplit(typed if "://" in typed else f"https://{typed}")
    try:
        port = parts.port
    except ValueError:
        port = -1
    host = (parts.hostname or "").encode("idna").decode() if _plain(parts.hostname) else ""
    local = host in {"localhost", "127.0.0.1"}
    if parts.scheme not in {"https", "http"} or not host or port == -1 or ("." not in host and not local):
        raise BadInput(
            _("“{text}” is not the address of a site.").format(text=typed),
            where="origins",
            remedy=_("It looks like https://wiki.example."),
        )
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def _plain(host: str | None) -> bool:
    """Letters, digits, dots and dashes: nothing that could end a header's directive."""
    return (
        bool(host) and all(each.isalnum() or each in ".-" for each in host or "") and ".." not in (host or "")
    )


def _hashed(password: str) -> str:
    if not password:
        return ""
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(
            _("The password has at least {n} characters.").format(n=SHORTEST_PASSWORD), where="password"
        )
    return make_password(password)


def _led_to(journey: Journey, wanted: Collection[uuid.UUID]) -> list[uuid.UUID]:
    if not wanted:
        return []
    known = {each.id for each in sub_journeys(journey.brand_id, journey.pk)}
    if set(wanted) - known:
        raise BadInput(_("No card of this journey leads there."), where="journeys")
    return sorted(set(wanted))


def _share(journey: Journey, share_id: uuid.UUID) -> Share:
    row = Share.objects.filter(journey=journey, pk=share_id).first()
    if row is None:
        raise NotFound(_("There is no such link."))
    return row


def _tell(acting_user: Actor, journey: Journey, verb: str, row: Share) -> None:
    data = {
        "name": row.name,
        "password": bool(row.password),
        "numbers": row.with_numbers,
        "journeys": [str(each) for each in row.journeys],
        "origins": row.origins,
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
    }
    payload = {"what": verb}
    tell(acting_user, journey, verb, "share", row.pk, data=data, event="shares.changed", payload=payload)
