"""Who may follow what happens to customers."""

from parcours.accounts.rights import Actor


def may_follow_customer(actor: Actor, identifier: str) -> bool:
    """A customer of the actor's own brand."""
    from parcours.customers.models import Customer

    if not identifier.isdecimal() or len(identifier) > 18:
        return False
    return (
        actor.may("customers.view")
        and Customer.objects.filter(brand_id=actor.brand_id, pk=int(identifier)).exists()
    )
