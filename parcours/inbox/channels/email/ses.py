"""Amazon SES tells of mails through an SNS topic: whole in the call, or laid into a bucket of S3.

The library that reads the other providers wants all of Amazon's own for this; what is needed of it is here.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.utils.translation import gettext as _

from parcours.core.outbound import Unreachable, ask
from parcours.core.secrets import unseal
from parcours.inbox.channels.base import BadSignature, NeverSent, NotUnderstood, Request, TryLater
from parcours.inbox.channels.email.pulling import MOST_BYTES
from parcours.inbox.models import ChannelAccount

_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[A-Za-z0-9_.-]+")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
    "UnsubscribeConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip


def check(account: ChannelAccount, request: Request) -> None:
    """From the account's own topic, and signed by Amazon. Raises BadSignature; TryLater without Amazon's
    certificate.
    """
    told = _told(request.body)
    topic = str(account.settings.get("topic", "")).strip()
    named = _TOPIC.fullmatch(topic)
    if told is None or named is None or told.get("TopicArn") != topic:
        raise BadSignature(
            _("It isn't from the topic of this mailbox."),
            remedy=_("Enter the ARN of the SNS topic: arn:aws:sns:…"),
        )
    if not _is_signed(told, named[1]):
        raise BadSignature(_("The signature isn't {name}'s.").format(name="Amazon SNS"))


def mail_in(body: bytes) -> bytes | None:
    """The mail of a believed call; None where something is to be fetched or confirmed first. Raises
    NotUnderstood.
    """
    told = _told(body)
    if told is None:
        raise NotUnderstood(_("{name} sent something else than a mail.").format(name="Amazon SES"))
    if told.get("Type") != "Notification":
        return None
    mail = _of_mail(told)
    content = mail.get("content")
    if isinstance(content, str):
        if _action(mail).get("encoding") == "BASE64":
            try:
                return base64.b64decode(content)
            except binascii.Error as error:
                raise NotUnderstood(_("The mail in the call can't be read.")) from error
        return content.encode("utf-8", "surrogateescape")
    if _action(mail).get("type") == "S3":
        return None
    raise NotUnderstood(
        _("The call brings no mail: let the receipt rule publish it to SNS whole, or lay it into S3.")
    )


def fetched(account: ChannelAccount, body: bytes) -> bytes | None:
    """The mail that lies in S3; None once a subscription is confirmed. Raises TryLater, NeverSent."""
    told = _told(body) or {}
    if told.get("Type") == "SubscriptionConfirmation":
        _confirm(account, told)
        return None
    if told.get("Type") != "Notification":
        return None
    action = _action(_of_mail(told))
    return _from_bucket(
        account, str(action.get("bucketName", "")), str(action.get("objectKey", "")), region_of(account)
    )


def tested(account: ChannelAccount) -> str:
    """What is known without asking Amazon. Raises NeverSent."""
    if not region_of(account):
        raise NeverSent(
            _("Enter the ARN of the SNS topic: arn:aws:sns:…"),
        )
    return _("Calls of this topic are believed when Amazon signed them.")


def region_of(account: ChannelAccount) -> str:
    named = _TOPIC.fullmatch(str(account.settings.get("topic", "")).strip())
    return named[1] if named else ""


def _told(body: bytes) -> Mapping[str, Any] | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told if isinstance(told, Mapping) else None


def _of_mail(told: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        mail = json.loads(str(told.get("Message", "")))
    except ValueError:
        mail = None
    if not isinstance(mail, Mapping) or mail.get("notificationType") != "Received":
        raise NotUnderstood(_("{name} sent something else than a mail.").format(name="Amazon SES"))
    return mail


def _action(mail: Mapping[str, Any]) -> Mapping[str, Any]:
    receipt = mail.get("receipt")
    action = receipt.get("action") if isinstance(receipt, Mapping) else None
    return action if isinstance(action, Mapping) else {}


def _is_signed(told: Mapping[str, Any], region: str) -> bool:
    names = _SIGNED.get(str(told.get("Type")), ())
    lines = "".join(f"{name}\n{told[name]}\n" for name in names if told.get(name) is not None)
    try:
        signature = base64.b64decode(str(told.get("Signature", "")), validate=True)
    except binascii.Error:
        return False
    address = str(told.get("SigningCertURL", ""))
    if not names or not _is_amazons(address, region) or not urlsplit(address).path.endswith(".pem"):
        return False
    is_newer = told.get("SignatureVersion") == "2"
    digest: hashes.HashAlgorithm = hashes.SHA256() if is_newer else hashes.SHA1()  # noqa: S303 - Amazon's way
    try:
        _key_at(address).verify(signature, lines.encode(), padding.PKCS1v15(), digest)
    except (InvalidSignature, ValueError):
        return False
    return True


def _is_amazons(address: str, region: str) -> bool:
    """An https address of SNS in the topic's own region."""
    try:
        parts = urlsplit(address)
        hosts = {f"sns.{region}.amazonaws.com", f"sns.{region}.amazonaws.com.cn"}
        return parts.scheme == "https" and parts.netloc in hosts
    except ValueError:
        return False


@lru_cache(maxsize=32)
def _key_at(address: str) -> rsa.RSAPublicKey:
    """The key of a certificate of Amazon's. Raises TryLater, ValueError for something else."""
    try:
        answer = ask(address, most_bytes=100_000, most_seconds=5)
    except Unreachable as fault:
        raise TryLater(fault.what) from fault
    if answer.status != 200:
        raise TryLater(_("Amazon doesn't give its certificate now ({status}).").format(status=answer.status))
    key = x509.load_pem_x509_certificate(answer.body).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError(address)
    return key


def _confirm(account: ChannelAccount, told: Mapping[str, Any]) -> None:
    """Says yes to the topic, which was believed already."""
    address = str(told.get("SubscribeURL", ""))
    if not _is_amazons(address, region_of(account)):
        raise NeverSent(_("The subscription names an address that isn't Amazon's."))
    try:
        answer = ask(address, most_bytes=100_000)
    except Unreachable as fault:
        raise TryLater(fault.what) from fault
    if answer.status != 200:
        raise TryLater(_("Amazon doesn't take the subscription now ({status}).").format(status=answer.status))


def _from_bucket(account: ChannelAccount, bucket: str, key: str, region: str) -> bytes:
    from pyarrow import fs

    name, sealed = str(account.settings.get("aws_key_id", "")), account.secrets.get("provider_key", "")
    if not (name and sealed):
        raise TryLater(_("The access key of Amazon is missing: without it mails in S3 can't be read."))
    try:
        store = fs.S3FileSystem(
            access_key=name,
            secret_key=unseal(sealed),
            region=region,
            connect_timeout=10,
            request_timeout=60,
        )
        with store.open_input_stream(f"{bucket}/{key}") as stream:
            return bytes(stream.read(MOST_BYTES))
    except FileNotFoundError as error:
        raise NeverSent(
            _("The mail doesn't lie in the bucket {bucket} any more.").format(bucket=bucket)
        ) from error
    except (OSError, ValueError) as error:
        raise TryLater(_("Amazon S3 refuses: {reason}").format(reason=str(error)[:200])) from error
