"""The only writers of accounts on channels."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.ids import new_secret
from parcours.core.outbound import check_address
from parcours.core.secrets import seal
from parcours.core.text import one_line
from parcours.events.enums import SourceKind
from parcours.events.writes import add_source, do_remove_source
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import Channel, Setting
from parcours.inbox.models import ChannelAccount
from parcours.inbox.rights import MANAGE
from parcours.journal.writes import record
from parcours.live.writes import publish

if TYPE_CHECKING:
    from parcours.events.models import Source


@transaction.atomic
def add_account(
    brand: Brand,
    kind: str,
    name: str,
    given: Mapping[str, str],
    *,
    acting_user: Actor,
    address: str = "",
    language: str = "",
) -> ChannelAccount:
    """An account on a channel, with what its form asks for; what Parcours makes up itself is made now.

    Raises BadInput with the field in `where`, Conflict when the name or address is taken.
    """
    acting_user.require(MANAGE)
    channel = channel_of(kind)
    wanted = one_line(name)[:80]
    if not wanted:
        raise BadInput(_("This can't be empty."), where="name")
    account = ChannelAccount(
        brand=brand,
        source=_source(brand, wanted, acting_user),
        kind=kind,
        name=wanted,
        address=_address(channel, address),
        language=language,
    )
    _set(account, channel, given, new=True)
    _save(account)
    record(acting_user, "channel added", "channel", account.pk, {"name": wanted, "kind": kind})
    _tell(account)
    return account


@transaction.atomic
def change_account(
    account_id: uuid.UUID,
    *,
    acting_user: Actor,
    name: str | None = None,
    given: Mapping[str, str] | None = None,
    address: str | None = None,
    language: str | None = None,
    enabled: bool | None = None,
) -> ChannelAccount:
    """Changes what is given; an empty secret leaves the one that is stored. Raises BadInput, Conflict."""
    account = _locked(account_id, acting_user)
    if name is not None:
        account.name = one_line(name)[:80] or account.name
    if address is not None:
        account.address = _address(channel_of(account.kind), address)
    if language is not None:
        account.language = language[:8]
    if enabled is not None:
        account.enabled = enabled
    if given is not None:
        _set(account, channel_of(account.kind), given, new=False)
    account.fault = ""
    _save(account)
    record(acting_user, "channel changed", "channel", account.pk, {"name": account.name})
    _tell(account)
    return account


@transaction.atomic
def remove_account(account_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Nothing comes in or goes out any more; its conversations stay, its secrets go."""
    account = _locked(account_id, acting_user)
    account.removed_at, account.enabled, account.secrets = now(), False, {}
    account.save(update_fields=["removed_at", "enabled", "secrets"])
    do_remove_source(account.source, acting_user=acting_user)
    record(acting_user, "channel removed", "channel", account.pk, {"name": account.name})
    _tell(account)


def _locked(account_id: uuid.UUID, acting_user: Actor) -> ChannelAccount:
    acting_user.require(MANAGE)
    found = (
        ChannelAccount.objects.select_for_update(of=("self",))
        .select_related("brand", "source")
        .filter(pk=account_id, brand_id=acting_user.brand_id, removed_at=None)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such account."))
    return found


def _set(account: ChannelAccount, channel: Channel, given: Mapping[str, str], *, new: bool) -> None:
    settings: dict[str, Any] = dict(account.settings)
    secrets = dict(account.secrets)
    for setting in channel.settings:
        value = given.get(setting.name, "").strip()
        if setting.made:
            if new:
                secrets[setting.name] = seal(new_secret(setting.name))
            continue
        if setting.kind == "secret":
            if value:
                secrets[setting.name] = seal(value)
            elif setting.required and setting.name not in secrets:
                raise BadInput(_("This can't be empty."), where=setting.name)
            continue
        if setting.name in given or new:
            settings[setting.name] = _checked(setting, value or (setting.default if new else ""))
    account.settings, account.secrets = settings, secrets


def _address(channel: Channel, text: str) -> str:
    if channel.address is None:
        return text.strip()[:254]
    if not text.strip():
        raise BadInput(_("This can't be empty."), where="address")
    return channel.clean_address(text)[:254]


def _checked(setting: Setting, value: str) -> Any:
    if setting.kind == "check":
        return value in {"1", "on", "true", "yes"}
    if setting.required and not value:
        raise BadInput(_("This can't be empty."), where=setting.name)
    if not value:
        return ""
    if setting.kind == "number":
        if not value.isdecimal() or len(value) > 9:
            raise BadInput(_("“{text}” is not a number.").format(text=value), where=setting.name)
        return int(value)
    if setting.kind == "choice" and value not in {key for key, _label in setting.choices}:
        raise BadInput(_("“{text}” is not one of the choices.").format(text=value), where=setting.name)
    if setting.kind == "address":
        check_address(value)
    if len(value) > 4_000:
        raise BadInput(_("This text is too long."), where=setting.name)
    return value


def _source(brand: Brand, name: str, acting_user: Actor) -> "Source":
    """Where its events come from; other sources may be called the same already."""
    for number in range(1, 100):
        free = name if number == 1 else f"{name[:74]} {number}"
        with suppress(Conflict):
            source, _key = add_source(brand, free, kind=SourceKind.PARCOURS, acting_user=acting_user)
            return source
    raise Conflict(_("There is a source called “{name}” already.").format(name=name), where="name")


def _save(account: ChannelAccount) -> None:
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise Conflict(
            _("This address is connected already."), where="address", remedy=_("Look under Channels.")
        ) from error


def _tell(account: ChannelAccount) -> None:
    publish(account.brand_id, f"inbox:{account.brand_id}", "channel.changed", {"account": str(account.pk)})
