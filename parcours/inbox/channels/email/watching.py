"""Being told at once: a thread of the worker that listens to a mailbox (IDLE, RFC 2177).

It only asks for a reading; what is read and kept stays the job's. Where the server doesn't know IDLE, or the
line breaks, the reading of every minute goes on, and the next one listens again. One worker listens at a
time: it holds a lease in the account's cursor.
"""

import logging
import threading
import time
import uuid
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, transaction
from imapclient.exceptions import IMAPClientError

from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.inbox.channels.email.box import Box, opened
from parcours.inbox.channels.email.pulling import folders_of
from parcours.inbox.models import ChannelAccount

log = logging.getLogger(__name__)

LISTENS = 50.0
"""Seconds until it looks whether it may go on: shorter than its lease, and than servers' patience."""
A_LEASE = timedelta(minutes=2)
_ME = str(uuid.uuid4())
_threads: dict[uuid.UUID, threading.Thread] = {}
_lock = threading.Lock()


def watch(account_id: uuid.UUID) -> None:
    """Listens from now on, unless somebody does."""
    with _lock:
        there = _threads.get(account_id)
        if (there is not None and there.is_alive()) or not hold(account_id):
            return
        thread = threading.Thread(target=_run, args=(account_id,), name=f"mail {account_id}", daemon=True)
        _threads[account_id] = thread
        thread.start()


def hold(account_id: uuid.UUID, holder: str = _ME) -> bool:
    """Takes or renews the lease; False when another worker has it, or the account is switched off."""
    with transaction.atomic():
        rows = ChannelAccount.objects.select_for_update().filter(pk=account_id, enabled=True, removed_at=None)
        row = rows.first()
        if row is None:
            return False
        lease = row.cursor.get("lease", {})
        if lease and lease["by"] != holder and datetime.fromisoformat(lease["until"]) > now():
            return False
        row.cursor["lease"] = {"by": holder, "until": (now() + A_LEASE).isoformat()}
        row.save(update_fields=["cursor"])
        return True


def _run(account_id: uuid.UUID) -> None:
    try:
        account = ChannelAccount.objects.get(pk=account_id)
        with opened(account) as box:
            if box.has_capability("IDLE"):
                listen(account, box)
    except (ParcoursError, OSError, IMAPClientError) as fault:
        log.info("listening to mailbox %s ended: %s", account_id, fault)
    except Exception:  # the reading of every minute goes on
        log.exception("listening to mailbox %s ended", account_id)
    finally:
        connection.close()


def listen(account: ChannelAccount, box: Box) -> None:
    """Until the line breaks or the lease is lost."""
    from parcours.inbox.nudging import ask_to_pull

    box.select_folder(folders_of(account, box)[0][0], readonly=True)
    while hold(account.pk):
        close_old_connections()
        connection.close()  # nothing is asked of the database for most of a minute
        box.idle()
        began = time.monotonic()
        told = box.idle_check(timeout=LISTENS)
        if not told and time.monotonic() - began < LISTENS - 1:
            raise OSError("the line is closed")
        _end, rest = box.idle_done()
        if any(len(each) > 1 and each[1] in {b"EXISTS", b"RECENT"} for each in [*told, *rest]):
            ask_to_pull(account.pk)
