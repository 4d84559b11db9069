import hmac
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import jwt
import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.api.chat.limits import BUCKETS
from parcours.core.secrets import unseal
from parcours.inbox.models import ChannelAccount
from parcours.inbox.writes import add_account

SHOP = "https://shop.example"


@pytest.fixture(autouse=True)
def _nobody_was_too_fast() -> Iterator[None]:
    BUCKETS.forget()
    yield
    BUCKETS.forget()


@pytest.fixture
def chat(brand: Brand, alice_acts: Actor) -> ChannelAccount:
    """A chat on one shop, which says nothing by itself."""
    given = {"origins": SHOP, "answers": "no"}
    return add_account(brand, "chat", "Shop chat", given, acting_user=alice_acts)


@dataclass
class Page:
    """A page of a shop: it calls as a browser would, and keeps the token."""

    account: ChannelAccount
    origin: str = SHOP
    token: str = ""

    def call(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        sent = {"Origin": self.origin, **headers}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        raw = body if isinstance(body, bytes) else json.dumps(body) if body is not None else ""
        return Client().generic(
            method, f"/chat/{address}", raw, content_type="application/json", headers=sent
        )

    def begin(self, **more: Any) -> dict[str, Any]:
        answer = self.call("POST", "sessions", {"account": str(self.account.pk), **more})
        assert answer.status_code == 201, answer.content
        told: dict[str, Any] = answer.json()
        self.token = told["token"]
        return told

    def say(self, text: str, *, client: str = "", files: list[str] | None = None) -> Any:
        given = {"id": client or uuid.uuid4().hex, "text": text, "files": files or []}
        return self.call("POST", "post", given)

    def me(self) -> dict[str, Any]:
        told: dict[str, Any] = self.call("GET", "me").json()
        return told

    def texts(self) -> list[str]:
        return [each["text"] for each in self.me()["messages"]]

    def is_user(self, user: str) -> Any:
        return self.call("POST", "identify", {"user": user, "signature": signature(self.account, user)})


@pytest.fixture
def visitor(chat: ChannelAccount) -> Page:
    """A page whose visitor has begun."""
    opened = Page(chat)
    opened.begin()
    return opened


def signature(account: ChannelAccount, user: str) -> str:
    secret = unseal(account.secrets["secret"])
    return hmac.new(secret.encode(), user.encode(), sha256).hexdigest()


def token(account: ChannelAccount, *, secret: str = "", algorithm: str = "HS256", **claims: Any) -> str:
    said = {"sub": "mark", "exp": int(time.time()) + 600, **claims}
    said = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(said, secret or unseal(account.secrets["secret"]), algorithm=algorithm)
