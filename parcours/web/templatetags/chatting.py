from typing import Any

from django import template

from parcours.demo.shop_pages import is_demo
from parcours.inbox.shapes import AccountView

register = template.Library()


@register.inclusion_tag("chatting/embed.html", takes_context=True)
def embed_chat(context: dict[str, Any], account: AccountView) -> dict[str, Any]:
    """How a chat comes onto the shop's pages."""
    site = context["request"].build_absolute_uri("/").rstrip("/")
    return {"site": site, "key": str(account.id), "demo": is_demo()}
