from collections.abc import Mapping

from django import template

register = template.Library()


@register.simple_tag
def named(names: Mapping[str, str], key: str) -> str:
    """The name of a key, or the key itself where nobody knows it any more."""
    return str(names.get(key, key))
