"""Brevo hands over what it read of a mail; its files are fetched from it when the message is here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from parcours.core.outbound import Unreachable, ask
from parcours.core.secrets import unseal
from parcours.inbox.channels.base import Incoming, IncomingFile, NeverSent, Told, TryLater
from parcours.inbox.files import MOST_BYTES
from parcours.inbox.models import ChannelAccount

REMOTE = "brevo"


def without_files(body: bytes) -> tuple[bytes, list[Sequence[IncomingFile]]]:
    """The call as if its mails had no files, and the files of each of them."""
    told = json.loads(body)
    items = told["items"]
    files = [[_file(each) for each in _attachments(item)] for item in items]
    bare = {**told, "items": [{**item, "Attachments": []} for item in items]}
    return json.dumps(bare).encode(), [[each for each in some if each.remote] for some in files]


def with_files(told: Sequence[Told], files: Sequence[IncomingFile]) -> list[Told]:
    """What a mail told, with its files."""
    return [
        replace(each, files=[*each.files, *files]) if isinstance(each, Incoming) else each for each in told
    ]


def fetched(account: ChannelAccount, remote: Mapping[str, Any]) -> bytes:
    """A file that Brevo keeps. Raises TryLater, NeverSent."""
    sealed = account.secrets.get("provider_key", "")
    if not sealed:
        raise TryLater(_("The API key of Brevo is missing: without it files of mails can't be fetched."))
    address = f"{settings.BREVO_URL}/inbound/attachments/{quote(str(remote[REMOTE]), safe='')}"
    try:
        answer = ask(address, headers={"api-key": unseal(sealed)}, most_bytes=MOST_BYTES)
    except Unreachable as fault:
        raise TryLater(fault.what) from fault
    if answer.status in {404, 410}:
        raise NeverSent(_("Brevo doesn't give the file any more ({status}).").format(status=answer.status))
    if answer.status != 200:
        raise TryLater(_("Brevo doesn't give the file now ({status}).").format(status=answer.status))
    return answer.body


def tested(account: ChannelAccount) -> str:
    """Whether its key is known there. Raises TryLater, NeverSent."""
    sealed = account.secrets.get("provider_key", "")
    if not sealed:
        raise NeverSent(_("The API key of Brevo is missing: without it files of mails can't be fetched."))
    try:
        answer = ask(f"{settings.BREVO_URL}/account", headers={"api-key": unseal(sealed)})
    except Unreachable as fault:
        raise TryLater(fault.what) from fault
    if answer.status != 200:
        raise NeverSent(_("Brevo refuses the API key ({status}).").format(status=answer.status))
    return _("Brevo knows the API key.")


def _attachments(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = item.get("Attachments")
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _file(told: Mapping[str, Any]) -> IncomingFile:
    token, size = told.get("DownloadToken"), told.get("ContentLength")
    return IncomingFile(
        str(told.get("Name") or _("file")),
        str(told.get("ContentType") or "application/octet-stream").partition(";")[0],
        content_id=str(told.get("ContentID") or "").strip("<>"),
        remote={REMOTE: token} if token else {},
        size=size if isinstance(size, int) else 0,
    )
