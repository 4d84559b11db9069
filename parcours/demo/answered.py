"""The conversations of the last weeks as the service's log tells them, with the words around its facts."""

import csv
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from parcours.core.clock import now
from parcours.demo import words
from parcours.demo.replies import ANSWERS, BOT, GOING_ON, RATED, SOLVED, SUBJECTS, THANKS
from parcours.demo.said import Said
from parcours.inbox.enums import AuthorKind, ConversationStatus, Direction
from parcours.inbox.writes.bulk import PastContact, PastConversation, PastMessage

WEEKS = timedelta(days=28)
LEFT_OPEN = timedelta(days=2)
"""What nobody ended within this is over."""
WRITTEN = ("chat", "email", "instagram", "whatsapp")
HAS_SUBJECT = "email"


@dataclass(slots=True)
class Told:
    """One written conversation of the log; moments that haven't come are None."""

    user_id: str
    channel: str
    topic: str
    begun: datetime
    language: str = "fr"
    text: str = ""
    bot: bool = False
    solved: bool = False
    replies: list[tuple[datetime, str, str]] = field(default_factory=list)
    resolved: datetime | None = None
    score: int | None = None

    @property
    def key(self) -> str:
        return f"{self.user_id} {self.begun:%Y%m%d%H%M%S}"

    @property
    def chance(self) -> int:
        """From 0 to 999, the same for the same conversation."""
        return uuid.uuid5(uuid.NAMESPACE_OID, self.key).int % 1000

    def pick(self, choices: Sequence[Said], salt: int = 0) -> str:
        return choices[(self.chance + salt) % len(choices)].in_language(self.language)


def lately(service_log: Path, *, weeks: timedelta = WEEKS) -> list[Told]:
    """Those that began in the last weeks of the log, in their order."""
    with service_log.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["channel"] in WRITTEN]
    if not rows:
        return []
    since = max(_moment(row) for row in rows) - weeks
    standing: dict[tuple[str, str, str], Told] = {}
    found: list[Told] = []
    for row in rows:
        if _moment(row) < since:
            continue
        key = (row["user_id"], row["channel"], row["topic"])
        if row["event"] == "Conversation Started":
            standing[key] = Told(*key, _moment(row))
            found.append(standing[key])
        elif key in standing:
            _note(standing[key], row)
    return [each for each in found if each.text]


def _note(told: Told, row: Mapping[str, str]) -> None:
    event, at = row["event"], _moment(row)
    if event == "Message Received":
        told.text = told.text or row["text"]
        told.language = row["language"] or told.language
    elif event == "Bot Answered":
        told.bot, told.solved = True, row["solved"] == "true"
    elif event == "Message Sent":
        told.replies.append((at, row["agent"], row.get("text", "")))
    elif event == "Conversation Resolved":
        told.resolved = at
    elif event == "Survey Answered" and row["score"]:
        told.score = int(row["score"])


def _moment(row: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(row["time"])


@dataclass(frozen=True, slots=True)
class Home:
    journey_id: uuid.UUID
    stage_id: uuid.UUID
    touchpoint_id: uuid.UUID


def past(
    told: Iterable[Told],
    contacts: Mapping[str, PastContact],
    agents: Mapping[str, uuid.UUID],
    homes: Mapping[tuple[str, str], Home],
) -> dict[str, list[PastConversation]]:
    """By channel, as the inbox takes them. `agents` are by first name, `homes` by channel and topic; of one
    contact only the last conversation may stand.
    """
    found: dict[str, list[PastConversation]] = defaultdict(list)
    newest = {(each.user_id, each.channel): each.key for each in told}
    for each in told:
        contact = contacts.get(each.user_id)
        if contact is None:
            continue
        stands = each.resolved is None and newest[each.user_id, each.channel] == each.key
        found[each.channel].append(
            _one(each, contact, agents, homes.get((each.channel, each.topic)), stands=stands)
        )
    return found


def _one(
    told: Told, contact: PastContact, agents: Mapping[str, uuid.UUID], home: Home | None, *, stands: bool
) -> PastConversation:
    said = _said(told, contact, agents)
    snoozed = stands and bool(told.replies) and told.chance % 5 == 0
    stands = snoozed or (stands and said[-1].at >= now() - LEFT_OPEN)
    status = ConversationStatus.SNOOZED if snoozed else ConversationStatus.OPEN
    agent = told.replies[-1][1] if told.replies else ""
    rated = RATED[told.score] if told.score and not stands else ()
    is_mail = told.channel == HAS_SUBJECT
    return PastConversation(
        key=told.key,
        contact=contact,
        messages=said,
        thread=told.key if is_mail else "",
        subject=SUBJECTS[told.topic].in_language(told.language) if is_mail else "",
        status=status if stands else ConversationStatus.CLOSED,
        assignee_id=agents.get(agent),
        closed_at=max(told.resolved or said[-1].at, said[-1].at),
        snoozed_until=said[-1].at + timedelta(days=40) if snoozed else None,
        tags=_tags(told),
        journey_id=home.journey_id if home else None,
        stage_id=home.stage_id if home else None,
        touchpoint_id=home.touchpoint_id if home else None,
        topic=words.ADVICE if told.topic == words.FIRST else told.topic,
        rating=told.score if rated else None,
        rating_words=told.pick(rated) if rated else "",
    )


def _tags(told: Told) -> tuple[str, ...]:
    if told.topic == words.SHIPPING:
        return ("La Réunion",)
    return ("standard",) if "serveur vocal" in told.text else ()


def _said(told: Told, contact: PastContact, agents: Mapping[str, uuid.UUID]) -> list[PastMessage]:
    """The log's moments, with what was said between them."""
    begun = told.begun + timedelta(seconds=5)
    said = [_customer(told.text, begun, contact)]
    if told.bot:
        answer = BOT.get(told.topic, BOT[""]) if told.solved else BOT[""]
        said.append(
            PastMessage(
                Direction.OUT, answer.in_language(told.language), begun + timedelta(seconds=3), AuthorKind.BOT
            )
        )
    if told.solved:
        return [*said, _customer(told.pick(SOLVED), begun + timedelta(seconds=50), contact)]
    pace = timedelta(minutes=2) if told.channel == "chat" else timedelta(minutes=34)
    for place, (at, agent, text) in enumerate(told.replies):
        said.append(_agent(text or told.pick(ANSWERS[told.topic], place), at, agent, agents))
        if place == 0 and told.resolved is not None:
            said += _goes_on(told, at, min(pace, (told.resolved - at) / 4), contact, agents)
    return sorted(said, key=lambda each: each.at)


def _goes_on(
    told: Told, at: datetime, pace: timedelta, contact: PastContact, agents: Mapping[str, uuid.UUID]
) -> list[PastMessage]:
    said = []
    agent = told.replies[0][1]
    more = GOING_ON.get(told.topic, ())
    if more and told.chance % 3:
        question, answer = more[told.chance % len(more)]
        said.append(_customer(question.in_language(told.language), at + pace, contact))
        said.append(_agent(answer.in_language(told.language), at + pace * 2, agent, agents))
    if told.chance % 2:
        said.append(_customer(told.pick(THANKS), at + pace * 3, contact))
    return said


def _customer(text: str, at: datetime, contact: PastContact) -> PastMessage:
    return PastMessage(Direction.IN, text, at, author=contact.name)


def _agent(text: str, at: datetime, agent: str, agents: Mapping[str, uuid.UUID]) -> PastMessage:
    return PastMessage(Direction.OUT, text, at, AuthorKind.PERSON, agents.get(agent), agent)
