"""Which quick replies may answer what a customer wrote: by shared words, by meaning, by earlier answers."""

import re
import unicodedata
import uuid
from collections.abc import Collection, Mapping, Sequence

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
MANY = 3
"""So many telling words in common suggest a reply; fewer only when its name has one, or when it is short."""
WORDS_ALONE = 0.8
"""So much are words in common worth where the meaning is known."""
SHORT = 16
"""Lexemes of a reply to each word in common."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_SMALL_WORDS = """aimerais alors aussi autre avant beaucoup besoin bien bonjour bonne cela comme comment deja
    depuis deux dire donc encore faire fait faut mais merci moins parce peut peux plus pourquoi
    pouvez prendre prends quand quel quelle quelles quels quoi savoir sans sera serait suis tout
    toute toutes tous tres trois voudrais also could days does dont first good hello just know like
    make many more much need please really says should some take thank thanks that their them then
    there they this three want week well what when where which will with work would your"""
_SMALL = frozenset(_SMALL_WORDS.split())
"""Said in any question; what the dictionaries of PostgreSQL leave out anyway is missing."""
_SHARED = f"""
WITH said AS MATERIALIZED (
    SELECT id, {WordsOf.template % {"expressions": "words"}} AS body,
        {WordsOf.template % {"expressions": "shortcut || ' ' || name"}} AS title
    FROM inbox_quickreply WHERE brand_id = %s AND deleted_at IS NULL
), asked AS (
    SELECT word, plainto_tsquery('french', word) || plainto_tsquery('english', word) AS query, place
    FROM unnest(%s::text[]) WITH ORDINALITY AS every(word, place)
)
SELECT id, array_agg(word ORDER BY title @@ query DESC, place), bool_or(title @@ query), max(length(body))
FROM said JOIN asked ON body @@ query OR title @@ query GROUP BY id
"""  # noqa: S608 - its parts are constants


def suggested_replies(brand: Brand, asked: Asked) -> tuple[Suggested, ...]:
    """Handler of `core.registry.suggested_answers`."""
    every = replies(brand.pk)
    if not every:
        return ()
    compared = MeaningMatch.objects.filter(conversation_id=asked.conversation_id)
    meant = compared.values_list("scores", flat=True).first()
    shared = _shared(brand.pk, telling_words(asked.words, [_text(each) for each in every]))
    used = _uses([each.id for each in every], asked.topic)
    found = []
    for each in every:
        by_words, same = shared.get(each.id, (0.0, ""))
        reasons = [
            (by_words if meant is None else WORDS_ALONE * by_words, same),
            _by_meaning((meant or {}).get(str(each.id), 0.0)),
            _by_use(used.get(each.id, 0)),
        ]
        score, reason = max(reasons)
        if score > 0:
            found.append(Suggested("reply", str(each.id), each.shortcut, round(score, 3), reason))
    return tuple(found)


def _by_meaning(score: float) -> tuple[float, str]:
    return (min(score, 1.0), _("Means the same")) if score >= LIKELY else (0.0, "")


def _by_use(times: int) -> tuple[float, str]:
    if not times:
        return 0.0, ""
    said = ngettext("Answered this {n} time before", "Answered this {n} times before", times)
    return 0.4 + 0.4 * times / (times + OFTEN), said.format(n=times)


def _shared(brand_id: uuid.UUID, words: Sequence[str]) -> dict[uuid.UUID, tuple[float, str]]:
    """By reply how likely the telling words that it has in common make it, and which words these are."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [brand_id, list(words)])
        for pk, same, is_in_name, lexemes in cursor.fetchall():
            if is_in_name or len(same) >= MANY or lexemes <= SHORT * len(same):
                score = min((0.55 if is_in_name else 0.45) + 0.05 * len(same), 0.7)
                found[pk] = score, _("Has “{words}”").format(words=", ".join(same[:MANY]))
    return found


def telling_words(words: str, texts: Sequence[str]) -> list[str]:
    """The words that tell one text from another: neither “vous” and “with” nor what most texts say."""
    found = list(dict.fromkeys(bare(each) for each in _WORD.findall(words)))[:60]
    bare_texts = [bare(text) for text in texts]
    rare = [
        word
        for word in found
        if word not in _SMALL and sum(word in text for text in bare_texts) * 2 <= max(len(texts), 2)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word WHERE numnode(plainto_tsquery('french', word)) > 0"
            " AND numnode(plainto_tsquery('english', word)) > 0",
            [rare],
        )
        return [str(word) for (word,) in cursor.fetchall()]


def _uses(reply_ids: Collection[uuid.UUID], topic: str) -> dict[uuid.UUID, int]:
    if not topic:
        return {}
    return dict(ReplyUse.objects.filter(reply__in=reply_ids, topic=topic).values_list("reply_id", "times"))


def note_uses(brand_id: uuid.UUID, reply_ids: Collection[uuid.UUID], topic: str) -> None:
    """These quick replies answered a conversation about `topic`."""
    known = QuickReply.objects.filter(brand_id=brand_id, pk__in=reply_ids).values_list("pk", flat=True)
    for pk in known if topic and reply_ids else ():
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
