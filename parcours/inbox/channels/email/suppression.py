"""What reports about our mails say of addresses, and which mail a report without an id can be about."""

from datetime import datetime

from parcours.customers.undeliverable import note_refusal
from parcours.inbox.channels.email.bounces import Report
from parcours.inbox.enums import Step
from parcours.inbox.models import ChannelAccount, Message


def note_report(account: ChannelAccount, report: Report, message: Message, at: datetime) -> None:
    """Into the brand's list of addresses that refuse mails, whatever mailbox wrote there."""
    if report.step != Step.FAILED:
        return
    address = report.recipient or message.conversation.contact.external_id
    note_refusal(
        account.brand_id,
        address,
        about=message.external_id,
        reason=report.reason,
        at=at,
        for_good=report.is_final,
    )


def newest_sent_to(account: ChannelAccount, address: str, since: datetime) -> Message | None:
    """The one message that a report without an id can be about."""
    sent = Message.objects.filter(
        account=account, direction="out", at__gte=since, conversation__contact__external_id=address
    )
    return sent.order_by("-at").first()
