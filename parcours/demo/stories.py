"""The causes planted in the log, told so that whoever opens the canvas can look for them.

Each story says what happens, where on the map, when and to whom, what it should look like in the numbers and
how to find it. `evidence` holds the simple comparison that shows each one, and a control that shows nothing.
"""

from dataclasses import dataclass
from typing import Literal

from parcours.demo.said import Said
from parcours.demo.world import (
    CART_MAIL_FROM,
    COUPON_FAILS,
    IVR_DEAD_END_FROM,
    LATE_SHIPPING_FROM,
    REFERRAL_FROM,
)


@dataclass(frozen=True, slots=True)
class Story:
    """One planted cause. `from_day` and `to_day` count days before today."""

    key: str
    title: Said
    cause: Said
    stage: Literal["awareness", "consideration", "decision", "retention", "advocacy"]
    touchpoint: Said
    from_day: int
    to_day: int
    who: Said
    effect: Said
    how_to_find: Said
    works: bool = True
    """False for the one action that changes nothing."""


STORIES: tuple[Story, ...] = (
    Story(
        key="late-shipping-cost",
        title=Said(
            "Shipping cost shown too late to La Réunion", "Frais de port annoncés trop tard à La Réunion"
        ),
        cause=Said(
            "Since the carrier changed, the cart no longer knows the cost for La Réunion: the 14.90 € "
            "appear on the payment page only.",
            "Depuis le changement de transporteur, le panier ne connaît plus le tarif pour La Réunion : "
            "les 14,90 € n’apparaissent qu’à la page de paiement.",
        ),
        stage="decision",
        touchpoint=Said("Payment", "Paiement"),
        from_day=LATE_SHIPPING_FROM,
        to_day=0,
        who=Said("Customers in La Réunion", "Les clients de La Réunion"),
        effect=Said(
            "Three in ten of them order once they reach the payment; elsewhere it is three in four. "
            "Before the change they were no different.",
            "Trois sur dix commandent une fois au paiement, contre trois sur quatre ailleurs. Avant le "
            "changement, il n’y avait pas d’écart.",
        ),
        how_to_find=Said(
            "Open the paths behind “ended” in Decision and compare region, or shipping_shown_at, of carts "
            "that stop at the payment. The same people write “Why 14.90 € of shipping?”.",
            "Ouvrez les parcours derrière « terminé » en Décision et comparez la région, ou "
            "shipping_shown_at, des paniers arrêtés au paiement. Les mêmes écrivent « Pourquoi 14,90 € de "
            "port ? ».",
        ),
    ),
    Story(
        key="coupon-on-safari",
        title=Said("A code that Safari mangles", "Un code que Safari abîme"),
        cause=Said(
            "For two weeks the code COURSE15 of the poster campaign is refused on Safari as “unknown code”.",
            "Pendant deux semaines, le code COURSE15 de la campagne d’affiches est refusé par Safari : « "
            "code inconnu ».",
        ),
        stage="decision",
        touchpoint=Said("Promo code", "Code promo"),
        from_day=COUPON_FAILS[0],
        to_day=COUPON_FAILS[1],
        who=Said("Whoever enters the code in Safari", "Qui saisit le code dans Safari"),
        effect=Said(
            "Nearly every code is refused in Safari and two carts in three are lost; in other browsers "
            "three in ten.",
            "Presque tous les codes sont refusés sur Safari et deux paniers sur trois sont perdus ; "
            "ailleurs, trois sur dix.",
        ),
        how_to_find=Said(
            "Look at Coupon Denied by day, then by browser.",
            "Regardez Coupon Denied par jour, puis par navigateur.",
        ),
    ),
    Story(
        key="phone-dead-end",
        title=Said("A phone menu that leads nowhere", "Un menu téléphonique sans issue"),
        cause=Said(
            "Since the menus were changed, choice 3 “Return or exchange” plays a message and hangs up "
            "after 38 s.",
            "Depuis le changement des menus, le choix 3 « Retour ou échange » diffuse un message et "
            "raccroche au bout de 38 s.",
        ),
        stage="retention",
        touchpoint=Said("Phone: returns", "Téléphone : retours"),
        from_day=IVR_DEAD_END_FROM,
        to_day=0,
        who=Said("Callers who want to return shoes", "Qui appelle pour rendre ses chaussures"),
        effect=Said(
            "3 % of those calls reach a person, 93 % of the others. Half call again. They rarely order "
            "again.",
            "3 % de ces appels aboutissent, contre 93 % des autres. La moitié rappelle. Peu commandent à "
            "nouveau.",
        ),
        how_to_find=Said(
            "Compare Call Ended by menu: outcome “cut off” belongs to one choice alone. Mark met it too.",
            "Comparez Call Ended par menu : l’issue « cut off » n’appartient qu’à un choix. Mark l’a subi "
            "aussi.",
        ),
    ),
    Story(
        key="slow-instagram",
        title=Said("Instagram is answered in days", "Instagram répond en jours"),
        cause=Said(
            "Nobody has Instagram open during the day: a question waits nearly two days, a chat less than "
            "a minute.",
            "Personne n’ouvre Instagram en journée : une question y attend presque deux jours, moins "
            "d’une minute au chat.",
        ),
        stage="consideration",
        touchpoint=Said("Question on Instagram", "Question sur Instagram"),
        from_day=365,
        to_day=0,
        who=Said(
            "Generation Z above all, who ask there most", "La génération Z surtout, qui y pose ses questions"
        ),
        effect=Said(
            "Of those who ask on Instagram before buying one in twenty orders within two weeks; in the "
            "chat one in three.",
            "De ceux qui demandent sur Instagram avant d’acheter, un sur vingt commande sous quinze "
            "jours ; au chat, un sur trois.",
        ),
        how_to_find=Said(
            "Choose Generation Z and open the paths behind Consideration; compare the first question’s "
            "channel and waiting_seconds. At equal channel the generations don’t differ.",
            "Choisissez la génération Z et ouvrez les parcours derrière Considération ; comparez le canal "
            "de la première question et waiting_seconds. À canal égal, les générations ne diffèrent pas.",
        ),
    ),
    Story(
        key="cart-mail",
        title=Said("The abandoned-cart mail works", "Le mail de panier abandonné sert"),
        cause=Said(
            "Within three hours of an abandoned cart past customers and people who agreed get a mail; one "
            "in four is held out.",
            "Dans les trois heures qui suivent l’abandon, clients et personnes consentantes reçoivent un "
            "mail ; une sur quatre en est tenue à l’écart.",
        ),
        stage="decision",
        touchpoint=Said("Abandoned-cart mail", "Mail de panier abandonné"),
        from_day=CART_MAIL_FROM,
        to_day=0,
        who=Said(
            "Abandoned carts of people who may be written to",
            "Paniers abandonnés des personnes à qui l’on peut écrire",
        ),
        effect=Said(
            "Nearly one cart in four is ordered after the mail, one in ten in the holdout group.",
            "Près d’un panier sur quatre est commandé après le mail, un sur dix dans le groupe témoin.",
        ),
        how_to_find=Said(
            "Compare Playbook Entered with group “treated” and “holdout”, then Order Completed of the "
            "same cart_id.",
            "Comparez Playbook Entered, groupes « treated » et « holdout », puis Order Completed du même "
            "cart_id.",
        ),
    ),
    Story(
        key="referral-code",
        title=Said("The referral code changes nothing", "Le code de parrainage ne change rien"),
        cause=Said(
            "Half of the customers are offered 10 % for themselves and a friend ten days after delivery.",
            "Dix jours après la livraison, la moitié des clients se voit offrir 10 % pour elle et un ami.",
        ),
        stage="advocacy",
        touchpoint=Said("Referral code", "Code de parrainage"),
        from_day=REFERRAL_FROM,
        to_day=0,
        who=Said("Every other delivered customer", "Un client livré sur deux"),
        effect=Said(
            "As many order again with the offer as without. Those who share the code order far more "
            "often, but they were loyal before.",
            "Autant recommandent avec l’offre que sans. Qui partage le code commande bien plus, mais il "
            "était fidèle avant.",
        ),
        how_to_find=Said(
            "Compare sharers with the others and you will believe in it; compare “treated” with “holdout” "
            "and you won’t.",
            "Comparez ceux qui partagent aux autres et vous y croirez ; comparez « treated » à "
            "« holdout » et vous n’y croirez plus.",
        ),
        works=False,
    ),
    Story(
        key="size-guide",
        title=Said("The size guide saves returns", "Le guide des pointures évite les retours"),
        cause=Said(
            "The article “Choosing your size” says to take half a size more.",
            "L’article « Choosing your size » dit de prendre une demi-pointure de plus.",
        ),
        stage="consideration",
        touchpoint=Said("Size guide", "Guide des pointures"),
        from_day=365,
        to_day=0,
        who=Said("Whoever reads it before ordering", "Qui le lit avant de commander"),
        effect=Said(
            "Readers send back one pair in fourteen for its size, others one in six. No other article "
            "does that.",
            "Ses lecteurs renvoient une paire sur quatorze pour la taille, les autres une sur six. Aucun "
            "autre article n’en fait autant.",
        ),
        how_to_find=Said(
            "Compare Order Refunded with reason “size” for customers with and without that Article Viewed "
            "before.",
            "Comparez Order Refunded, motif « size », avec et sans cet Article Viewed auparavant.",
        ),
    ),
)
