"""People who ask, through the shop, for a copy of their data or for erasure."""

from parcours.accounts.rights import system_actor
from parcours.core.errors import NotFound
from parcours.customers.erasure.requests import do_ask
from parcours.customers.stitching.same_person import find_customer
from parcours.events.hooks.enums import Trouble
from parcours.events.hooks.fields import Fields
from parcours.events.hooks.models import HookAccount
from parcours.events.hooks.shops import shop_of


def pass_on_request(account: HookAccount, payload: Fields, request: str) -> Trouble:
    """Puts the request of somebody who is known here among those that people answer under Privacy."""
    customer = payload.part("customer")
    user_id = shop_of(account).user_id(customer.text("id"))
    named = [f"user_id:{user_id}" if user_id else "", f"email:{customer.text('email')}"]
    for identity in named:
        try:
            found = find_customer(account.brand, identity)
        except NotFound:
            continue
        do_ask(account.brand, found, request, acting_user=system_actor(account.brand_id, account.name))
        return Trouble.REQUEST
    return Trouble.OTHER_TOPIC
