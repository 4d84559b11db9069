import uuid

from django.utils.translation import gettext as _

from parcours.core.errors import NotFound
from parcours.inbox.channels import channel_of
from parcours.inbox.models import ChannelAccount
from parcours.inbox.shapes import AccountView


def accounts(brand_id: uuid.UUID) -> tuple[AccountView, ...]:
    """The brand's accounts that stand, in the order in which they were added."""
    rows = ChannelAccount.objects.filter(brand_id=brand_id, removed_at=None).order_by("created_at")
    return tuple(account_view(row) for row in rows)


def account(brand_id: uuid.UUID, account_id: uuid.UUID) -> AccountView:
    """Raises NotFound."""
    row = ChannelAccount.objects.filter(brand_id=brand_id, pk=account_id, removed_at=None).first()
    if row is None:
        raise NotFound(_("There is no such account."))
    return account_view(row)


def account_view(row: ChannelAccount) -> AccountView:
    channel = channel_of(row.kind)
    return AccountView(
        id=row.pk,
        kind=row.kind,
        kind_label=str(channel.label),
        icon=channel.icon,
        name=row.name,
        address=row.address,
        language=row.language,
        settings=row.settings,
        secrets_set=frozenset(row.secrets),
        enabled=row.enabled,
        hook_path=f"/hooks/{channel.hook}/{row.pk}" if channel.hook else "",
        received_at=row.received_at,
        refused_at=row.refused_at,
        sent_at=row.sent_at,
        failed_at=row.failed_at,
        fault=row.fault,
    )
