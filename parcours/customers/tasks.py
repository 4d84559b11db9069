import uuid

from procrastinate.contrib.django import app


@app.task(name="customers.carry_out_erasure")
def carry_out(erasure_id: str) -> None:
    """Carries out an erasure that somebody decided."""
    from parcours.customers.erasure.carrying_out import carry_out_erasure

    carry_out_erasure(uuid.UUID(erasure_id))


@app.periodic(cron="17 * * * *")
@app.task(name="customers.look_for_likenesses", queueing_lock="look_for_likenesses")
def look_for_likenesses(timestamp: int) -> None:  # noqa: ARG001
    """Finds customers that may be one, for people to judge."""
    from parcours.accounts.reads import all_brands
    from parcours.customers.stitching.likenesses import find_likenesses

    for brand in all_brands():
        find_likenesses(brand)


@app.periodic(cron="*/10 * * * *")
@app.task(name="customers.take_up_erasures", queueing_lock="take_up_erasures")
def take_up_erasures(timestamp: int) -> None:  # noqa: ARG001
    """Goes on with erasures that a crash interrupted."""
    from parcours.customers.erasure.carrying_out import unfinished_erasures

    for erasure_id in unfinished_erasures():
        carry_out.configure(lock=f"erasure.{erasure_id}").defer(erasure_id=str(erasure_id))


@app.task(name="customers.run_retention")
def run_retention(brand_id: str) -> None:
    """Removes what a brand no longer wants to keep."""
    from parcours.customers.retention.rules import run_rules

    run_rules(uuid.UUID(brand_id))


@app.periodic(cron="17 3 * * *")
@app.task(name="customers.begin_retention", queueing_lock="begin_retention")
def begin_retention(timestamp: int) -> None:  # noqa: ARG001
    """Every night, a job for each brand that has rules."""
    from parcours.customers.retention.rules import brands_with_rules

    for brand_id in brands_with_rules():
        run_retention.configure(lock=f"retention.{brand_id}").defer(brand_id=str(brand_id))
