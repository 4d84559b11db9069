"""Which quick replies may answer what a customer wrote: by shared words, by meaning, by earlier answers."""

import re
import unicodedata
import uuid
from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parcours.accounts.models import Brand
from parcours.core.suggesting import Asked, Suggested
from parcours.inbox.desk.models import MeaningMatch, QuickReply, ReplyUse
from parcours.inbox.desk.replies import ReplyView, replies
from parcours.inbox.enums import ConversationStatus, Direction
from parcours.inbox.models import Conversation, Message, WordsOf

LIKELY = 0.48
"""What `insights.conversations.answers` measured: right answers lie above, other ones below."""
OFTEN = 3
_HALF_A_RANK = 0.06
"""The full-text rank of a text of some lines that shares one telling word."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_MOST_SAID = 3


def suggested_replies(brand: Brand, asked: Asked) -> tuple[Suggested, ...]:
    """Handler of `core.registry.suggested_answers`."""
    every = replies(brand.pk)
    if not every:
        return ()
    words = telling_words(asked.words, [_text(each) for each in every])
    ranks = _ranks(brand.pk, words)
    meant = _meant(asked.conversation_id)
    used = _uses([each.id for each in every], asked.topic)
    found = []
    for each in every:
        shared = ranks.get(each.id, 0.0) / (ranks.get(each.id, 0.0) + _HALF_A_RANK)
        alike = meant.get(str(each.id), 0.0)
        times = used.get(each.id, 0)
        often = 0.5 * times / (times + OFTEN) + 0.25 if times else 0.0
        score = max(shared, alike if alike >= LIKELY else 0.0, often)
        if score > 0:
            reason = _reason(each, words, shared=shared, alike=alike, often=often, times=times)
            found.append(Suggested("reply", str(each.id), each.shortcut, round(min(score, 1.0), 3), reason))
    return tuple(found)


def _reason(
    reply: ReplyView, words: Sequence[str], *, shared: float, alike: float, often: float, times: int
) -> str:
    best = max(shared, alike, often)
    if best == often:
        said = ngettext("Answered this {n} time before", "Answered this {n} times before", times)
        return said.format(n=times)
    if best == alike:
        return _("Means the same")
    text = bare(_text(reply))
    same = [word for word in words if bare(word)[:4] in text][:_MOST_SAID]
    return _("Has “{words}”").format(words=", ".join(same)) if same else _("Shares words")


def telling_words(words: str, texts: Sequence[str]) -> list[str]:
    """The words that tell one text from another: neither “vous” and “with” nor what most texts say."""
    found = list(dict.fromkeys(bare(each) for each in _WORD.findall(words)))[:60]
    bare_texts = [bare(text) for text in texts]
    rare = [word for word in found if sum(word in text for text in bare_texts) * 2 <= max(len(texts), 2)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word WHERE numnode(plainto_tsquery('french', word)) > 0"
            " AND numnode(plainto_tsquery('english', word)) > 0",
            [rare],
        )
        return [str(word) for (word,) in cursor.fetchall()]


def _ranks(brand_id: uuid.UUID, words: Sequence[str]) -> dict[uuid.UUID, float]:
    if not words:
        return {}
    asked = [
        SearchQuery(word, config=config, search_type="plain")
        for config in ("french", "english")
        for word in words
    ]
    rows = QuickReply.objects.filter(brand_id=brand_id, deleted_at=None)
    return dict(
        rows.annotate(rank=SearchRank(WordsOf(F("words")), reduce(or_, asked))).values_list("pk", "rank")
    )


def _meant(conversation_id: uuid.UUID) -> Mapping[str, float]:
    found = (
        MeaningMatch.objects.filter(conversation_id=conversation_id).values_list("scores", flat=True).first()
    )
    return found or {}


def _uses(reply_ids: Collection[uuid.UUID], topic: str) -> dict[uuid.UUID, int]:
    if not topic:
        return {}
    return dict(ReplyUse.objects.filter(reply__in=reply_ids, topic=topic).values_list("reply_id", "times"))


def note_uses(brand_id: uuid.UUID, reply_ids: Collection[uuid.UUID], topic: str) -> None:
    """These quick replies answered a conversation about `topic`."""
    known = QuickReply.objects.filter(brand_id=brand_id, pk__in=reply_ids).values_list("pk", flat=True)
    for pk in known if topic else ():
        ReplyUse.objects.get_or_create(reply_id=pk, topic=topic)
        ReplyUse.objects.filter(reply_id=pk, topic=topic).update(times=F("times") + 1)


# By meaning: a job compares, this keeps


def to_match(brand_id: uuid.UUID, *, most: int = 200) -> list[tuple[uuid.UUID, uuid.UUID, str]]:
    """Conversation, message and words of customers who wait for an answer and whose last words nobody has
    compared with quick replies yet; the newest first. Nothing where there are no quick replies.
    """
    if not QuickReply.objects.filter(brand_id=brand_id, deleted_at=None).exists():
        return []
    waiting = Conversation.objects.filter(
        brand_id=brand_id, status=ConversationStatus.OPEN, waiting_since__isnull=False, merged_into=None
    ).order_by("-waiting_since")
    pks = list(waiting.values_list("pk", flat=True)[:most])
    last = (
        Message.objects.filter(conversation__in=pks, direction=Direction.IN)
        .exclude(text="")
        .order_by("conversation", "-at", "-id")
        .distinct("conversation")
        .values_list("conversation_id", "pk", "text")
    )
    known = dict(MeaningMatch.objects.filter(conversation__in=pks).values_list("pk", "message_id"))
    return [(pk, message_id, text) for pk, message_id, text in last if known.get(pk) != message_id]


def keep_match(conversation_id: uuid.UUID, message_id: uuid.UUID, scores: Mapping[uuid.UUID, float]) -> None:
    kept = {str(pk): round(score, 3) for pk, score in scores.items()}
    MeaningMatch.objects.update_or_create(
        conversation_id=conversation_id, defaults={"message_id": message_id, "scores": kept}
    )


def _text(reply: ReplyView) -> str:
    return "\n".join([reply.name, *reply.texts.values()])


def bare(text: str) -> str:
    """In small letters without accents."""
    return "".join(
        each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each)
    )
