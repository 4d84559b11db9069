"""`parcours customers export|erase`: a person's rights from the command line."""

from pathlib import Path

import click

from parcours.cli.options import brand_option, data_option, json_option, output_file, print_object
from parcours.core.installation import open_installation
from parcours.core.terminal import gettext as _

WHO = _("ID is the customer's number in Parcours, or email:ADDRESS, user_id:NUMBER, phone:NUMBER.")


@click.command("export", help=_("Write everything about one customer into a ZIP.") + " " + WHO)
@click.argument("customer", metavar="ID")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@brand_option
@data_option
@json_option
def export(customer: str, output: Path | None, brand: str | None, as_json: bool) -> None:
    with open_installation(existing=True):
        from parcours.accounts.reads import brand_named
        from parcours.accounts.rights import system_actor
        from parcours.customers.copies.one_person import do_export_customer, file_name
        from parcours.customers.stitching.same_person import find_customer

        of = brand_named(brand)
        customer_id = find_customer(of, customer)
        path = output or Path(file_name(customer_id))
        with output_file(path) as file:
            rows = do_export_customer(of, customer_id, file, acting_user=system_actor(of.pk))
        print_object({"file": str(path), "customer": customer_id, "rows": rows}, as_json=as_json)


@click.command("erase", help=_("Erase one customer everywhere; prints the certificate.") + " " + WHO)
@click.argument("customer", metavar="ID")
@click.option("--yes", is_flag=True, help=_("Don't ask first."))
@click.option("--reason", default="", metavar="TEXT", help=_("Stands on the certificate; name nobody."))
@brand_option
@data_option
@json_option
def erase(customer: str, yes: bool, reason: str, brand: str | None, as_json: bool) -> None:
    with open_installation(existing=True):
        from parcours.accounts.reads import brand_named
        from parcours.accounts.rights import system_actor
        from parcours.customers.erasure.carrying_out import certificate, do_erase
        from parcours.customers.reads import customer as customer_view
        from parcours.customers.stitching.same_person import find_customer

        of = brand_named(brand)
        person = customer_view(of, find_customer(of, customer))
        if not yes:
            click.confirm(
                _("Erase {name} everywhere? This can't be undone.").format(name=person.label), abort=True
            )
        erasure = do_erase(of, [person.id], acting_user=system_actor(of.pk), reason=reason)
        print_object(certificate(erasure), as_json=as_json)


@click.command("erased", help=_("Write the list of who was erased, as digests, for erase-again."))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE"
)
@data_option
def erased(output: Path) -> None:
    with open_installation(existing=True):
        from parcours.customers.erasure.suppression_lists import erased_list

        with output.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in erased_list())


@click.command(
    "erase-again", help=_("After restoring an older backup: erase once more who was erased since.")
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@data_option
@json_option
def erase_again(file: Path, as_json: bool) -> None:
    with open_installation(existing=True):
        from parcours.customers.erasure.suppression_lists import erase_again as again

        with file.open(encoding="utf-8") as lines:
            print_object({"people": again(lines)}, as_json=as_json)


@click.command("consents", help=_("Write what customers allowed and refused as CSV, with time and words."))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE"
)
@click.option("--newest", is_flag=True, help=_("Only the newest word to each purpose."))
@brand_option
@data_option
@json_option
def consents(output: Path, newest: bool, brand: str | None, as_json: bool) -> None:
    with open_installation(existing=True):
        from parcours.accounts.reads import brand_named
        from parcours.accounts.rights import system_actor
        from parcours.customers.consent.exports import do_export_consents

        of = brand_named(brand)
        with output.open("w", encoding="utf-8", newline="") as file:
            rows = do_export_consents(of, file, newest_only=newest, acting_user=system_actor(of.pk))
        print_object({"file": str(output), "rows": rows}, as_json=as_json)
