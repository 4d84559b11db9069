"""Holds a mailbox against what came of it: mails that lie there and never came here.

They are known by their Message-ID; one whose id isn't known here is read, and known by its bytes, for what
brought nothing to the inbox (a bounce, a blocked sender) arrived all the same.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from parcours.inbox.channels.base import Missed
from parcours.inbox.channels.email.box import Box, opened
from parcours.inbox.channels.email.headers import message_ids
from parcours.inbox.channels.email.identity import named_by_us
from parcours.inbox.channels.email.pulling import MOST_BYTES, folders_of, in_pieces
from parcours.inbox.mail.models import MailId
from parcours.inbox.models import Arrival, ChannelAccount, Message

TOGETHER = 200
_HEAD = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"


def missing_since(account: ChannelAccount, moment: datetime) -> Iterator[Missed]:
    """Those that reading has passed already; the others come with it."""
    read_up_to: Mapping[str, Any] = account.cursor.get("folders", {})
    with opened(account) as box:
        for folder, is_sent in folders_of(account, box):
            place = read_up_to.get(folder)
            if place is not None:
                yield from _missing_in(account, box, folder, place, moment, is_sent=is_sent)


def _missing_in(
    account: ChannelAccount,
    box: Box,
    folder: str,
    place: Mapping[str, Any],
    moment: datetime,
    *,
    is_sent: bool,
) -> Iterator[Missed]:
    told = box.select_folder(folder, readonly=True)
    if int(told.get(b"UIDVALIDITY", 0)) != place["validity"]:
        return  # all of it is read anew, anyway
    begins = max(moment, datetime.fromisoformat(place["since"])) if place.get("since") else moment
    # The server's SINCE knows days of its own time zone only.
    uids = box.search(["SINCE", (begins - timedelta(days=1)).date()])
    passed = sorted(uid for uid in uids if uid <= place["uid"])
    for at in range(0, len(passed), TOGETHER):
        some = box.fetch(passed[at : at + TOGETHER], [_HEAD, "INTERNALDATE", "RFC822.SIZE"])
        heads = {uid: facts for uid, facts in some.items() if _received(facts) >= begins}
        unknown = _unknown(account, {uid: _id_in(facts) for uid, facts in heads.items()})
        for uid in unknown:
            headers = {"folder": folder, "received": _received(heads[uid]).isoformat()}
            if is_sent:
                headers["sent"] = "yes"
            yield from _unless_it_arrived(account, box, uid, headers, int(heads[uid].get(b"RFC822.SIZE", 0)))


def _id_in(facts: Mapping[bytes, Any]) -> str:
    raw = next((value for key, value in facts.items() if key.startswith(b"BODY[HEADER")), b"") or b""
    found = message_ids(raw.decode("latin-1"))
    return found[0] if found else ""


def _received(facts: Mapping[bytes, Any]) -> datetime:
    moment: datetime = facts[b"INTERNALDATE"]
    return moment.astimezone()


def _unknown(account: ChannelAccount, ids: Mapping[int, str]) -> list[int]:
    """UIDs of mails whose id no message of the account bears."""
    said = {each for each in ids.values() if each}
    known = set(
        MailId.objects.filter(account=account, said__in=said, is_answered=False).values_list(
            "said", flat=True
        )
    )
    known |= set(
        Message.objects.filter(account=account, external_id__in=said).values_list("external_id", flat=True)
    )
    ours = {each: pk for each in said if (pk := named_by_us(each)) is not None}
    there = set(Message.objects.filter(pk__in=ours.values()).values_list("pk", flat=True))
    known |= {each for each, pk in ours.items() if pk in there}
    return [uid for uid, each in sorted(ids.items()) if each not in known]


def _unless_it_arrived(
    account: ChannelAccount, box: Box, uid: int, headers: dict[str, str], size: int
) -> Iterator[Missed]:
    raw = in_pieces(box, uid)
    if not raw:
        return
    if len(raw) >= MOST_BYTES:
        headers["cut"] = str(max(size, len(raw)))
    arrived = Arrival.objects.filter(account=account, external_id=f"sha256:{sha256(raw).hexdigest()}")
    if not arrived.exists():
        yield Missed(raw, headers)
