"""One folder a channel: its wire format, sending, settings. A folder that has a `CHANNEL` is a channel."""

import pkgutil
from functools import cache
from importlib import import_module

from django.utils.translation import gettext as _

from parcours.core.errors import NotFound
from parcours.inbox.channels.base import Channel


@cache
def channels() -> dict[str, Channel]:
    """By kind, in the order of their `place`."""
    folders = [each.name for each in pkgutil.iter_modules(__path__) if each.ispkg]
    modules = [import_module(f"{__name__}.{folder}") for folder in folders]
    found = sorted((module.CHANNEL for module in modules), key=lambda channel: (channel.place, channel.kind))
    return {channel.kind: channel for channel in found}


def channel_of(kind: str) -> Channel:
    """Raises NotFound for a kind that has no folder."""
    channel = channels().get(kind)
    if channel is None:
        raise NotFound(_("There is no channel “{kind}”.").format(kind=kind), where=kind)
    return channel
