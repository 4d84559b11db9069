"""An inbox of two years: 150,000 conversations with a million messages of 60,000 people on eight accounts.

Rows go in by COPY, in the order of time, as they would have come. Columns that this doesn't name take their
defaults.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, models

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import system_actor
from parcours.accounts.writes import add_person, create_brand
from parcours.events.writes import add_source
from parcours.inbox.models import ChannelAccount, Contact, Conversation, Counter, Message

BRAND = "A million messages"
KINDS = ("email", "chat", "whatsapp", "messenger", "instagram", "sms", "telegram", "email")
AGENTS = 24
SPAN = timedelta(days=730)
SHARE_OPEN, SHARE_SNOOZED = 0.06, 0.01
TAGS = ("refund", "delivery", "size", "vip", "complaint", "coupon", "b2b", "return", "press")
FIRST = "Marie Jean Camille Léa Hugo Emma Louis Chloé Lucas Manon Jules Sarah Paul Inès Tom Zoé"
LAST = "Martin Bernard Dubois Thomas Robert Petit Durand Leroy Moreau Simon Laurent Lefebvre Roux"
WORDS = """
    livraison commande bonjour merci colis chaussures taille retour paiement remboursement je vous ma pas le
    la pour delivery order hello thanks parcel shoes size return payment refund please my is not the for with
    when what would magasin facture adresse semaine demain erreur carte suivi retard échange couleur modèle
    promotion code livreur store invoice address week tomorrow error card tracking late exchange colour model
    discount running trail
"""
TAIL = 40_000
SYLLABLES = (
    "ba be bi bo ca co da de di do fa fe fi ga go ja la le li lo ma me mi mo na ne no pa pe po ra re ri ro"
)


@dataclass(frozen=True)
class Drawn:
    """Times in seconds since the start, by conversation and by message; messages in the order of time."""

    began: Any
    last: Any
    sizes: Any
    of_message: Any
    place: Any
    at: Any


def fill(conversations: int, messages: int, say: Any = print) -> Brand:
    brand = create_brand(BRAND)
    rng = np.random.default_rng(7)
    people = _people(brand)
    accounts = [_account(brand, kind, n) for n, kind in enumerate(KINDS)]
    contacts = max(conversations * 2 // 5, 1)
    drawn = draw(rng, conversations, messages)
    ids = [_id(moment, n) for n, moment in enumerate(drawn.began)]
    contact_ids = [uuid.UUID(int=1 << 90 | n) for n in range(contacts)]
    of_contact = rng.integers(0, contacts, conversations)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # references hold by construction
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("DROP INDEX IF EXISTS message_search")
        say("contacts …")
        account_of = [accounts[n % len(accounts)].pk for n in range(contacts)]
        _copy(Contact, _contacts(brand, account_of, contact_ids))
        say("messages …")
        texts = _texts(rng, messages)
        previews: dict[int, str] = {}
        _copy(
            Message,
            _messages(brand, drawn, ids, [account_of[each] for each in of_contact], people, texts, previews),
        )
        say("conversations …")
        _copy(
            Conversation,
            _conversations(rng, brand, drawn, ids, of_contact, contact_ids, account_of, people, previews),
        )
        Counter.objects.create(brand=brand, number=conversations)
        say("the index of words …")
        cursor.execute("CREATE INDEX message_search ON inbox_message USING gin (search)")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    return brand


def draw(rng: Any, conversations: int, messages: int) -> Drawn:
    """When conversations begin and go on: most within a day, some over weeks."""
    seconds = SPAN.total_seconds()
    began = np.sort(rng.random(conversations) ** 0.8) * seconds  # a shop that grows
    sizes = 1 + rng.geometric(conversations / max(messages - conversations, 1), conversations)
    sizes = np.maximum(1, np.round(sizes * messages / sizes.sum())).astype(int)
    for n in rng.integers(0, conversations, abs(messages - sizes.sum())):
        sizes[n] = max(1, sizes[n] + np.sign(messages - sizes.sum()))
    of_message = np.repeat(np.arange(conversations), sizes)
    place = np.arange(len(of_message)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    pace = rng.choice([120.0, 3_600.0, 40_000.0, 200_000.0], conversations, p=[0.4, 0.4, 0.15, 0.05])
    gaps = rng.exponential(1.0, len(of_message)) * pace[of_message] * (place > 0)
    since = np.cumsum(gaps)
    since -= np.repeat(since[np.cumsum(sizes) - sizes], sizes)
    at = np.minimum(began[of_message] + since, seconds - 1)
    last = np.zeros(conversations)
    np.maximum.at(last, of_message, at)
    order = np.argsort(at, kind="stable")
    return Drawn(began, last, sizes, of_message[order], place[order], at[order])


def _texts(rng: Any, messages: int) -> Iterator[str]:
    """4 to 40 words each; a word's share of all falls as its rank rises, as in any language."""
    words = np.array([*WORDS.split(), *tail_words()], dtype=object)
    share = 1 / (np.arange(len(words)) + 8.0)
    rising = np.cumsum(share / share.sum())
    for start in range(0, messages, 50_000):
        lengths = rng.integers(4, 40, min(50_000, messages - start))
        chosen = words[np.searchsorted(rising, rng.random(lengths.sum())).clip(max=len(words) - 1)]
        ends = np.cumsum(lengths)
        for begin, end in zip(ends - lengths, ends, strict=True):
            yield " ".join(chosen[begin:end])


def tail_words() -> list[str]:
    """Words that nobody knows, the more frequent ones first."""
    rng = np.random.default_rng(11)
    return ["".join(rng.choice(SYLLABLES.split(), 4)) for _ in range(TAIL)]


def _contacts(
    brand: Brand, account_of: Sequence[uuid.UUID], ids: Sequence[uuid.UUID]
) -> Iterator[dict[str, Any]]:
    first_names, last_names = FIRST.split(), LAST.split()
    for n, (account, pk) in enumerate(zip(account_of, ids, strict=True)):
        first, last = first_names[n * 7 % len(first_names)], last_names[n // 3 % len(last_names)]
        yield {
            "id": pk,
            "brand_id": brand.pk,
            "account_id": account,
            "external_id": f"person-{n}",
            "name": f"{first} {last}{n // 200}",
            "handle": f"{first}.{last}.{n}@example.org".lower(),
            "customer_id": n + 1,
        }


def _messages(  # noqa: PLR0917 - what is drawn
    brand: Brand,
    drawn: Drawn,
    ids: Sequence[uuid.UUID],
    accounts: Sequence[uuid.UUID],
    people: Sequence[Person],
    texts: Iterator[str],
    previews: dict[int, str],
) -> Iterator[dict[str, Any]]:
    for n, (talk, place, seconds) in enumerate(
        zip(drawn.of_message.tolist(), drawn.place.tolist(), drawn.at.tolist(), strict=True)
    ):
        text, outward = next(texts), place % 2 == 1
        author = people[talk % len(people)]
        previews[talk] = text[:200]
        moment = _moment(seconds)
        yield {
            "id": _id(seconds, n),
            "brand_id": brand.pk,
            "conversation_id": ids[talk],
            "account_id": accounts[talk],
            "direction": "out" if outward else "in",
            "external_id": f"m{n}",
            "author_kind": "person" if outward else "customer",
            "author_id": author.pk if outward else None,
            "author_label": author.label if outward else "",
            "text": text,
            "at": moment,
            "created_at": moment,
            "step": "sent" if outward else "shown",
        }


def _conversations(  # noqa: PLR0917 - what is drawn
    rng: Any,
    brand: Brand,
    drawn: Drawn,
    ids: Sequence[uuid.UUID],
    of_contact: Any,
    contact_ids: Sequence[uuid.UUID],
    account_of: Sequence[uuid.UUID],
    people: Sequence[Person],
    previews: dict[int, str],
) -> Iterator[dict[str, Any]]:
    """The newest are open, some of them put off; every third of the open ones is nobody's yet."""
    count = len(ids)
    by_age = np.argsort(np.argsort(-drawn.last))
    stages, touchpoints = (
        [uuid.uuid5(brand.pk, f"{name} {n}") for n in range(5 * m)] for name, m in (("s", 1), ("t", 8))
    )
    standing: set[tuple[int, str]] = set()
    for n in range(count):
        share = by_age[n] / count
        contact = int(of_contact[n])
        status = (
            "open" if share < SHARE_OPEN else "snoozed" if share < SHARE_OPEN + SHARE_SNOOZED else "closed"
        )
        thread = "" if (contact, "") not in standing else f"thread {n}"
        if status != "closed":
            standing.add((contact, thread))
        waits = status == "open" and drawn.sizes[n] % 2 == 1
        last, began = _moment(drawn.last[n]), _moment(drawn.began[n])
        placed = n % 4 != 0
        yield {
            "id": ids[n],
            "brand_id": brand.pk,
            "account_id": account_of[contact],
            "contact_id": contact_ids[contact],
            "customer_id": contact + 1,
            "number": n + 1,
            "thread": thread,
            "subject": previews[n][:60] if n % 4 == 0 else "",
            "status": status,
            "assignee_id": people[n % len(people)].pk if n % 3 or status == "closed" else None,
            "tags": [TAGS[int(rng.integers(0, len(TAGS))) % (n % 9 + 1)]] if n % 5 == 0 else [],
            "language": "fr",
            "stage_id": stages[n % 5] if placed else None,
            "touchpoint_id": touchpoints[n % 40] if placed else None,
            "looked_at": began,
            "created_at": began,
            "first_reply_at": began + timedelta(minutes=9) if drawn.sizes[n] > 1 else None,
            "last_message_at": last,
            "last_customer_at": last,
            "waiting_since": last if waits else None,
            "snoozed_until": last + timedelta(days=2) if status == "snoozed" else None,
            "closed_at": last + timedelta(hours=1) if status == "closed" else None,
            "first_reply_due": began + timedelta(hours=4),
            "resolution_due": last + timedelta(days=9),
            "message_count": int(drawn.sizes[n]),
            "preview": previews[n],
            "preview_direction": "in" if waits else "out",
        }


def _copy(model: type[models.Model], rows: Iterator[dict[str, Any]]) -> None:
    """COPY of rows; columns that a row doesn't name take the model's default."""
    table = model._meta  # noqa: SLF001 - the way to a model's columns
    fields = [each for each in table.concrete_fields if not isinstance(each, models.GeneratedField)]
    defaults: dict[str, Any] = {str(each.column): _plain(each.get_default()) for each in fields}
    columns = list(defaults)
    sql = f"COPY {table.db_table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(sql) as into:
        for row in rows:
            whole = {**defaults, **row}
            into.write_row([whole[name] for name in columns])


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


def _people(brand: Brand) -> list[Person]:
    actor = system_actor(brand.pk)
    for n in range(AGENTS):
        email = f"agent-{n}@example.org"
        add_person(email, brand=brand, role="agent", name=f"Agent {n}", acting_user=actor)
    return list(Person.objects.filter(email__startswith="agent-").order_by("email"))


def _account(brand: Brand, kind: str, n: int) -> ChannelAccount:
    source, _key = add_source(brand, f"Account {n}", acting_user=system_actor(brand.pk))
    return ChannelAccount.objects.create(
        brand=brand, source=source, kind=kind, name=f"{kind.title()} {n}", address=f"a{n}"
    )


def _moment(seconds: float) -> datetime:
    return _START + timedelta(seconds=float(seconds))


def _id(seconds: float, n: int) -> uuid.UUID:
    """As `new_id` makes them at that moment."""
    milliseconds = int((_START.timestamp() + seconds) * 1000)
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | 0x2 << 62 | n)


_START = datetime.now(UTC) - SPAN
