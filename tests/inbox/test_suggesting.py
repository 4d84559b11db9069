"""Which quick replies are suggested for what a customer wrote, in which order, and why."""

import uuid
from collections.abc import Sequence

import numpy as np
import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.suggesting import Asked, Suggested
from parcours.inbox.desk.replies import ReplyView, save_reply
from parcours.inbox.desk.suggesting import LIKELY, keep_match, note_uses, suggested_replies, to_match
from parcours.inbox.models import ChannelAccount, Contact, Conversation, Message
from parcours.insights.conversations.answers import likeness, match_waiting

NOBODY = uuid.UUID(int=0)


def save(brand: Brand, actor: Actor, shortcut: str, **texts: str) -> ReplyView:
    return save_reply(brand, shortcut=shortcut, name=shortcut.title(), texts=texts, acting_user=actor)


@pytest.fixture
def shop(brand: Brand, alice_acts: Actor) -> dict[str, ReplyView]:
    return {
        "apology": save(brand, alice_acts, "apology", fr="Nous sommes désolés.", en="We are sorry."),
        "parcel": save(
            brand, alice_acts, "parcel", fr="Votre colis est en route.", en="Your parcel is on its way."
        ),
        "size": save(
            brand, alice_acts, "size", fr="Prenez une demi-pointure de plus.", en="Take half a size more."
        ),
    }


def found(brand: Brand, words: str, **more: object) -> list[Suggested]:
    every = suggested_replies(brand, Asked(NOBODY, words, **more))  # type: ignore[arg-type]
    return sorted(every, key=lambda each: -each.score)


@pytest.fixture
def waiting(loft: ChannelAccount) -> Conversation:
    contact = Contact.objects.create(brand=loft.brand, account=loft, external_id="mark")
    row = Conversation.objects.create(brand=loft.brand, account=loft, contact=contact, number=1)
    row.waiting_since = row.created_at
    row.save()
    Message.objects.create(
        brand=loft.brand,
        conversation=row,
        account=loft,
        direction="in",
        text="Nothing came",
        at=row.created_at,
    )
    return row


@pytest.mark.parametrize(
    ("words", "shortcut"),
    [("Bonjour, où en sont mes colis ? Merci", "parcel"), ("which sizes do you have", "size")],
)
def test_a_word_in_common_suggests_and_is_the_reason(
    brand: Brand, shop: dict[str, ReplyView], words: str, shortcut: str
) -> None:
    (one,) = found(brand, words)
    assert one.name == shortcut
    assert "colis" in one.reason or "sizes" in one.reason


def test_what_every_reply_says_and_small_words_suggest_nothing(brand: Brand, alice_acts: Actor) -> None:
    for shortcut, words in (("parcel", "votre colis"), ("size", "la pointure"), ("thanks", "à vous")):
        save(brand, alice_acts, shortcut, fr=f"Bonjour, {words}. Belle course avec vous.")
    assert [each.name for each in found(brand, "Bonjour, chez vous est-ce que la pointure change ?")] == [
        "size"
    ]
    assert found(brand, "Bonjour avec vous") == []


def test_what_answered_the_same_matter_before_is_suggested_without_a_word_in_common(
    brand: Brand, shop: dict[str, ReplyView]
) -> None:
    for _time in range(3):
        note_uses(brand.pk, [shop["parcel"].id], "order status")
    (one,) = found(brand, "Hm?", topic="order status")
    assert (one.name, one.reason) == ("parcel", "Answered this 3 times before")
    assert found(brand, "Hm?", topic="size") == []


def test_uses_of_another_brands_replies_are_not_counted(
    brand: Brand, other_brand: Brand, shop: dict[str, ReplyView]
) -> None:
    note_uses(other_brand.pk, [shop["parcel"].id], "size")
    assert found(brand, "Hm?", topic="size") == []


def test_the_job_compares_each_message_once_and_what_it_keeps_is_suggested(
    brand: Brand, shop: dict[str, ReplyView], waiting: Conversation
) -> None:
    def encode(texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        """Texts about something that travels lie on one axis, others on another."""
        lies = [("Nothing came" in text or "parcel" in text.lower()) for text in texts]
        return np.array([[1.0, 0.0] if one else [0.0, 1.0] for one in lies], dtype=np.float32)

    assert match_waiting(brand.pk, encode=encode) == 1
    assert to_match(brand.pk) == []
    (one,) = suggested_replies(brand, Asked(waiting.pk, "Nothing came"))
    assert (one.name, one.reason) == ("parcel", "Means the same")


def test_a_new_message_is_compared_again(
    brand: Brand, shop: dict[str, ReplyView], waiting: Conversation
) -> None:
    keep_match(waiting.pk, uuid.uuid4(), {})
    assert [text for _pk, _message, text in to_match(brand.pk)] == ["Nothing came"]


QUESTIONS = {
    "Bonjour, je n’ai toujours rien reçu alors que j’ai commandé il y a dix jours": "parcel",
    "I haven’t received anything yet": "parcel",
    "these shoes are too tight": "size",
    "la réduction ne marche pas au paiement": "code",
    "When do I get my money back?": "refund",
    "my boss needs a receipt": "invoice",
    "Merci beaucoup, bonne journée": "",
    "Do you have a shop in Lyon?": "",
}


def test_questions_find_the_reply_that_answers_them_in_either_language() -> None:
    texts = {
        "parcel": {
            "fr": "Votre colis est en route, vous pouvez suivre sa livraison ici.",
            "en": "Your parcel is on its way, you can follow it here.",
        },
        "size": {"en": "Take half a size more.", "fr": "Prenez une demi-pointure de plus."},
        "refund": {"en": "We refund you within 5 days after the return arrives."},
        "code": {"fr": "Le code promo est valable une fois par client."},
        "invoice": {"fr": "Vous trouvez la facture dans votre compte, sous Mes commandes."},
    }
    shop = [ReplyView(uuid.uuid4(), name, name.title(), each) for name, each in texts.items()]
    names = {each.id: each.shortcut for each in shop}
    for (question, wanted), scores in zip(QUESTIONS.items(), likeness(list(QUESTIONS), shop), strict=True):
        best, score = max(scores.items(), key=lambda each: each[1])
        assert (names[best] if score >= LIKELY else "") == wanted, (question, names[best], score)
