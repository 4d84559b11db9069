import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.inbox.channels import graph, meta
from parcours.inbox.channels.base import (
    NeverSent,
    Outbound,
    SentAs,
    Setting,
    Template,
    Told,
    Window,
)
from parcours.inbox.channels.whatsapp.reading import read
from parcours.inbox.files import MOST_BYTES
from parcours.inbox.models import ChannelAccount, Conversation

OPEN_FOR = timedelta(hours=24)
_KINDS = {"image": "image", "video": "video", "audio": "audio"}
_MOST_TEMPLATES = 200
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class WhatsApp(meta.MetaChannel):
    """`address` of an account is the id of its phone number."""

    # ruff: noqa: ARG002 - as in `base.Channel`
    kind = "whatsapp"
    label = "WhatsApp"
    event_channel = "whatsapp"
    place = 30
    hook = "whatsapp"
    about = gettext_lazy("Messages to your WhatsApp number, by Meta's Cloud API.")
    address = Setting("address", gettext_lazy("Id of the phone number"))
    settings = meta.settings_of(
        Setting("business_account", gettext_lazy("Id of the WhatsApp Business account")),
        token_help=gettext_lazy("Of a system user, without an end."),
    )
    to_fetch = (
        meta.APP,
        gettext_lazy(
            "Under WhatsApp → API setup: the id of the phone number, which is the address here, and the"
            " id of the business account."
        ),
        gettext_lazy(
            "The token of a system user that doesn’t end, with whatsapp_business_messaging and"
            " whatsapp_business_management."
        ),
    )
    fields = ("messages",)
    longest_text = 4_096
    file_types = (
        "image/jpeg", "image/png", "video/mp4", "video/3gpp", "audio/aac", "audio/mp4", "audio/mpeg",
        "audio/amr", "audio/ogg", "application/pdf", "text/plain", "application/msword", "application/vnd.*",
    )  # fmt: skip
    largest_file = 16 * 1024 * 1024

    def read(self, account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
        return read(body)

    def fetch(self, account: ChannelAccount, remote: Mapping[str, Any]) -> bytes:
        where = graph.graph(account, str(remote["media"]))
        address = where.get("url")
        if not isinstance(address, str):
            raise NeverSent(_("Meta doesn't say where the file is."))
        return graph.download(account, address, most_bytes=MOST_BYTES)

    def send(self, account: ChannelAccount, outbound: Outbound) -> SentAs:
        """The files first, the text with the last of them or by itself."""
        parts = outbound.parts
        for place, (path, name, media_type) in enumerate(outbound.files):
            is_last = place == len(outbound.files) - 1
            caption = outbound.text if is_last and not media_type.startswith("audio/") else ""
            parts.once(partial(self._post_file, account, outbound, (path, name, media_type), caption))
            if is_last and (caption or not outbound.text):
                return parts.sent_as()
        template = outbound.message.payload.get("template")
        content = (
            {"type": "template", "template": template}
            if template
            else {"type": "text", "text": {"body": outbound.text, "preview_url": "://" in outbound.text}}
        )
        parts.once(lambda: self._post(account, outbound, content))
        return parts.sent_as()

    def window(self, account: ChannelAccount, conversation: Conversation, moment: datetime) -> Window:
        last = conversation.last_customer_at
        if last is not None and moment < last + OPEN_FOR:
            return Window(until=last + OPEN_FOR, templates=True)
        return Window(
            open=False,
            why=_("Free words can be sent for 24 hours after the customer’s last message; send a template."),
            templates=True,
        )

    def templates(self, account: ChannelAccount) -> Sequence[Template]:
        """Those that Meta approved, without those whose heads or buttons want more than words in the text."""
        path = f"{account.settings['business_account']}/message_templates"
        answer = graph.graph(account, path, query={"status": "APPROVED", "limit": str(_MOST_TEMPLATES)})
        return [_template(each) for each in graph.items(answer, "data") if _only_words(each)]

    def as_template(self, template: Template, values: Sequence[str]) -> dict[str, Any]:
        told: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
        if template.places:
            told["components"] = [
                {
                    "type": "body",
                    "parameters": [
                        {
                            "type": "text",
                            "text": value,
                            **({} if place.isdecimal() else {"parameter_name": place}),
                        }
                        for place, value in zip(template.places, values, strict=True)
                    ],
                }
            ]
        return told

    def test(self, account: ChannelAccount) -> str:
        found = graph.graph(account, account.address, query={"fields": "display_phone_number,verified_name"})
        return _("Meta knows this number: {name}, {number}.").format(
            name=found.get("verified_name", ""), number=found.get("display_phone_number", account.address)
        )

    def _post_file(
        self, account: ChannelAccount, outbound: Outbound, file: tuple[str, str, str], caption: str
    ) -> str:
        path, name, media_type = file
        fields = {"messaging_product": "whatsapp", "type": media_type}
        content = Path(path).read_bytes()
        stored = graph.upload(account, f"{account.address}/media", fields, (name, media_type, content))
        kind = _KINDS.get(media_type.partition("/")[0], "document")
        described = {"id": stored.get("id", ""), **({"caption": caption} if caption else {})}
        shown = {**described, **({"filename": name} if kind == "document" else {})}
        return self._post(account, outbound, {"type": kind, kind: shown})

    def _post(self, account: ChannelAccount, outbound: Outbound, content: Mapping[str, Any]) -> str:
        answered = outbound.message.reply_to.external_id if outbound.message.reply_to else ""
        answer = graph.graph(
            account,
            f"{account.address}/messages",
            method="POST",
            content={
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": outbound.to,
                "biz_opaque_callback_data": outbound.key,
                **({"context": {"message_id": answered}} if answered else {}),
                **content,
            },
        )
        return next((str(each.get("id", "")) for each in graph.items(answer, "messages")), "")


def _template(told: Mapping[str, Any]) -> Template:
    parts = graph.items(told, "components")
    text = next((str(part.get("text", "")) for part in parts if part.get("type") == "BODY"), "")
    text = _PLACE.sub(r"{{\1}}", text)
    places = tuple(dict.fromkeys(_PLACE.findall(text)))
    return Template(str(told.get("name", "")), str(told.get("language", "")), text, places)


def _only_words(told: Mapping[str, Any]) -> bool:
    others = [part for part in graph.items(told, "components") if part.get("type") != "BODY"]
    return not any("{{" in str(part) or part.get("format", "TEXT") != "TEXT" for part in others)
