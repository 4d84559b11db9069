"""What the page of an account needs beside its settings: secrets to copy, and a try."""

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.errors import NotFound
from parcours.core.secrets import unseal
from parcours.inbox.channels import channel_of
from parcours.inbox.models import ChannelAccount
from parcours.inbox.rights import MANAGE


def entering(account_id: uuid.UUID, *, acting_user: Actor) -> tuple[bool, list[str]]:
    """Whether the platform calls, and what is to be entered there for that."""
    account = _account(account_id, acting_user)
    channel = channel_of(account.kind)
    return channel.is_called(account), list(channel.to_enter(account))


def made_secrets(account_id: uuid.UUID, *, acting_user: Actor) -> list[tuple[str, str]]:
    """What Parcours made up itself, to be entered at the platform: label and value."""
    account = _account(account_id, acting_user)
    return [
        (str(setting.label), unseal(account.secrets[setting.name]))
        for setting in channel_of(account.kind).settings
        if setting.made and setting.name in account.secrets
    ]


def test_account(account_id: uuid.UUID, *, acting_user: Actor) -> str:
    """Tries the settings; a sentence, or nothing where there is nothing to try. Raises ParcoursError."""
    account = _account(account_id, acting_user)
    channel = channel_of(account.kind)
    said = channel.test(account)
    return f"{said} {_calls(account)}".strip() if channel.is_called(account) else said


def _calls(account: ChannelAccount) -> str:
    """Whether the platform called, which only its call can prove."""
    if not settings.PUBLIC_URL:
        return _("The platform can’t call as long as this installation has no public address (PARCOURS_URL).")
    if account.received_at is None:
        return _("No call has come yet: write a message to the account to see one.")
    if account.refused_at is not None and account.refused_at > account.received_at:
        return _("The last call was refused: its signature is of another secret.")
    at = account.received_at.astimezone(ZoneInfo(account.brand.time_zone))
    when = date_format(at, "SHORT_DATETIME_FORMAT")
    return _("The last call came on {when}.").format(when=when)


def _account(account_id: uuid.UUID, acting_user: Actor) -> ChannelAccount:
    acting_user.require(MANAGE)
    row = (
        ChannelAccount.objects.select_related("brand", "source")
        .filter(pk=account_id, brand_id=acting_user.brand_id, removed_at=None)
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such account."))
    return row
