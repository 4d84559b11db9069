"""Reading a mailbox: what is new since the cursor, each mail kept raw before the cursor moves past it.

The cursor is UIDVALIDITY and UID of each folder. A mail and the step of the cursor are one transaction:
whatever dies in between, nothing is lost and nothing comes twice. When a server gives its folder a new
UIDVALIDITY, all of the folder is read anew; what is there already is known by its bytes, or by its
Message-ID and content.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError

from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.core.outbound import Unreachable
from parcours.inbox.channels.email.box import Box, opened, sent_folder_of
from parcours.inbox.models import ChannelAccount

log = logging.getLogger(__name__)

PIECE = 1024 * 1024
MOST_BYTES = 40 * 1024 * 1024
"""Of one mail; of a larger one the beginning is read, and the message says so."""
MOST_AT_ONCE = 500
LONGEST_RUN = 45.0
TOGETHER_BYTES = 2 * 1024 * 1024
TOGETHER = 25
TRIES = 3
LONGEST_WAIT = timedelta(minutes=30)
_BEFORE = timedelta(days=1)


@dataclass(slots=True)
class Place:
    """Where reading a folder goes on. Of a folder that is read anew up to the UID `again`, mails older than
    `since` were there before the account was, and are left.
    """

    validity: int
    uid: int
    since: datetime | None = None
    again: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    uid: int
    size: int
    received: datetime


def pull(account: ChannelAccount) -> None:
    """Reads what is new. Raises ParcoursError; after failures it waits longer each time."""
    retry = account.cursor.get("retry", {})
    if account.fault and retry and now() < datetime.fromisoformat(retry["until"]):
        raise Unreachable(account.fault)
    try:
        more = _read(account)
    except ParcoursError:
        failures = int(retry.get("failures", 0)) + 1
        wait = min(timedelta(seconds=30 * 2 ** min(failures, 10)), LONGEST_WAIT)
        _note(account, retry={"failures": failures, "until": (now() + wait).isoformat()})
        raise
    if retry:
        _note(account, retry={})
    if more:
        from parcours.inbox.nudging import ask_to_pull

        ask_to_pull(account.pk)


def folders_of(account: ChannelAccount, box: Box) -> list[tuple[str, bool]]:
    """The folders to read, and whether they hold what was sent."""
    named = [each.strip() for each in str(account.settings.get("folders", "")).splitlines() if each.strip()]
    sent = sent_folder_of(account, box) if account.settings.get("read_sent") else ""
    wanted = [(each, False) for each in dict.fromkeys(named or ["INBOX"]) if each != sent]
    return [*wanted, (sent, True)] if sent else wanted


def _read(account: ChannelAccount) -> bool:
    """Returns whether more is there than one run reads."""
    ends = monotonic() + LONGEST_RUN
    left = MOST_AT_ONCE
    with opened(account) as box:
        for folder, is_sent in folders_of(account, box):
            for count in _read_folder(account, box, folder, is_sent=is_sent, most=left):
                left -= count
                if left <= 0 or monotonic() > ends:
                    return True
    return False


def _read_folder(
    account: ChannelAccount, box: Box, folder: str, *, is_sent: bool, most: int
) -> Iterator[int]:
    marks = account.settings.get("after") == "seen" and not is_sent
    told = box.select_folder(folder, readonly=not marks)
    place = _place(account, folder, told, box)
    uids = [uid for uid in box.search(["UID", f"{place.uid + 1}:*"]) if uid > place.uid]
    for heads in _together(box, sorted(uids)[:most]):
        for head, raw in _fetched(account, box, folder, heads):
            kept = _keep(account, folder, place, head, raw, is_sent=is_sent)
            if kept and marks:
                with suppress(IMAPClientReadOnlyError, IMAPClientError):
                    box.add_flags([head.uid], [rb"\Seen"], silent=True)
        yield len(heads)


def _place(account: ChannelAccount, folder: str, told: dict[bytes, Any], box: Box) -> Place:
    """The cursor of the folder; made at the first reading, and anew when its UIDs mean something else."""
    validity = int(told.get(b"UIDVALIDITY", 0))
    with transaction.atomic():
        row = ChannelAccount.objects.select_for_update().get(pk=account.pk)
        folders = row.cursor.setdefault("folders", {})
        known = folders.get(folder)
        if known and known["validity"] == validity:
            return _as_place(known)
        if known:
            log.warning("folder %s of account %s has new UIDs: it is read anew", folder, account.pk)
            made = {**known, "validity": validity, "uid": 0, "again": _last_uid(told, box)}
        else:
            only_new = account.settings.get("start", "new") == "new"
            last = _last_uid(told, box) if only_new else 0
            made = {"validity": validity, "uid": last, "since": now().isoformat() if only_new else ""}
        made.pop("faults", None)
        folders[folder] = made
        row.save(update_fields=["cursor"])
        return _as_place(made)


def _as_place(known: dict[str, Any]) -> Place:
    since = known.get("since")
    moment = datetime.fromisoformat(since) if since else None
    return Place(known["validity"], known["uid"], moment, known.get("again", 0))


def _last_uid(told: dict[bytes, Any], box: Box) -> int:
    if told.get(b"UIDNEXT"):
        return int(told[b"UIDNEXT"]) - 1
    return max(box.search("ALL"), default=0)


def _together(box: Box, uids: Sequence[int]) -> Iterator[list[Head]]:
    """Small mails are fetched some at a time, large ones each by itself."""
    for at in range(0, len(uids), 200):
        some = uids[at : at + 200]
        said = box.fetch(some, ["RFC822.SIZE", "INTERNALDATE"])
        batch: list[Head] = []
        for uid in some:
            facts = said.get(uid, {})
            head = Head(uid, int(facts.get(b"RFC822.SIZE", 0)), _aware(facts.get(b"INTERNALDATE")))
            if batch and (
                len(batch) >= TOGETHER or sum(each.size for each in batch) + head.size > TOGETHER_BYTES
            ):
                yield batch
                batch = []
            batch.append(head)
        if batch:
            yield batch


def _aware(moment: datetime | None) -> datetime:
    if moment is None:
        return now()
    return moment.astimezone(UTC)


def _fetched(
    account: ChannelAccount, box: Box, folder: str, heads: Sequence[Head]
) -> Iterator[tuple[Head, bytes | None]]:
    """Each mail with its bytes; nothing where somebody deleted it, or the server can't hand it over."""
    whole: dict[int, bytes] = {}
    if len(heads) > 1:
        with suppress(IMAPClientError):
            try:
                said = box.fetch([head.uid for head in heads], ["BODY.PEEK[]"])
            except IMAPClientAbortError as error:
                raise OSError(str(error)) from error
            whole = {uid: facts[b"BODY[]"] for uid, facts in said.items() if facts.get(b"BODY[]") is not None}
    for head in heads:
        if head.uid in whole:
            yield head, whole[head.uid]
            continue
        try:
            yield head, in_pieces(box, head.uid)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if not _is_given_up(account, folder, head.uid):
                raise
            from parcours.inbox.writes.receiving import keep

            trouble = _("The server doesn't hand over one mail: {reason}").format(reason=str(error)[:150])
            keep(account, b"", name=f"{folder} {head.uid}", headers={"trouble": trouble, "folder": folder})
            yield head, None


def in_pieces(box: Box, uid: int) -> bytes | None:
    """The mail, or the beginning of one that is larger than what is read; None when it is gone."""
    pieces: list[bytes] = []
    size = 0
    while size < MOST_BYTES:
        said = box.fetch([uid], [f"BODY.PEEK[]<{size}.{PIECE}>"]).get(uid)
        piece = next((value for key, value in (said or {}).items() if key.startswith(b"BODY[")), None)
        if piece is None:
            return b"".join(pieces) if pieces else None
        pieces.append(piece)
        size += len(piece)
        if len(piece) < PIECE:
            break
    return b"".join(pieces)


def _keep(
    account: ChannelAccount, folder: str, place: Place, head: Head, raw: bytes | None, *, is_sent: bool
) -> bool:
    """The mail, raw and understood, and the step of the cursor past it: both or neither."""
    from parcours.inbox.writes.receiving import keep

    is_again = head.uid <= place.again
    is_older = is_again and place.since is not None and head.received < place.since - _BEFORE
    wanted = bool(raw) and not is_older
    headers = {"folder": folder, "received": head.received.isoformat()}
    if is_sent:
        headers["sent"] = "yes"
    if raw and len(raw) >= MOST_BYTES:
        headers["cut"] = str(max(head.size, len(raw)))
    with transaction.atomic():
        if raw and wanted:
            keep(account, raw, headers=headers)
        _advance(account, folder, place.validity, head.uid)
    return wanted


def _advance(account: ChannelAccount, folder: str, validity: int, uid: int) -> None:
    """Moves the cursor forward, never back, and not into UIDs that mean something else by now."""
    row = ChannelAccount.objects.select_for_update().get(pk=account.pk)
    known = row.cursor.get("folders", {}).get(folder)
    if known and known["validity"] == validity and known["uid"] < uid:
        known["uid"] = uid
        known.get("faults", {}).pop(str(uid), None)
        row.save(update_fields=["cursor"])


def _is_given_up(account: ChannelAccount, folder: str, uid: int) -> bool:
    """Counts the tries for a mail that the server doesn't hand over."""
    with transaction.atomic():
        row = ChannelAccount.objects.select_for_update().get(pk=account.pk)
        faults = row.cursor["folders"][folder].setdefault("faults", {})
        faults[str(uid)] = faults.get(str(uid), 0) + 1
        row.save(update_fields=["cursor"])
        return bool(faults[str(uid)] >= TRIES)


def _note(account: ChannelAccount, **said: Any) -> None:
    with transaction.atomic():
        row = ChannelAccount.objects.select_for_update().get(pk=account.pk)
        row.cursor.update(said)
        row.save(update_fields=["cursor"])
    account.cursor = row.cursor
