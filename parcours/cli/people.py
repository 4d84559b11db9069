"""`parcours user` and `parcours token`: whatever is secret is printed once.

Areas are imported inside `open_installation()`: their models need Django to be set up.
"""

import click

from parcours.cli.options import brand_option, data_option, json_option, print_object
from parcours.core.installation import open_installation
from parcours.core.terminal import gettext as _

ROLES = click.Choice(["owner", "editor", "agent", "viewer"])


@click.group(help=_("Add people and change their passwords."))
def user() -> None:
    pass


@user.command("add", help=_("Add somebody to a brand, or change the role of somebody who is in it."))
@click.argument("email")
@click.option("--role", type=ROLES, required=True)
@click.option("--name", default="", help=_("The name shown to colleagues."))
@brand_option
@data_option
@json_option
def add_user(email: str, role: str, name: str, brand: str | None, as_json: bool) -> None:
    with open_installation():
        from parcours.accounts.rights import system_actor
        from parcours.accounts.writes import add_person, brand_or_first

        of = brand_or_first(brand)
        password = add_person(email, brand=of, role=role, name=name, acting_user=system_actor(of.pk))
        result = {"email": email, "brand": of.name, "role": role}
        print_object({**result, "password": password} if password else result, as_json=as_json)


@user.command("password", help=_("Give somebody a new password."))
@click.argument("email")
@data_option
@json_option
def new_user_password(email: str, as_json: bool) -> None:
    with open_installation(existing=True):
        from parcours.accounts.reads import person_with_email
        from parcours.accounts.writes import new_password, set_password

        person, password = person_with_email(email), new_password()
        set_password(person, password)
        print_object({"email": person.email, "password": password}, as_json=as_json)


@click.group(help=_("Make tokens for the API."))
def token() -> None:
    pass


@token.command("add", help=_("Make a token with a role in a brand."))
@click.option("--role", type=ROLES, required=True)
@click.option("--name", default="token", show_default=True, help=_("What the token is for."))
@brand_option
@data_option
@json_option
def add_token(role: str, name: str, brand: str | None, as_json: bool) -> None:
    with open_installation():
        from parcours.accounts.rights import system_actor
        from parcours.accounts.writes import brand_or_first, issue_token

        of = brand_or_first(brand)
        secret = issue_token(of, role=role, name=name, acting_user=system_actor(of.pk))
        print_object({"name": name, "brand": of.name, "role": role, "token": secret}, as_json=as_json)
