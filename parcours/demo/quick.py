"""The quick replies, macros and the view that Claire has written for her team."""

from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor
from parcours.canvas.shapes import Board
from parcours.inbox.desk import macros, replies
from parcours.inbox.desk.views import save_view

_HELLO_FR, _HELLO_EN = "Bonjour {{customer.first_name}},\n\n", "Hello {{customer.first_name}},\n\n"
_BYE_FR, _BYE_EN = "\n\nBelle course,\n{{agent.first_name}}", "\n\nEnjoy your run,\n{{agent.first_name}}"

REPLIES = (
    (
        "colis",
        3,
        "Où est mon colis ? · Where is my parcel?",
        "votre commande {{order.number}} est chez le transporteur. Vous pouvez suivre le colis depuis le "
        "courriel d’expédition ; la livraison prend deux jours ouvrés.",
        "your order {{order.number}} is with the carrier. You can follow the parcel from the mail that "
        "told you "
        "it had left; delivery takes two working days.",
    ),
    (
        "retour",
        4,
        "Renvoyer une paire · Send a pair back",
        "vous avez 30 jours pour renvoyer vos chaussures, même portées à l’intérieur. Imprimez "
        "l’étiquette depuis "
        "votre compte, déposez le colis : le remboursement suit sous cinq jours.",
        "you have 30 days to send your shoes back, also worn indoors. Print the label from your "
        "account, hand the "
        "parcel in: the refund follows within five days.",
    ),
    (
        "taille",
        2,
        "Quelle pointure ? · Which size?",
        "prenez une demi-pointure de plus que vos chaussures de ville : le pied gonfle en courant. En "
        "cas de doute, "
        "commandez deux pointures, le retour est gratuit.",
        "take half a size more than your everyday shoes: feet swell while running. When in doubt, order "
        "two sizes; "
        "sending one back is free.",
    ),
    (
        "port",
        3,
        "Frais de port · Shipping cost",
        "la livraison coûte 6,90 € et devient gratuite dès 80 € d’achat. Le retrait en boutique est "
        "toujours "
        "gratuit.",
        "delivery costs €6.90 and is free from €80. Collecting in the shop is always free.",
    ),
    (
        "code",
        3,
        "Code de réduction · Discount code",
        "le code CLUB10 s’entre à l’étape du paiement, sans espace, et vaut pour une commande par "
        "personne. "
        "Dites-moi ce que la page affiche et je m’en occupe.",
        "the code CLUB10 is entered at payment, without a space, and is good for one order each. Tell "
        "me what the "
        "page says and I will take care of it.",
    ),
    (
        "merci",
        5,
        "Merci pour votre message · Thank you",
        "merci d’avoir pris le temps de nous écrire : je transmets à l’équipe, cela fait plaisir.",
        "thank you for taking the time to write: I pass it on to the team, it is good to hear.",
    ),
)
"""Shortcut, number of the stage, name, words in French and in English."""


def write_quick_replies(board: Board, language: str, actor: Actor) -> None:
    """Once for all maps, in both languages; the shortcuts are French, as the shop is."""
    brand = brand_by_id(actor.brand_id)
    if replies.replies(brand.pk):
        return
    stages = {stage.number: stage.id for stage in board.stages}
    for shortcut, number, names, french, english in REPLIES:
        name = names.split(" · ")[0 if language == "fr" else 1]
        texts = {"fr": _HELLO_FR + french + _BYE_FR, "en": _HELLO_EN + english + _BYE_EN}
        replies.save_reply(
            brand,
            shortcut=shortcut,
            name=name,
            texts=texts,
            stage_id=stages.get(number),
            acting_user=actor,
        )
    is_french = language == "fr"
    macros.save_macro(
        brand,
        name="Retour en cours" if is_french else "Return under way",
        deeds=[("tags", {"add": "retour" if is_french else "return"}), ("assign", {"assignee": "me"})],
        texts={"fr": _HELLO_FR + REPLIES[1][3] + _BYE_FR, "en": _HELLO_EN + REPLIES[1][4] + _BYE_EN},
        acting_user=actor,
    )
    macros.save_macro(
        brand,
        name="Urgent, pour la responsable" if is_french else "Urgent, for the team lead",
        deeds=[
            ("tags", {"add": "responsable" if is_french else "team lead"}),
            ("priority", {"priority": "1"}),
        ],
        texts={},
        acting_user=actor,
    )
    save_view(
        "Retours" if is_french else "Returns",
        "?tag=retour" if is_french else "?tag=return",
        shared=True,
        acting_user=actor,
    )
