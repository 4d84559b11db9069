import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.core.outbound import Unreachable, ask
from parcours.core.secrets import unseal
from parcours.inbox.channels.base import (
    BadSignature,
    Channel,
    NeverSent,
    Outbound,
    Request,
    SentAs,
    Setting,
    Told,
    TryLater,
)
from parcours.inbox.channels.forms import FormFile, form_data
from parcours.inbox.channels.telegram.reading import name_of, read
from parcours.inbox.files import MOST_BYTES
from parcours.inbox.models import ChannelAccount

_METHODS = {"image": ("sendPhoto", "photo"), "video": ("sendVideo", "video"), "audio": ("sendAudio", "audio")}


class Telegram(Channel):
    """Messages to a bot; the address of calls is told to Telegram by `test`."""

    # ruff: noqa: ARG002 - as in `base.Channel`
    kind = "telegram"
    label = "Telegram"
    icon = "chat"
    event_channel = "telegram"
    place = 50
    hook = "telegram"
    about = gettext_lazy("Messages to a bot that you made with @BotFather.")
    to_fetch = (
        gettext_lazy("In Telegram, write /newbot to @BotFather: it answers with the token of the bot."),
    )
    settings = (
        Setting("token", gettext_lazy("Token of the bot"), kind="secret"),
        Setting("secret_token", gettext_lazy("Word that signs its calls"), kind="secret", made=True),
    )
    longest_text = 4_096
    file_types = ("*/*",)
    largest_file = 20 * 1024 * 1024

    def to_enter(self, account: ChannelAccount) -> Sequence[str]:
        return [_("Nothing by hand: “Try the settings” tells Telegram the address and the word.")]

    def check(self, account: ChannelAccount, request: Request) -> None:
        sent = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(sent.encode(), unseal(account.secrets["secret_token"]).encode()):
            raise BadSignature(
                _("The call doesn't carry the word that was told to Telegram."),
                remedy=_("Try the account under Channels: that tells Telegram the address and the word."),
            )

    def name_of(self, request: Request) -> str:
        try:
            update = json.loads(request.body)
        except ValueError:
            return ""
        return f"update {update['update_id']}" if isinstance(update, dict) and "update_id" in update else ""

    def read(self, account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
        return read(body)

    def fetch(self, account: ChannelAccount, remote: Mapping[str, Any]) -> bytes:
        found = self._call(account, "getFile", {"file_id": remote["file"]})
        token = unseal(account.secrets["token"])
        try:
            answer = ask(
                f"{settings.TELEGRAM_URL}/file/bot{token}/{found.get('file_path', '')}", most_bytes=MOST_BYTES
            )
        except Unreachable as fault:
            raise TryLater(fault.what) from fault
        if answer.status != 200:
            raise NeverSent(_("Telegram doesn't give the file ({status}).").format(status=answer.status))
        return answer.body

    def send(self, account: ChannelAccount, outbound: Outbound) -> SentAs:
        parts = outbound.parts
        for place, file in enumerate(outbound.files):
            is_last = place == len(outbound.files) - 1
            caption = outbound.text if is_last and len(outbound.text) <= 1_024 else ""
            parts.once(partial(self._send_file, account, outbound.to, file, caption))
            if is_last and (caption or not outbound.text):
                return parts.sent_as()
        words = {"chat_id": outbound.to, "text": outbound.text}
        parts.once(lambda: name_of(self._call(account, "sendMessage", words)))
        return parts.sent_as()

    def test(self, account: ChannelAccount) -> str:
        """Also tells Telegram where to call, and with which word."""
        me = self._call(account, "getMe", {})
        if settings.PUBLIC_URL:
            self._call(
                account,
                "setWebhook",
                {
                    "url": f"{settings.PUBLIC_URL}/hooks/telegram/{account.pk}",
                    "secret_token": unseal(account.secrets["secret_token"]),
                    "allowed_updates": ["message", "edited_message", "callback_query"],
                },
            )
        said = [_("Telegram knows this bot: @{name}.").format(name=me.get("username", ""))]
        if settings.PUBLIC_URL:
            said.append(_("It calls here from now on."))
            wrong = self._call(account, "getWebhookInfo", {}).get("last_error_message")
            if wrong:
                said.append(_("The last time it called, it says: {reason}").format(reason=str(wrong)[:200]))
        return " ".join(said)

    def _send_file(self, account: ChannelAccount, to: str, file: tuple[str, str, str], caption: str) -> str:
        path, name, media_type = file
        method, field = _METHODS.get(media_type.partition("/")[0], ("sendDocument", "document"))
        fields = {"chat_id": to, **({"caption": caption} if caption else {})}
        body, kind = form_data(fields, FormFile(field, name, media_type, Path(path).read_bytes()))
        return name_of(self._post(account, method, body, kind))

    def _call(self, account: ChannelAccount, method: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._post(account, method, json.dumps(content).encode(), "application/json")

    def _post(self, account: ChannelAccount, method: str, body: bytes, kind: str) -> Mapping[str, Any]:
        """Raises TryLater, NeverSent with Telegram's own words; never with the token."""
        address = f"{settings.TELEGRAM_URL}/bot{unseal(account.secrets['token'])}/{method}"
        try:
            answer = ask(address, method="POST", headers={"Content-Type": kind}, body=body)
        except Unreachable as fault:
            raise TryLater(fault.what) from fault
        try:
            data = json.loads(answer.body)
        except ValueError:
            data = {}
        data = data if isinstance(data, dict) else {}
        if answer.status == 200 and data.get("ok"):
            found = data.get("result")
            return found if isinstance(found, Mapping) else {}
        said = _("Telegram refuses: {reason}").format(reason=data.get("description") or answer.status)
        if answer.status == 429:
            seconds = (data.get("parameters") or {}).get("retry_after", 5)
            raise TryLater(said, after=timedelta(seconds=int(seconds)))
        if answer.status >= 500 or answer.status in {401, 404}:
            raise TryLater(said)
        raise NeverSent(said)
