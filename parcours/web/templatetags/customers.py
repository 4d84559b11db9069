"""Words about customers that more than one page shows."""

from django import template

from parcours.web.listen.story import reason_words

register = template.Library()


@register.filter
def reason(words: str) -> str:
    """Why identities belong together, in the reader's words."""
    return reason_words(words)
