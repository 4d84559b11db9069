from parcours.accounts.rights import Actor


def may_follow_person(actor: Actor, identifier: str) -> bool:
    """May this actor follow the live topic `person:<identifier>`? Only that person may."""
    return actor.kind == "person" and identifier == str(actor.id)
