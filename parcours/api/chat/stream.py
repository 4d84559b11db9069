"""A visitor's stream: what concerns their conversation, in words that are for them."""

import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

from django.http import HttpRequest

from parcours.api.chat.objects import message_object, state_object
from parcours.inbox.chat.models import ChatSession
from parcours.inbox.chat.reads import message_for, newest_conversation, state
from parcours.inbox.chat.sessions import topic_of
from parcours.live.hub import Follower, Message, hub
from parcours.live.reads import newest_id, updates_after
from parcours.live.stream import SIGN_OF_LIFE, as_message, at_once, briefly, messages

_OF_MESSAGES = {"conversation.message", "conversation.started"}
_OF_STATE = {"conversation.assigned", "conversation.closed", "conversation.reopened", "conversation.rated"}
_OF_WHOLE = {
    "chat.started",
    "chat.moved",
    "conversation.merged",
    "conversation.unmerged",
    "conversation.split",
}
_SHOWN = ("in", "out")


class VisitorStream:
    """Follows the visitor's own topic and that of their newest conversation; where either changes, so do the
    topics, and the page loads what there is (`reload`).
    """

    def __init__(self, request: HttpRequest, session: ChatSession) -> None:
        self._request = request
        self._session = session
        self._last = 0

    async def events(self, last_id: int | None) -> AsyncIterator[bytes]:
        """Bytes of a `text/event-stream`, resumed after `last_id`."""
        brand_id = self._session.account.brand_id
        own = topic_of(self._session.account_id, self._session.visitor)
        async with hub().follow(brand_id, {own}) as follower:
            hub().turn(follower, await briefly(self._topics))
            yield SIGN_OF_LIFE
            backlog = None
            if last_id is not None:
                backlog = await briefly(updates_after, brand_id, follower.topics, last_id)
            if backlog is None:
                self._last = await briefly(newest_id, brand_id)
                name = "ready" if last_id is None else "reload"
                yield self._told(name, {}, self._last)
            for update in backlog or ():
                self._last = update.pk
                for told in await self._translated(follower, as_message(update)):
                    yield told
            async for message in messages(follower):
                if message is None:
                    yield SIGN_OF_LIFE
                    continue
                if message.id and message.id <= self._last:
                    continue
                self._last = message.id or self._last
                for told in await self._translated(follower, message):
                    yield told

    def _topics(self) -> frozenset[str]:
        session = ChatSession.objects.select_related("account").get(pk=self._session.pk)
        self._session = session
        newest = newest_conversation(session)
        own = topic_of(session.account_id, session.visitor)
        return frozenset({own, f"conversation:{newest.pk}"} if newest else {own})

    async def _translated(self, follower: Follower, message: Message) -> list[bytes]:
        """For the visitor: a message, what has become of the conversation, a mark, or nothing."""
        data = json.loads(message.data)
        if message.name in _OF_WHOLE:
            hub().turn(follower, await briefly(self._topics))
            return [self._told("reload", {}, message.id)]
        if message.name in _OF_MESSAGES and data.get("direction") in _SHOWN:
            found = await at_once(message_for, self._session, uuid.UUID(data["message"]))
            if found is not None:
                shown = message_object(self._request, self._session.account_id, found)
                return [self._told("message", shown, message.id)]
        elif message.name in _OF_STATE:
            return [self._told("state", state_object(await at_once(state, self._session)), message.id)]
        elif message.name == "conversation.shown":
            return [self._told("seen", {"upTo": data["up_to"]}, message.id)]
        elif message.name == "typing" and data.get("who") == "agent":
            return [self._told("typing", {"name": data["label"]}, 0)]
        return []

    @staticmethod
    def _told(name: str, data: dict[str, Any], place: int) -> bytes:
        return Message(place, uuid.UUID(int=0), "", name, json.dumps(data)).encode()
