"""What conversations are about: the usual matters of a shop, with sentences by which they are recognised."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TOPICS: dict[str, str | Promise] = {
    "advice": _("Advice before buying"),
    "size": _("Size and fit"),
    "delivery time": _("Delivery time"),
    "shipping cost": _("Shipping cost"),
    "coupon": _("Promo code"),
    "payment": _("Payment"),
    "order status": _("Where is my order"),
    "return": _("Return and exchange"),
    "complaint": _("Complaint"),
    "invoice": _("Invoice"),
    "account": _("Customer account"),
    "thanks": pgettext_lazy("topic of a conversation", "Thanks"),
}
"""By key, as events and conversations carry it; a brand's own topics are their own label."""

SEEDS: dict[str, tuple[str, ...]] = {
    "advice": (
        "Which model would you recommend for me?",
        "I don't know which one to choose, can you advise me?",
        "What is the difference between these two products?",
        "Quel modèle me conseillez-vous ?",
        "Je ne sais pas lequel choisir, pouvez-vous m'aider ?",
        "Quelle est la différence entre ces deux produits ?",
        "Est-ce que ce produit convient à un débutant ?",
    ),
    "size": (
        "Which size should I take?",
        "Does it run large or small?",
        "Is it still available in my size?",
        "Quelle taille dois-je prendre ?",
        "Est-ce que ça taille grand ou petit ?",
        "Avez-vous encore ma pointure en stock ?",
    ),
    "delivery time": (
        "How long does delivery take?",
        "Will it arrive before the weekend if I order today?",
        "When would I receive it?",
        "Quel est le délai de livraison ?",
        "Si je commande aujourd'hui, quand serai-je livré ?",
        "Est-ce que je l'aurai avant samedi ?",
    ),
    "shipping cost": (
        "How much is shipping?",
        "Why do I have to pay for delivery?",
        "Combien coûtent les frais de port ?",
        "Pourquoi la livraison est-elle payante ?",
        "Les frais de livraison n'étaient pas annoncés.",
    ),
    "coupon": (
        "My discount code doesn't work.",
        "Where do I enter the promo code?",
        "Mon code promo ne fonctionne pas.",
        "Le bon de réduction est refusé.",
    ),
    "payment": (
        "My payment was declined.",
        "Which means of payment do you accept?",
        "I was charged twice.",
        "Mon paiement est refusé.",
        "Puis-je payer en plusieurs fois ?",
        "J'ai été débité deux fois.",
    ),
    "order status": (
        "Where is my order?",
        "My parcel hasn't arrived yet.",
        "The tracking doesn't move.",
        "Où en est ma commande ?",
        "Je n'ai toujours pas reçu mon colis.",
        "Le suivi indique livré mais je n'ai rien reçu.",
    ),
    "return": (
        "I would like to return this item.",
        "How do I exchange it for another size?",
        "When will I get my refund?",
        "Je souhaite retourner un article.",
        "Comment échanger contre une autre taille ?",
        "Quand serai-je remboursé ?",
    ),
    "complaint": (
        "I am very disappointed with your service.",
        "The product broke after a week.",
        "Nobody ever answers me.",
        "Je suis très déçu de votre service.",
        "Le produit est arrivé abîmé.",
        "Cela fait trois fois que j'écris et personne ne répond.",
    ),
    "invoice": (
        "Could you send me the invoice?",
        "I need a receipt for my company.",
        "Pouvez-vous m'envoyer la facture ?",
        "Il me faut un justificatif d'achat.",
    ),
    "account": (
        "I can't log in to my account.",
        "How do I change my address?",
        "Please delete my account.",
        "Je n'arrive pas à me connecter à mon compte.",
        "Comment modifier mon adresse ?",
        "Merci de supprimer mon compte.",
    ),
    "thanks": (
        "Thank you very much for your help!",
        "Great advice, I love them.",
        "Merci beaucoup pour votre aide !",
        "Parfait, je suis ravie.",
    ),
}
"""Written for this: nobody's conversations are among them."""


def topic_label(topic: str) -> str:
    """In the reader's language; a topic of the brand's own is its own label."""
    return str(TOPICS.get(topic, topic))
