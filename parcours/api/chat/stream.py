"""A visitor's stream: what concerns their conversation, in words that are for them."""

import json
import uuid
from collections.abc import AsyncGenerator
from typing import Any

from django.http import HttpRequest

from parcours.api.chat.objects import message_object, state_object
from parcours.inbox.chat import following
from parcours.inbox.chat.following import Comer
from parcours.inbox.chat.models import ChatSession
from parcours.inbox.chat.reads import state
from parcours.inbox.chat.sessions import topic_of
from parcours.inbox.chat.shapes import VisitorState
from parcours.live.backlog import Place, missed
from parcours.live.hub import Follower, Message, hub
from parcours.live.questions import ask
from parcours.live.stream import SIGN_OF_LIFE, at_once, messages

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

    def __init__(self, request: HttpRequest, comer: Comer) -> None:
        self._request = request
        self._comer = comer
        self._last = 0

    async def events(self, last_id: int | None) -> AsyncGenerator[bytes, None]:
        """Bytes of a `text/event-stream`, resumed after `last_id`. Raises psycopg.Error."""
        comer = self._comer
        async with hub().follow(comer.brand_id, {topic_of(comer.account_id, comer.visitor)}) as follower:
            await self._turn(follower)
            yield SIGN_OF_LIFE
            since = await ask(missed, Place(comer.brand_id, follower.topics, last_id))
            if since.messages is None:
                self._last = since.newest
                yield self._told("ready" if last_id is None else "reload", {}, self._last)
            else:
                # An id from the future is of another database: it must not silence this one.
                self._last = last_id if last_id and last_id <= since.newest else 0
            for message in since.messages or ():
                self._last = message.id
                for told in await self._translated(follower, message):
                    yield told
            async for coming in messages(follower):
                if coming is None:
                    yield SIGN_OF_LIFE
                    continue
                if coming.id and coming.id <= self._last:
                    continue
                self._last = coming.id or self._last
                for told in await self._translated(follower, coming):
                    yield told

    async def _turn(self, follower: Follower) -> None:
        """To what concerns the visitor now; to nothing when their session is gone."""
        topics = await ask(following.topics, self._comer.session_id)
        hub().turn(follower, topics)
        if not topics:
            follower.offer(None)

    async def _translated(self, follower: Follower, message: Message) -> list[bytes]:
        """For the visitor: a message, what has become of the conversation, a mark, or nothing."""
        data = json.loads(message.data)
        if message.name in _OF_WHOLE:
            await self._turn(follower)
            return [self._told("reload", {}, message.id)]
        if message.name in _OF_MESSAGES and data.get("direction") in _SHOWN:
            wanted = (self._comer.session_id, uuid.UUID(data["message"]))
            found = await ask(following.messages, wanted)
            if found is not None:
                shown = message_object(self._request, self._comer.account_id, found)
                return [self._told("message", shown, message.id)]
        elif message.name in _OF_STATE:
            now_is = await at_once(_state, self._comer.session_id)
            return [self._told("state", state_object(now_is), message.id)] if now_is else []
        elif message.name == "conversation.shown":
            return [self._told("seen", {"upTo": data["up_to"]}, message.id)]
        elif message.name == "typing" and data.get("who") == "agent":
            return [self._told("typing", {"name": data["label"]}, 0)]
        return []

    @staticmethod
    def _told(name: str, data: dict[str, Any], place: int) -> bytes:
        return Message(place, uuid.UUID(int=0), "", name, json.dumps(data)).encoded


def _state(session_id: uuid.UUID) -> VisitorState | None:
    session = ChatSession.objects.select_related("account").filter(pk=session_id).first()
    return state(session) if session else None
