"""Watching hashtags: posts of the last 24 hours, asked for once an hour, without their authors.

Meta gives no more: 30 different hashtags an account within 7 days, public pictures and films only, no names.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import BadInput, ParcoursError
from parcours.inbox.channels import graph
from parcours.inbox.channels.base import Incoming, NotUnderstood, Published, Sender
from parcours.inbox.models import ChannelAccount

POST = "post "
EVERY = timedelta(hours=1)
MOST_HASHTAGS = 30
A_WEEK = timedelta(days=7)
MOST_PAGES = 5
_FIELDS = "id,caption,permalink,timestamp,media_type"


def watch(account: ChannelAccount) -> None:
    """Asks for each hashtag when it is time. Raises ParcoursError for the first that can't be asked for."""
    from parcours.inbox.writes.receiving import keep

    wanted = hashtags_of(account)
    asked = account.cursor.get("asked_at", "")
    if not wanted or (asked and datetime.fromisoformat(asked) + EVERY > now()):
        return
    cursor: dict[str, Any] = {**account.cursor, "asked_at": now().isoformat()}
    troubles: list[ParcoursError] = []
    for hashtag in wanted:
        try:
            for page in _pages(account, hashtag, cursor):
                keep(account, json.dumps(page).encode(), headers={"hashtag": hashtag})
        except ParcoursError as fault:
            troubles.append(fault)
    ChannelAccount.objects.filter(pk=account.pk).update(cursor=cursor)
    if troubles:
        raise troubles[0]


def hashtags_of(account: ChannelAccount) -> list[str]:
    said = re.split(r"[\s,;#]+", str(account.settings.get("hashtags", "")))
    return list(dict.fromkeys(each.lower() for each in said if each))


def _pages(account: ChannelAccount, hashtag: str, cursor: dict[str, Any]) -> Iterator[dict[str, Any]]:
    me = {"user_id": account.address}
    number = _number(account, hashtag, cursor, me)
    query = {**me, "fields": _FIELDS, "limit": "50"}
    for _page in range(MOST_PAGES):
        answer = graph.graph(account, f"{number}/recent_media", query=query)
        if not graph.items(answer, "data"):
            return
        yield {"data": answer["data"]}
        paging = answer.get("paging")
        if not isinstance(paging, Mapping) or not paging.get("next"):
            return
        query["after"] = str((paging.get("cursors") or {}).get("after", ""))


def _number(account: ChannelAccount, hashtag: str, cursor: dict[str, Any], me: Mapping[str, str]) -> str:
    """Meta's id of the hashtag; each one that is new within 7 days counts. Raises BadInput for too many."""
    since = (now() - A_WEEK).isoformat()
    known = {tag: told for tag, told in cursor.get("hashtags", {}).items() if told["at"] > since}
    if hashtag not in known:
        if len(known) >= MOST_HASHTAGS:
            raise BadInput(
                _("Meta allows {n} different hashtags within 7 days, so #{hashtag} has to wait.").format(
                    n=MOST_HASHTAGS, hashtag=hashtag
                )
            )
        answer = graph.graph(account, "ig_hashtag_search", query={**me, "q": hashtag})
        found = next(iter(graph.items(answer, "data")), {})
        known[hashtag] = {"id": str(found.get("id", "")), "at": now().isoformat()}
    cursor["hashtags"] = known
    return str(known[hashtag]["id"])


def read(body: bytes, hashtag: str) -> list[Incoming]:
    """The posts of an answer, each by somebody whom Meta doesn't name. Raises NotUnderstood."""
    try:
        data = json.loads(body)
    except ValueError as error:
        raise NotUnderstood(_("It isn't JSON.")) from error
    return [_post(each, hashtag) for each in graph.items(data, "data") if each.get("id")]


def _post(post: Mapping[str, Any], hashtag: str) -> Incoming:
    name, link = f"{POST}{post['id']}", str(post.get("permalink", ""))
    return Incoming(
        name,
        Sender(name, _("Somebody on Instagram"), nameless=True),
        _moment(str(post.get("timestamp", ""))),
        text=str(post.get("caption", "")) or _("A post without words."),
        thread=name,
        payload={"type": "post", "link": link, "hashtag": hashtag},
        context={"post": link} if link else {},
        published=Published(properties={"network": "instagram", "hashtag": hashtag, "link": link}),
    )


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return now()
    return found if found.tzinfo else now()
