from django import template
from django.utils.safestring import SafeString

from parcours.insights.card_facts import CHANNEL_ICONS
from parcours.web.templatetags.look import icon

register = template.Library()


@register.simple_tag
def channel_icon(name: str) -> SafeString:
    """The sign of a channel; a plain one for channels that aren't known."""
    return icon(CHANNEL_ICONS.get(name, "touchpoint"))
