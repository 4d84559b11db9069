"""Useful cards and touchpoints of the field, in both languages: what a library can begin with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from parcours.canvas.rules import name_rule
from parcours.canvas.templates.plans import Words

NEED, ACTION, PAIN, KPI = "need", "action", "pain", "kpi"
_NOTHING = Words("", "")


@dataclass(frozen=True, slots=True)
class Starter:
    """A card of a `kind`, or a touchpoint with the names of its `events`."""

    key: str
    title: Words
    text: Words = _NOTHING
    kind: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    channel: str = ""
    events: tuple[str, ...] = ()

    @property
    def rule(self) -> dict[str, Any] | None:
        return name_rule(*self.events) if self.events else None


STARTERS: tuple[Starter, ...] = (
    Starter(
        "first-chat",
        Words("Answer a first chat within a minute", "Répondre au premier chat en moins d’une minute"),
        Words(
            "In opening hours, by a person. Before that:\n- a greeting that says who answers\n"
            "- three quick replies for what is asked most",
            "Aux heures d’ouverture, par une personne. Avant cela :\n- un bonjour qui dit qui répond\n"
            "- trois réponses rapides pour ce qu’on demande le plus",
        ),
        ACTION,
        {"does": "chat", "state": "idea"},
    ),
    Starter(
        "bot-with-person",
        Words("A bot that always offers a person", "Un bot qui propose toujours une personne"),
        Words(
            "After hours it answers the simple questions. **A person** stays one choice away, with the time "
            "at which they will answer.",
            "Le soir, il répond aux questions simples. **Une personne** reste à un choix, avec l’heure à "
            "laquelle elle répondra.",
        ),
        ACTION,
        {"does": "bot", "state": "idea"},
    ),
    Starter(
        "faq",
        Words("Delivery, returns, tracking: three articles", "Livraison, retours, suivi : trois articles"),
        Words(
            "What is asked before every purchase, answered in the help centre and linked from the product.",
            "Ce qu’on demande avant chaque achat, répondu dans l’aide et lié depuis le produit.",
        ),
        ACTION,
        {"does": "article", "state": "idea"},
    ),
    Starter(
        "social-watch",
        Words("Watch and answer social networks daily", "Lire et répondre aux réseaux chaque jour"),
        Words(
            "One named person, an answer within the hour in opening hours.",
            "Une personne nommée, une réponse dans l’heure aux heures d’ouverture.",
        ),
        ACTION,
        {"does": "reply", "state": "idea"},
    ),
    Starter(
        "checkout-help",
        Words("Offer help at the checkout", "Proposer de l’aide au moment de payer"),
        Words(
            "When somebody hesitates or a code is refused, never at once.",
            "Quand quelqu’un hésite ou qu’un code est refusé, jamais d’emblée.",
        ),
        ACTION,
        {"does": "chat", "state": "idea"},
    ),
    Starter(
        "cart-mail",
        Words("A mail about the cart within three hours", "Un mail de panier dans les trois heures"),
        Words(
            "To those who agreed or have bought before. Keep some carts without it, to know what it brings.",
            "À qui l’a accepté ou a déjà acheté. Garder des paniers sans mail, pour savoir ce qu’il apporte.",
        ),
        ACTION,
        {"does": "playbook", "state": "idea"},
    ),
    Starter(
        "review-request",
        Words("Ask for a review a week after delivery", "Demander un avis une semaine après la livraison"),
        Words(
            "One question, no present. Whoever is unhappy gets a person within a day.",
            "Une question, sans cadeau. Qui est mécontent reçoit une personne dans la journée.",
        ),
        ACTION,
        {"does": "review", "state": "idea"},
    ),
    Starter(
        "feedback-form",
        Words("A feedback form after each conversation", "Un formulaire après chaque conversation"),
        Words("Two questions, and room for words.", "Deux questions, et la place pour des mots."),
        ACTION,
        {"does": "other", "state": "idea"},
    ),
    Starter(
        "hashtag",
        Words("A hashtag worth sharing", "Un mot-dièse qu’on a envie de partager"),
        Words(
            "Thank whoever posts, by name, within a day.",
            "Remercier qui publie, par son nom, dans la journée.",
        ),
        ACTION,
        {"does": "reply", "state": "idea"},
    ),
    Starter(
        "referral",
        Words("A code for the customer and a friend", "Un code pour le client et un ami"),
        Words(
            "10% for both. The friend’s address is *never* stored.",
            "10 % pour les deux. L’adresse de l’ami n’est *jamais* gardée.",
        ),
        ACTION,
        {"does": "referral", "state": "idea"},
    ),
    Starter(
        "need-delivery",
        Words("When will it be here?", "Quand est-ce que je le reçois ?"),
        Words("Said before the price is looked at.", "Demandé avant même de regarder le prix."),
        NEED,
    ),
    Starter(
        "need-return",
        Words("Can I send it back?", "Puis-je le renvoyer ?"),
        Words("How long, at whose cost, how.", "Combien de temps, à quels frais, comment."),
        NEED,
    ),
    Starter(
        "need-person",
        Words("I want to talk to a person.", "Je veux parler à une personne."),
        Words("Without explaining everything twice.", "Sans tout expliquer deux fois."),
        NEED,
    ),
    Starter(
        "need-track",
        Words("Where is my order?", "Où est ma commande ?"),
        Words("Before they have to ask.", "Avant d’avoir à le demander."),
        NEED,
    ),
    Starter(
        "pain-late-costs",
        Words("Costs that appear at the end", "Des frais qui apparaissent à la fin"),
        Words("The most frequent reason to leave a cart.", "La première raison d’abandonner un panier."),
        PAIN,
        {"severity": 5},
    ),
    Starter(
        "pain-twice",
        Words("Telling everything twice", "Tout raconter deux fois"),
        Words(
            "From the chat to the phone, from one agent to the next.",
            "Du chat au téléphone, d’un agent à l’autre.",
        ),
        PAIN,
        {"severity": 3},
    ),
    Starter(
        "kpi-first-answer",
        Words("Time until the first answer", "Délai de première réponse"),
        kind=KPI,
        details={"unit": "min", "direction": "down"},
    ),
    Starter(
        "kpi-solved-first",
        Words("Solved at the first contact", "Résolu au premier contact"),
        Words("No new contact about it within 7 days.", "Sans nouveau contact sur le sujet sous 7 jours."),
        KPI,
        {"unit": "%", "direction": "up"},
    ),
    Starter(
        "kpi-recommend",
        Words("Would recommend us", "Nous recommanderaient"),
        kind=KPI,
        details={"direction": "up"},
    ),
    Starter("tp-product", Words("Product page", "Page produit"), channel="web", events=("Product Viewed",)),
    Starter(
        "tp-help",
        Words("Help centre", "Centre d’aide"),
        channel="help",
        events=("Article Viewed", "Article Searched"),
    ),
    Starter("tp-cart", Words("Cart", "Panier"), channel="web", events=("Cart Viewed", "Product Added")),
    Starter(
        "tp-checkout",
        Words("Checkout", "Paiement"),
        channel="web",
        events=("Checkout Started", "Checkout Step Viewed", "Checkout Step Completed"),
    ),
    Starter("tp-order", Words("Order", "Commande"), channel="web", events=("Order Completed",)),
    Starter(
        "tp-conversation",
        Words("First conversation", "Première conversation"),
        channel="chat",
        events=("Conversation Started",),
    ),
    Starter("tp-call", Words("Call", "Appel"), channel="phone", events=("Call Started", "Call Ended")),
    Starter("tp-review", Words("Review", "Avis"), channel="review", events=("Review Posted",)),
    Starter(
        "tp-referral",
        Words("Code passed on", "Code transmis"),
        channel="referral",
        events=("Referral Shared", "Referral Redeemed"),
    ),
)
