"""What the platform lets the team do to a message."""

from collections.abc import Sequence

from django import template

from parcours.inbox.channels import channels
from parcours.inbox.channels.base import Deed
from parcours.inbox.shapes import MessageView

register = template.Library()


@register.simple_tag
def platform_deeds(message: MessageView) -> Sequence[Deed]:
    """By what the message itself says of where it is: the list of messages asks for nothing more."""
    channel = channels().get(str(message.payload.get("on", "")))
    return channel.deeds(message.payload) if channel and message.direction == "in" else ()
