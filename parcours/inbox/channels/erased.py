"""People who were erased: a platform that is asked for the last days must not bring them back."""

from collections.abc import Mapping
from datetime import datetime

from parcours.customers.enums import IdentityKind
from parcours.customers.erasure.suppression import suppressed
from parcours.inbox.models import ChannelAccount


def is_erased(
    account: ChannelAccount, sender: str, at: datetime, identities: Mapping[str, str] | None = None
) -> bool:
    """Whether the sender, by their name on the account or what is certain about them, was erased after that
    moment. Whoever writes anew after it may come in.
    """
    known = {IdentityKind.ANONYMOUS_ID.value: f"{account.kind}:{sender}", **(identities or {})}
    erased = suppressed(account.brand_id, list(known.items()))
    return any(at < since for since in erased.values())
