"""What the channels of Meta have in common: how calls are signed, and how the Graph API is asked."""

import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from parcours.core.outbound import Answer, Unreachable, ask
from parcours.core.secrets import unseal
from parcours.inbox.channels.base import BadSignature, Greeting, NeverSent, NotUnderstood, Request, TryLater
from parcours.inbox.channels.forms import FormFile, form_data
from parcours.inbox.models import ChannelAccount

COMMENT = "comment "
"""Before the platform's id of a comment, in the thread of its conversation."""
MENTION = "mention "
LATER = frozenset({1, 2, 4, 17, 32, 341, 368, 613, 80007, 130429, 131000, 131016, 131048, 131056, 133016})
"""Error codes that pass by themselves: too many calls, or trouble at Meta's."""
TOKEN = frozenset({190, 102, 463, 467})
WAIT_FOR_TOKEN = timedelta(hours=1)


def check_signature(account: ChannelAccount, request: Request) -> None:
    """`X-Hub-Signature-256: sha256=` and the HMAC-SHA256 of the raw body by the app's secret, in hexadecimal.

    Raises BadSignature.
    """
    sent = request.headers.get("x-hub-signature-256", "")
    kind, _equals, digits = sent.partition("=")
    wanted = hmac.new(unseal(account.secrets["app_secret"]).encode(), request.body, sha256).hexdigest()
    if kind != "sha256" or not digits.isascii() or not hmac.compare_digest(digits, wanted):
        raise BadSignature(
            _("The call isn't signed with the app's secret."),
            remedy=_("Enter the secret of the app that calls here."),
        )


def greet(account: ChannelAccount, request: Request) -> Greeting | None:
    """Meta's challenge when somebody enters our address there."""
    if request.method != "GET":
        return None
    query = request.query
    known = unseal(account.secrets["verify_token"])
    given = query.get("hub.verify_token", "")
    if query.get("hub.mode") == "subscribe" and hmac.compare_digest(given.encode(), known.encode()):
        return Greeting(200, query.get("hub.challenge", ""))
    return Greeting(403, "")


def envelope(body: bytes, *objects: str) -> Mapping[str, Any]:
    """The payload of a call about one of these objects. Raises NotUnderstood."""
    try:
        data = json.loads(body)
    except ValueError as error:
        raise NotUnderstood(_("It isn't JSON.")) from error
    if not isinstance(data, Mapping) or data.get("object") not in objects:
        raise NotUnderstood(_("It is about something else than messages of this channel."))
    return data


def entries(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in _list(data.get("entry")) if isinstance(each, Mapping)]


def items(holder: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects of a list; whatever else stands in it is left out."""
    return [each for each in _list(holder.get(name)) if isinstance(each, Mapping)]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def graph(
    account: ChannelAccount,
    path: str,
    *,
    method: str = "GET",
    content: Mapping[str, Any] | None = None,
    query: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Asks the Graph API as the account. Raises TryLater, NeverSent with Meta's own words and code."""
    address = f"{settings.GRAPH_URL}/{path.lstrip('/')}"
    if query:
        address = f"{address}?{urlencode(query)}"
    headers = {"Authorization": f"Bearer {unseal(account.secrets['token'])}"}
    body = None
    if content is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(content).encode()
    return read_answer(_asked(address, method, headers, body))


def upload(
    account: ChannelAccount, path: str, fields: Mapping[str, str], file: tuple[str, str, bytes]
) -> dict[str, Any]:
    """Sends a file (name, media type, content) with fields, as a form. Raises TryLater, NeverSent."""
    name, media_type, content = file
    body, kind = form_data(fields, FormFile("file", name, media_type, content))
    headers = {"Authorization": f"Bearer {unseal(account.secrets['token'])}", "Content-Type": kind}
    return read_answer(_asked(f"{settings.GRAPH_URL}/{path.lstrip('/')}", "POST", headers, body))


def download(account: ChannelAccount, address: str, *, most_bytes: int) -> bytes:
    """A file that Meta keeps. Raises TryLater, NeverSent."""
    headers = {"Authorization": f"Bearer {unseal(account.secrets['token'])}", "User-Agent": "Parcours"}
    return file_in(_asked(address, "GET", headers, None, most_bytes=most_bytes))


def file_in(answer: Answer) -> bytes:
    """The file that was answered. Raises TryLater, NeverSent."""
    if answer.status >= 500 or answer.status == 429:
        raise TryLater(_("Meta doesn't give the file now ({status}).").format(status=answer.status))
    if answer.status != 200:
        raise NeverSent(_("Meta doesn't give the file any more ({status}).").format(status=answer.status))
    return answer.body


def _asked(
    address: str, method: str, headers: Mapping[str, str], body: bytes | None, *, most_bytes: int = 2_000_000
) -> Answer:
    try:
        return ask(address, method=method, headers=headers, body=body, most_bytes=most_bytes)
    except Unreachable as fault:
        raise TryLater(fault.what) from fault


def read_answer(answer: Answer) -> dict[str, Any]:
    """What Meta answered. Raises TryLater, NeverSent for its errors."""
    try:
        data = json.loads(answer.body)
    except ValueError:
        data = {}
    if not isinstance(data, dict):
        data = {}
    error = data.get("error")
    if answer.status < 400 and not error:
        return data
    error = error if isinstance(error, dict) else {}
    code = error.get("code", 0)
    said = _("Meta refuses: {reason} ({code})").format(
        reason=error.get("message") or answer.status, code=code or answer.status
    )
    if code in TOKEN:
        raise TryLater(
            _("The access token has expired or was taken back; enter a new one. {said}").format(said=said),
            after=WAIT_FOR_TOKEN,
        )
    if code in LATER or answer.status == 429 or answer.status >= 500:
        raise TryLater(said)
    raise NeverSent(said)
