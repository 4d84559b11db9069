"""Who may follow what happens to events."""

import uuid

from parcours.accounts.rights import Actor


def may_follow_lake(actor: Actor, identifier: str) -> bool:
    """The lake of the actor's own brand."""
    return actor.may("events.view") and identifier == str(actor.brand_id)


def may_follow_events(actor: Actor, identifier: str) -> bool:
    """What arrives in the actor's own brand."""
    return actor.may("events.view") and identifier == str(actor.brand_id)


def may_follow_import(actor: Actor, identifier: str) -> bool:
    """An import into the actor's own brand."""
    from parcours.events.models import Import

    try:
        import_id = uuid.UUID(identifier)
    except ValueError:
        return False
    return actor.may("events.view") and Import.objects.filter(brand_id=actor.brand_id, pk=import_id).exists()


def may_follow_shop(actor: Actor, identifier: str) -> bool:
    """What a shop of the actor's own brand sends."""
    from parcours.events.models import HookAccount

    try:
        account_id = uuid.UUID(identifier)
    except ValueError:
        return False
    mine = HookAccount.objects.filter(brand_id=actor.brand_id, pk=account_id)
    return actor.may("events.sources") and mine.exists()
