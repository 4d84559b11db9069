"""PrestaShop has no webhooks of its own: our small module posts, signed, or its web service is asked.

Both bring the same objects, in the form of the web service, with the order's state beside it.
"""

from datetime import datetime

from parcours.events.hooks.enums import Trouble
from parcours.events.hooks.fields import Fields
from parcours.events.hooks.kinds import Headers, HookKind
from parcours.events.hooks.prestashop.mapping import READERS
from parcours.events.hooks.signing import check_stamped, digest_of_body

_DELIVERY = "x-parcours-delivery"


def _check(secret: str, headers: Headers, body: bytes, at: datetime) -> Trouble | None:
    return check_stamped(secret, headers.get("x-parcours-signature", ""), body, at)


def _external_id(headers: Headers, body: bytes, _payload: Fields) -> str:
    return headers.get(_DELIVERY) or digest_of_body(body)


def _topic(_headers: Headers, payload: Fields) -> str:
    return payload.text("topic")


KIND = HookKind(
    key="prestashop",
    headers=(_DELIVERY,),
    check=_check,
    external_id=_external_id,
    topic=_topic,
    readers=READERS,
)
