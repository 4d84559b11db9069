"""How people sign mails: for a mailbox or all of them, in the customer's language."""

import pytest

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput
from parcours.inbox.desk.signatures import forget_signatures, save_signature, signature_under
from parcours.inbox.models import ChannelAccount, Contact, Conversation, Message


@pytest.fixture
def agnes_acts(agnes: Person, brand: Brand) -> Actor:
    return Actor(kind="person", brand_id=brand.pk, role="agent", id=agnes.pk, label="Agnes Roy")


@pytest.fixture
def mail(loft: ChannelAccount, agnes: Person) -> Message:
    contact = Contact.objects.create(brand=loft.brand, account=loft, external_id="m@shop.example")
    conversation = Conversation.objects.create(
        brand=loft.brand, account=loft, contact=contact, number=1, language="fr"
    )
    return Message(
        brand=loft.brand,
        conversation=conversation,
        account=loft,
        author=agnes,
        author_label="Agnes Roy",
        text="Hello",
    )


def test_a_mail_is_signed_in_the_customers_language_by_whoever_wrote_it(
    mail: Message, agnes_acts: Actor
) -> None:
    save_signature(
        {"fr": "Bien à vous,\n{{agent.first_name}}", "en": "Best, {{agent.first_name}}"},
        acting_user=agnes_acts,
    )
    assert signature_under(mail) == "Bien à vous,\nAgnes"
    mail.conversation.language = "en"
    assert signature_under(mail) == "Best, Agnes"


def test_the_signature_of_a_mailbox_goes_before_the_one_for_all_and_the_mailboxs_own_comes_last(
    mail: Message, agnes_acts: Actor
) -> None:
    mail.account.settings["signature"] = "{agent}, the team"
    assert signature_under(mail) == "Agnes Roy, the team"
    save_signature({"fr": "Pour tous"}, acting_user=agnes_acts)
    save_signature({"fr": "Pour celle-ci"}, account_id=mail.account_id, acting_user=agnes_acts)
    assert signature_under(mail) == "Pour celle-ci"
    save_signature({"fr": " "}, account_id=mail.account_id, acting_user=agnes_acts)
    assert signature_under(mail) == "Pour tous"


def test_whoever_leaves_takes_the_signature_along(mail: Message, agnes_acts: Actor, brand: Brand) -> None:
    save_signature({"fr": "Agnes"}, acting_user=agnes_acts)
    forget_signatures(brand.pk, mail.author_id or brand.pk)
    assert signature_under(mail) == ""


def test_a_signature_knows_nothing_of_the_customer(agnes_acts: Actor) -> None:
    with pytest.raises(BadInput):
        save_signature({"en": "For {{customer.name}}"}, acting_user=agnes_acts)
