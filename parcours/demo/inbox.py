"""Fills the inbox: the last weeks as the service's log tells them, and what came in today.

The past is added in bulk, for the log has its events already. Today's questions come through the door that
every channel uses, so that they are routed, placed and logged as everybody's.
"""

import csv
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from parcours.accounts.models import Brand
from parcours.accounts.reads import people_of
from parcours.accounts.rights import Actor
from parcours.canvas.resolver import compile_touchpoints
from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.customers.enums import IdentityKind
from parcours.customers.writes import resolve_identities
from parcours.demo import words
from parcours.demo.answered import WRITTEN, Home, lately, past
from parcours.demo.arriving import TODAY, Question
from parcours.demo.desk_hours import set_hours_and_targets
from parcours.demo.mails import keep_mails
from parcours.demo.people import amina_of
from parcours.demo.team import set_up_routing
from parcours.inbox.channels import channels
from parcours.inbox.channels.base import Incoming, Sender, Setting
from parcours.inbox.models import ChannelAccount
from parcours.inbox.placing.costs import costs, set_costs
from parcours.inbox.writes import add_account, add_note, assign, change_account, receive_message
from parcours.inbox.writes.bulk import PastContact, add_past
from parcours.insights.conversations.placing import home_board

MARK = "mark.delaunay@example.org"
_NAMES = {
    "chat": "Chat",
    "email": "bonjour@foulee.example",
    "instagram": "@foulee.running",
    "whatsapp": "WhatsApp",
}
_ADDRESSES = {
    "email": "bonjour@foulee.example",
    "instagram": "17841400000000000",
    "whatsapp": "100000000000000",
}
_COSTS = {"chat": "3.20", "email": "4.10", "instagram": "3.60", "whatsapp": "3.40", "phone": "6.80"}
_ORIGINS = "https://www.foulee.example\nhttp://127.0.0.1:8000\nhttp://localhost:8000"


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the shop's list of customers."""

    user_id: str
    email: str
    name: str
    language: str
    phone: str
    region: str
    customer_id: int


def fill_inbox(brand: Brand, customers: Path, service_log: Path, *, acting_user: Actor) -> int:
    """Returns how many conversations it added; nothing comes twice. Channels that aren't there stay out."""
    people = _people(brand, customers)
    told = lately(service_log)
    agents = {row.person.label.split()[0]: row.person_id for row in people_of(brand)}
    homes = _homes(brand)
    accounts = {kind: account for kind in WRITTEN if (account := _account(brand, kind, acting_user))}
    if not costs(brand.pk):
        set_costs(_COSTS, acting_user=acting_user)
    added = 0
    for kind, account in accounts.items():
        of_kind = [each for each in told if each.channel == kind]
        contacts = {
            each.user_id: _contact(kind, people[each.user_id]) for each in of_kind if each.user_id in people
        }
        added += add_past(
            account, past(of_kind, contacts, agents, homes).get(kind, []), acting_user=acting_user
        )
    busy = {each.user_id for each in told if people.get(each.user_id) and people[each.user_id].email != MARK}
    set_up_routing(brand, acting_user=acting_user)
    added += _ask_today(accounts, people, busy, agents, acting_user)
    if "email" in accounts:
        free = [each for each in people.values() if each.user_id not in busy and each.email != MARK]
        french = [(each.name, each.email) for each in free if each.language == "fr"]
        english = [(each.name, each.email) for each in free if each.language == "en"]
        keep_mails(accounts["email"], french, english[0])
    set_hours_and_targets(brand, acting_user=acting_user)
    return added


def _people(brand: Brand, path: Path) -> dict[str, Person]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = resolve_identities(brand, IdentityKind.USER_ID, [row["user_id"] for row in rows])
    names = ("user_id", "email", "name", "language", "phone", "region")
    return {
        row["user_id"]: Person(customer_id=int(customer), **{name: row[name] for name in names})
        for row, customer in zip(rows, found, strict=True)
    }


def _account(brand: Brand, kind: str, actor: Actor) -> ChannelAccount | None:
    """The brand's account on the channel, made where there is none; None where the channel isn't installed.

    Only the chat carries messages: behind the others there is no platform, so they are switched off.
    """
    channel = channels().get(kind)
    if channel is None:
        return None
    standing = ChannelAccount.objects.filter(brand=brand, kind=kind, removed_at=None)
    found = standing.select_related("brand", "source").order_by("created_at").first()
    if found is not None:
        return found
    given = {setting.name: _given(setting) for setting in channel.settings if setting.required}
    try:
        with transaction.atomic():
            made = add_account(
                brand, kind, _NAMES[kind], given, acting_user=actor, address=_ADDRESSES.get(kind, "")
            )
    except ParcoursError:
        return None
    if kind != "chat":
        made = change_account(made.pk, acting_user=actor, enabled=False)
    return made


def _given(setting: Setting) -> str:
    """Something that the form takes."""
    usual = {"number": "993", "address": "https://www.foulee.example", "lines": _ORIGINS, "check": "1"}
    first = str(setting.choices[0][0]) if setting.choices else ""
    return setting.default or first or usual.get(setting.kind, "foulee.example")


def _contact(kind: str, person: Person) -> PastContact:
    digits = person.phone.lstrip("+") or f"336399{int(person.user_id[1:]):05d}"
    handle = person.email.partition("@")[0]
    known = {
        "email": (person.email, person.email),
        "whatsapp": (digits, f"+{digits}"),
        "instagram": (f"1784{int(person.user_id[1:]):012d}", f"@{handle}"),
    }
    external_id, shown = known.get(kind, (f"foulee-{person.user_id}", person.email))
    return PastContact(
        external_id,
        person.customer_id,
        name=person.name,
        handle=shown,
        language=person.language,
        identities={IdentityKind.USER_ID: person.user_id},
    )


def _homes(brand: Brand) -> dict[tuple[str, str], Home]:
    """Where a conversation on a channel about a topic belongs on the first journey."""
    drawn = home_board(brand)
    if drawn is None:
        return {}
    resolver = compile_touchpoints(drawn.touchpoints)
    found = {}
    for channel in WRITTEN:
        for topic in words.TEXTS:
            facts = {"name": "Message Received", "channel": channel, "properties.topic": topic}
            code = next((code for code, rule in enumerate(resolver.rules) if rule.holds(facts.get)), None)
            if code is not None:
                touchpoint = drawn.touchpoints[code]
                found[channel, topic] = Home(drawn.journey.id, touchpoint.stage_id, touchpoint.id)
    return found


@transaction.atomic
def _ask_today(
    accounts: Mapping[str, ChannelAccount],
    people: Mapping[str, Person],
    busy: set[str],
    agents: Mapping[str, uuid.UUID],
    actor: Actor,
) -> int:
    """Each asks once, and nobody who is `busy` elsewhere; a repeat finds their messages there."""
    taken = set(busy)
    added = 0
    for question in TODAY:
        person = _asker(question, people, taken)
        account = accounts.get(question.channel)
        if person is None:
            continue
        taken.add(person.user_id)
        if account is not None:
            added += _ask(account, question, person, agents, actor)
    return added


def _asker(question: Question, people: Mapping[str, Person], taken: set[str]) -> Person | None:
    """Of those who registered last, whom the question would come from."""
    for person in reversed(list(people.values())):
        if person.user_id in taken:
            continue
        if question.who == "mark":
            fits = person.email == MARK
        elif person.email == MARK:
            continue
        else:
            fits = person.language == question.language and question.who in {"", person.region}
        if fits:
            return person
    return None


def _ask(
    account: ChannelAccount,
    question: Question,
    person: Person,
    agents: Mapping[str, uuid.UUID],
    actor: Actor,
) -> bool:
    known = _contact(question.channel, person)
    sender = Sender(
        known.external_id, known.name, known.handle, known.language, identities=dict(known.identities)
    )
    first = None
    for place, (minutes, text) in enumerate(zip(question.minutes, question.texts, strict=True)):
        message = receive_message(
            account,
            Incoming(
                f"today:{question.key}:{place}",
                sender,
                now() - timedelta(minutes=minutes),
                text=text,
                subject=question.subject,
                thread=f"today:{question.key}" if question.subject else "",
                context={"page": question.page} if question.page else {},
            ),
        )
        first = first or message
    if first is None:
        return False
    if question.for_whom:
        by_name = question.for_whom.partition("@")[0].capitalize()
        if by_name in agents:
            assign(first.conversation_id, agents[by_name], acting_user=actor)
    if question.note is not None:
        note = question.note.in_language(question.language)
        add_note(first.conversation_id, note, acting_user=amina_of(actor))
    return True
