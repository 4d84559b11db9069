"""What the page of an account needs beside its settings: secrets to copy, and a try."""

import uuid

from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.errors import NotFound
from parcours.core.secrets import unseal
from parcours.inbox.channels import channel_of
from parcours.inbox.models import ChannelAccount
from parcours.inbox.rights import MANAGE


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
    return channel_of(account.kind).test(account)


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
