"""The chat from the team's side, and a page of the simulated shop that carries it."""

import uuid
from html import escape

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.accounts.reads import brand_named
from parcours.core.errors import NotFound
from parcours.demo.shop_pages import page
from parcours.inbox.chat.marks import colleague_types
from parcours.inbox.chat.reads import chats_of
from parcours.web.doors import Request, door, open_door

SHOP = "foulee"
_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self';"
    " connect-src 'self'; base-uri 'self'; frame-ancestors 'none'"
)


@door("inbox.reply")
@require_POST
def typing(request: Request, conversation_id: uuid.UUID) -> HttpResponse:
    """Somebody writes an answer: the customer sees it for a few seconds."""
    colleague_types(conversation_id, acting_user=request.actor)
    return HttpResponse(status=204)


@open_door
@require_GET
def shop(request: HttpRequest) -> HttpResponse:
    """A product of the demo's shop with the chat on it, to be tried at once; `language` is fr or en."""
    wanted = request.GET.get("language") or request.headers.get("Accept-Language", "")
    language = "fr" if wanted[:2].lower() == "fr" else "en"
    whole = page("product", language)
    chats = chats_of(brand_named(SHOP).pk)
    if not chats:
        raise NotFound(_("There is no such page."))
    script = f'<script async src="/widget.js" data-chat="{chats[0].pk}" data-language="{language}"></script>'
    frame = f'<title>Foulée</title><base href="/foulee/product/">{script}'
    content = whole.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{_VIEWPORT}{frame}', 1)
    return HttpResponse(
        content.replace("</html>", f'<p class="soft">{escape(_HINT[language])}</p></html>'),
        headers={"Content-Security-Policy": _POLICY, "Vary": "Accept-Language"},
    )


# As wide as the shop's pages are drawn: a narrower screen would leave the chat short of its lower edge.
_VIEWPORT = '<meta name="viewport" content="width=400">'
_HINT = {
    "en": "A simulated shop. Write in the corner; the inbox shows it.",
    "fr": "Une boutique simulée. Écrivez dans le coin, la boîte de réception l’affiche.",
}
