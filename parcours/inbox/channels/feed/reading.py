"""RSS 2.0, RSS 1.0 and Atom, and Mastodon's list of posts, read as messages."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.text import one_line
from parcours.inbox.channels.base import Incoming, NotUnderstood, Published, Sender

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ITEMS = 200
_ITEMS = {"item", "entry"}
_HASHTAG = re.compile(r"/(?:tags|timelines/tag)/([^/.?]+)")


def read(body: bytes, *, address: str = "", are_reviews: bool = False) -> list[Incoming]:
    """The items of a feed, the oldest first; `address` is where it was found. Raises NotUnderstood for what
    is none.
    """
    start = body.lstrip()[:1]
    found = list(_posts(body)) if start == b"[" else list(_items(body))
    hashtag = _HASHTAG.search(address)
    more = {"hashtag": hashtag.group(1)} if hashtag else {}
    oldest_first = sorted(found[:MOST_ITEMS], key=lambda each: each.at)
    return [replace(each, published=_published(each, more, are_reviews=are_reviews)) for each in oldest_first]


def _published(incoming: Incoming, more: Mapping[str, str], *, are_reviews: bool) -> Published:
    link, rating = str(incoming.payload["link"]), str(incoming.payload.get("rating", ""))
    site = urlsplit(link).hostname or ""
    if not rating and not are_reviews:
        return Published(properties={"network": site, "link": link, **more})
    facts = {"review_id": incoming.external_id, "site": site, "link": link}
    return Published("Review Posted", {**facts, **({"rating": _number(rating)} if rating else {})})


def _number(rating: str) -> float | str:
    try:
        return float(rating.replace(",", "."))
    except ValueError:
        return rating


def _posts(body: bytes) -> Iterator[Incoming]:
    """Mastodon's answer to `/api/v1/timelines/tag/…`."""
    try:
        data = json.loads(body)
    except ValueError as error:
        raise NotUnderstood(_("It is neither a feed nor a list of posts.")) from error
    for post in data:
        if not isinstance(post, Mapping) or "id" not in post:
            continue
        author: Mapping[str, Any] = post["account"] if isinstance(post.get("account"), Mapping) else {}
        handle = f"@{author.get('acct', '')}"
        yield _incoming(
            str(post.get("uri") or post["id"]),
            Sender(
                handle, str(author.get("display_name") or handle), handle, str(post.get("language") or "")
            ),
            _moment(str(post.get("created_at", ""))),
            words_of(str(post.get("content", ""))),
            str(post.get("url") or ""),
        )


def _items(body: bytes) -> "Iterator[Incoming]":
    from lxml import etree

    if re.search(rb"<!\s*ENTITY", body[:100_000], re.IGNORECASE):
        raise NotUnderstood(
            _("The feed declares entities, which feeds don't need and Parcours doesn't open.")
        )
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotUnderstood(_("It is neither a feed nor a list of posts.")) from error
    if root is None or _name(root) not in {"rss", "feed", "RDF"}:
        raise NotUnderstood(_("It is neither a feed nor a list of posts."))
    feed = _said(root, "title")
    for item in root.iter():
        if _name(item) in _ITEMS:
            yield _item(item, feed)


def _item(item: "_Element", feed: str) -> Incoming:
    title, link = one_line(unescape(_said(item, "title"))), _link(item)
    words = words_of(_said(item, "content", "encoded", "description", "summary"))
    text = words if not title or words.startswith(title) else f"{title}\n\n{words}".strip()
    name = _said(item, "id", "guid") or link or sha256(text.encode()).hexdigest()
    named = one_line(_said(item, "creator", "author", "name"))
    # Whom the feed doesn't name is known by the item: no two are taken for one.
    sender = Sender((named or name)[:254], (named or feed or _("Unknown"))[:200], nameless=not named)
    when = _said(item, "published", "pubDate", "updated", "date")
    rating = _said(item, "rating")
    found = _incoming(name, sender, _moment(when), text, link)
    return found if not rating else _rated(found, rating)


def _incoming(name: str, sender: Sender, at: datetime, text: str, link: str) -> Incoming:
    return Incoming(
        name,
        sender,
        at,
        text=text,
        thread=f"post {sha256(name.encode()).hexdigest()[:32]}",
        payload={"type": "post", "link": link},
        context={"post": link} if link else {},
    )


def _rated(incoming: Incoming, rating: str) -> Incoming:
    return replace(incoming, payload={**incoming.payload, "rating": rating[:10]})


def words_of(markup: str) -> str:
    """The words of HTML, a line a paragraph."""
    text = re.sub(r"(?i)<br\s*/?>|</p>|</div>|</li>", "\n", markup)
    text = unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in text.splitlines())).strip()


def _said(element: "_Element", *names: str) -> str:
    """The first of these that has any words, in the order of the names."""
    for name in names:
        for each in element.iter():
            if _name(each) == name and each is not element:
                words = "".join(map(str, each.itertext())).strip()
                if words:
                    return words
    return ""


def _link(item: "_Element") -> str:
    for each in item:
        if _name(each) == "link" and each.get("rel", "alternate") == "alternate":
            return (each.get("href") or (each.text or "")).strip()
    return ""


def _name(element: "_Element") -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _moment(text: str) -> datetime:
    """A date of either kind, in UTC when it names no zone; without any it came now."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return now()
    return found if found.tzinfo else found.replace(tzinfo=UTC)
