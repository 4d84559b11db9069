"""Where customers of Foulée meet the shop, stage by stage, and the rules that find it in the log.

An event goes to the first touchpoint that fits, so that within a stage the narrower ones stand first.
"""

from dataclasses import dataclass
from typing import Any

from parcours.demo import words
from parcours.demo.afterwards import CARE, REFERRAL, SENDING_BACK
from parcours.demo.browsing import SIZE_GUIDE
from parcours.demo.said import Said
from parcours.demo.second_thoughts import CART_MAIL
from parcours.demo.service import (
    CHAT,
    EMAIL,
    INSTAGRAM,
    MENU_ADVICE,
    MENU_ORDER,
    MENU_RETURN,
    PHONE,
    WHATSAPP,
)

Condition = tuple[str, str, tuple[str, ...]]

_BEFORE = (words.ADVICE, words.SIZE, words.DELAY)
_CHECKOUT = (words.SHIPPING, words.COUPON, words.PAYMENT)


@dataclass(frozen=True, slots=True)
class TouchpointText:
    stage: str
    name: Said
    channel: str
    conditions: tuple[Condition, ...]

    @property
    def rule(self) -> dict[str, Any]:
        return {
            "all": [
                {"field": field, "op": op, "value": list(values)} for field, op, values in self.conditions
            ]
        }


def _names(*names: str) -> Condition:
    return ("name", "is", names)


def _of(key: str, *values: str, op: str = "is") -> Condition:
    return (f"properties.{key}", op, values)


def _on(*channels: str) -> Condition:
    return ("channel", "is", channels)


TOUCHPOINTS: tuple[TouchpointText, ...] = (
    TouchpointText(
        "awareness",
        Said("Advert or post", "Annonce ou publication"),
        INSTAGRAM,
        (_names("Promotion Clicked"),),
    ),
    TouchpointText("awareness", Said("First page", "Première page"), "web", (_names("Page Viewed"),)),
    TouchpointText("awareness", Said("Catalogue", "Catalogue"), "web", (_names("Product List Viewed"),)),
    TouchpointText("awareness", Said("First chat", "Premier chat"), CHAT, (_of("topic", words.FIRST),)),
    TouchpointText("consideration", Said("Product page", "Page produit"), "web", (_names("Product Viewed"),)),
    TouchpointText(
        "consideration",
        Said("Search in the shop", "Recherche dans la boutique"),
        "web",
        (_names("Products Searched"),),
    ),
    TouchpointText(
        "consideration",
        Said("Size guide", "Guide des pointures"),
        "help",
        (_names("Article Viewed"), _of("article", SIZE_GUIDE)),
    ),
    TouchpointText(
        "consideration",
        Said("Help centre", "Centre d’aide"),
        "help",
        (_names("Article Searched", "Article Viewed"), _of("article", SENDING_BACK, CARE, op="is_not")),
    ),
    TouchpointText(
        "consideration",
        Said("Question in the chat", "Question au chat"),
        CHAT,
        (_of("topic", *_BEFORE), _on(CHAT)),
    ),
    TouchpointText(
        "consideration",
        Said("Question on Instagram", "Question sur Instagram"),
        INSTAGRAM,
        (_of("topic", *_BEFORE), _on(INSTAGRAM)),
    ),
    TouchpointText(
        "consideration",
        Said("Question by mail or WhatsApp", "Question par mail ou WhatsApp"),
        EMAIL,
        (_of("topic", *_BEFORE), _on(EMAIL, WHATSAPP)),
    ),
    TouchpointText(
        "consideration", Said("Call for advice", "Appel pour un conseil"), PHONE, (_of("menu", MENU_ADVICE),)
    ),
    TouchpointText(
        "consideration",
        Said("Survey after advice", "Enquête après un conseil"),
        PHONE,
        (_names("Survey Answered"), _of("topic", *_BEFORE)),
    ),
    TouchpointText("decision", Said("Cart", "Panier"), "web", (_names("Product Added", "Cart Viewed"),)),
    TouchpointText(
        "decision",
        Said("Payment", "Paiement"),
        "web",
        (_names("Checkout Step Viewed", "Payment Info Entered"), _of("step", "1", "2", "3", op="is_not")),
    ),
    TouchpointText(
        "decision",
        Said("Checkout", "Commande"),
        "web",
        (_names("Checkout Started", "Checkout Step Viewed", "Checkout Step Completed"),),
    ),
    TouchpointText(
        "decision",
        Said("Promo code", "Code promo"),
        "web",
        (_names("Coupon Entered", "Coupon Applied", "Coupon Denied"),),
    ),
    TouchpointText(
        "decision",
        Said("Question at the checkout", "Question au moment de payer"),
        CHAT,
        (_of("topic", *_CHECKOUT),),
    ),
    TouchpointText(
        "decision",
        Said("Abandoned-cart mail, with its holdout", "Mail de panier abandonné et groupe témoin"),
        EMAIL,
        (_of("playbook", CART_MAIL),),
    ),
    TouchpointText(
        "decision",
        Said("First order", "Première commande"),
        "web",
        (_names("Order Completed"), _of("order_rank", "1")),
    ),
    TouchpointText(
        "retention", Said("Parcel", "Colis"), "post", (_names("Order Shipped", "Order Delivered"),)
    ),
    TouchpointText(
        "retention", Said("Call: my order", "Appel : ma commande"), PHONE, (_of("menu", MENU_ORDER),)
    ),
    TouchpointText(
        "retention",
        Said("Call: return or exchange", "Appel : retour ou échange"),
        PHONE,
        (_of("menu", MENU_RETURN),),
    ),
    TouchpointText(
        "retention",
        Said("Question about the parcel", "Question sur le colis"),
        CHAT,
        (_of("topic", words.ORDER_STATUS),),
    ),
    TouchpointText(
        "retention",
        Said("Question about a return", "Question sur un retour"),
        CHAT,
        (_of("topic", words.RETURN),),
    ),
    TouchpointText(
        "retention",
        Said("Help on returns and care", "Aide : retours et entretien"),
        "help",
        (_names("Article Viewed"), _of("article", SENDING_BACK, CARE)),
    ),
    TouchpointText("retention", Said("Refund", "Remboursement"), "post", (_names("Order Refunded"),)),
    TouchpointText(
        "retention", Said("Request for a review", "Demande d’avis"), EMAIL, (_names("Review Requested"),)
    ),
    TouchpointText(
        "retention",
        Said("Recommendation survey, 8 or less", "Enquête de recommandation, 8 ou moins"),
        EMAIL,
        (_names("Survey Answered"), _of("survey", "NPS"), _of("score", "8", op="lte")),
    ),
    TouchpointText(
        "retention",
        Said("Referral offer, with its holdout", "Offre de parrainage et groupe témoin"),
        EMAIL,
        (_of("playbook", REFERRAL),),
    ),
    TouchpointText(
        "retention", Said("Newsletter", "Lettre d’information"), EMAIL, (_of("campaign", "newsletter"),)
    ),
    TouchpointText(
        "retention",
        Said("Next order", "Commande suivante"),
        "web",
        (_names("Order Completed"), _of("order_rank", "2", op="gte")),
    ),
    TouchpointText(
        "advocacy",
        Said("Recommends us: 9 or 10", "Nous recommande : 9 ou 10"),
        EMAIL,
        (_names("Survey Answered"), _of("survey", "NPS"), _of("score", "9", op="gte")),
    ),
    TouchpointText("advocacy", Said("Review", "Avis"), "web", (_names("Review Posted"),)),
    TouchpointText(
        "advocacy",
        Said("Post with #mafoulée", "Publication #mafoulée"),
        INSTAGRAM,
        (_names("Product Shared"),),
    ),
    TouchpointText(
        "advocacy",
        Said("Referral code shared", "Code de parrainage partagé"),
        "web",
        (_names("Referral Shared"),),
    ),
    TouchpointText(
        "advocacy",
        Said("Referral code redeemed", "Code de parrainage utilisé"),
        "web",
        (_names("Referral Redeemed"),),
    ),
)
