"""Finding conversations by words, exactly, whatever is in the inbox.

What is rare is looked up: the conversations that have it are listed, then filtered. What is frequent is met
soon by whoever walks down the list, so there each conversation is asked in its turn until a page is full.
"""

import re
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.search import SearchQuery
from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from parcours.core.text import one_line, storable
from parcours.inbox.models import Conversation, Message, NamesOf, WordsOf

LOOKED_AT = 20_000
"""Characters of a message in which the words are looked for, to be shown."""
AROUND = 60
"""Characters shown on either side of what was found."""
RARE = 2_000
"""Messages (or people, or subjects) that have it, at most, to be listed. Of more, whoever walks down the list
has met a page after a few thousand conversations.
"""


def having(rows: QuerySet[Conversation], brand_id: uuid.UUID, words: str) -> QuerySet[Conversation]:
    """By number, by the contact's name or address, or by the words of its messages and its subject."""
    number = words.removeprefix("#")
    if number.isdecimal() and len(number) < 10:
        by_number = rows.filter(number=int(number))
        if by_number.exists():
            return by_number
    listed: set[str] = set()
    frequent = Q()
    for few, asked in (_said(brand_id, words), _titled(brand_id, words), _of_people(brand_id, words)):
        ids = few[: RARE + 1].aggregate(ids=ArrayAgg("talk", default=[]))["ids"]
        if len(ids) > RARE:
            frequent |= asked
        else:
            listed.update(ids)
    if frequent:
        rows = rows.alias(says=_says(words), title=WordsOf("subject"), names=NamesOf("contact__name"))
    return rows.filter(frequent | Q(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [list(listed)])))


Way = tuple[QuerySet[Any], Q]
"""Ids of the conversations that have it, as text in `talk`, and what a conversation is asked by itself."""


def _said(brand_id: uuid.UUID, words: str) -> Way:
    rows = Message.objects.filter(brand_id=brand_id, search=search_query(words))
    return rows.order_by().values(talk=_text("conversation_id")), Q(says__isnull=False)


def _titled(brand_id: uuid.UUID, words: str) -> Way:
    asked = Q(title=search_query(words))
    rows = Conversation.objects.filter(~Q(subject=""), brand_id=brand_id).alias(title=WordsOf("subject"))
    return rows.filter(asked).order_by().values(talk=_text("pk")), asked


def _of_people(brand_id: uuid.UUID, words: str) -> Way:
    """Each word begins one of the name, or all of it the address."""
    begun = " & ".join(f"{word}:*" for word in re.findall(r"\w+", _bare(words)))
    asked = Q(contact__handle__istartswith=words)
    if begun:
        asked |= Q(names=SearchQuery(begun, config="simple", search_type="raw"))
    rows = Conversation.objects.filter(brand_id=brand_id).alias(names=NamesOf("contact__name"))
    return rows.filter(asked).order_by().values(talk=_text("pk")), asked


def _says(words: str) -> Subquery:
    """A message of the conversation with these words: one value, so that it is asked only for rows met."""
    rows = Message.objects.filter(conversation=OuterRef("pk"), search=search_query(words))
    return Subquery(rows.order_by().values("pk")[:1])


@dataclass(frozen=True, slots=True)
class Hit:
    """The newest message of a conversation that has the words, and what stands around them."""

    message_id: uuid.UUID
    text: str


def hits(brand_id: uuid.UUID, conversation_ids: Collection[uuid.UUID], words: str) -> dict[uuid.UUID, Hit]:
    """By conversation; one that was found by its number, name or subject isn't in it. One query."""
    if not words.strip() or not conversation_ids:
        return {}
    rows = Message.objects.filter(
        brand_id=brand_id, conversation__in=list(conversation_ids), search=search_query(storable(words))
    )
    newest = rows.order_by("conversation", "-at", "-id").distinct("conversation")
    return {
        talk: Hit(pk, _around(text, words))
        for talk, pk, text in newest.values_list("conversation_id", "pk", "text")
    }


def _around(text: str, words: str) -> str:
    """The part in which a word is met first, by its beginning: the end may be declined."""
    line = one_line(text[:LOOKED_AT])
    letters = [_bare(letter)[:1] or " " for letter in line]
    begun = [word[: max(4, len(word) - 2)] for word in re.findall(r"\w+", _bare(words))]
    met = [found.start() for each in begun if (found := re.search(rf"\b{re.escape(each)}", "".join(letters)))]
    begin = max(min(met, default=0) - AROUND // 2, 0)
    shown = line[begin : begin + 2 * AROUND]
    return ("…" if begin else "") + shown + ("…" if begin + len(shown) < len(line) else "")


def _text(name: str) -> Cast:
    """Thousands of ids are cheaper as text."""
    return Cast(name, TextField())


def search_query(words: str) -> Any:
    """The words, all of them, in French or in English; as `models.WordsOf` takes them apart."""
    bare = _bare(words)
    french = SearchQuery(bare, config="french", search_type="websearch")
    return french | SearchQuery(bare, config="english", search_type="websearch")


def _bare(words: str) -> str:
    """In small letters without accents."""
    letters = unicodedata.normalize("NFD", words.lower())
    return "".join(each for each in letters if not unicodedata.combining(each))
