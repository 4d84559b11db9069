"""A channel for tests: its platform says in plain JSON what real ones say in their own words."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from parcours.core.secrets import unseal
from parcours.inbox.channels.base import (
    BadSignature,
    Channel,
    Incoming,
    IncomingChange,
    IncomingFile,
    IncomingStep,
    NeverSent,
    NotUnderstood,
    Outbound,
    Request,
    Sender,
    SentAs,
    Setting,
    Told,
    TryLater,
)
from parcours.inbox.models import ChannelAccount


class Pigeons(Channel):
    """Carries messages; `sent` is what it was handed, `faults` what it raises next, one a try."""

    kind = "pigeons"
    # ruff: noqa: ARG002 - as in `base.Channel`
    label = "Pigeons"
    icon = "chat"
    event_channel = "chat"
    hook = "pigeons"
    settings = (
        Setting("loft", "Loft"),
        Setting("secret", "Secret", kind="secret"),
        Setting("verify", "Word", kind="secret", made=True),
    )
    longest_text = 500
    file_types = ("image/*",)
    largest_file = 1_000_000

    def __init__(self) -> None:
        self.sent: list[Outbound] = []
        self.faults: list[Exception] = []

    def check(self, account: ChannelAccount, request: Request) -> None:
        if request.headers.get("x-ring") != unseal(account.secrets["secret"]):
            raise BadSignature("The ring is another one.")

    def name_of(self, request: Request) -> str:
        return request.headers.get("x-flight", "")

    def read(self, account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
        try:
            return [_told(each) for each in json.loads(body)]
        except ValueError as error:
            raise NotUnderstood("It isn't JSON.") from error

    def send(self, account: ChannelAccount, outbound: Outbound) -> SentAs:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(outbound)
        return SentAs(f"out-{outbound.key}")


def _told(each: dict[str, Any]) -> Told:
    at = datetime.fromtimestamp(each.get("at", 1_790_000_000), UTC)
    if "step" in each:
        return IncomingStep(each["step"], at, each.get("id", ""), fault=each.get("fault", ""))
    if "edit" in each:
        return IncomingChange(each["id"], at, text=each["edit"])
    files = [IncomingFile(name, "image/png", content=b"\x89PNG") for name in each.get("files", ())]
    return Incoming(
        each["id"],
        Sender(each.get("from", "mark"), name=each.get("name", "Mark"), identities=each.get("who", {})),
        at,
        text=each["text"],
        files=files,
        reply_to=each.get("answers", ()),
        context=each.get("context", {}),
        echo=each.get("echo", False),
    )


__all__ = ["NeverSent", "Pigeons", "TryLater"]
