"""An online shop: from the first need to the code that is given to a friend."""

from parcours.canvas.enums import LaneKind
from parcours.canvas.templates.plans import Words
from parcours.canvas.templates.said import BuiltIn, SaidCard, SaidStage, SaidTouchpoint

_NEED, _MOMENT, _ACTION = LaneKind.NEED, LaneKind.MOMENT, LaneKind.ACTION
_EMOTION, _KPI = LaneKind.EMOTION, LaneKind.KPI

_STAGES = (
    SaidStage(
        "awareness",
        Words("Awareness", "Découverte"),
        Words(
            "The customer has a need and meets the shop for the first time.",
            "Le client a un besoin et rencontre la boutique pour la première fois.",
        ),
        (
            SaidTouchpoint(
                Words("Advert or post", "Annonce ou publication"),
                "ads",
                ("Advertisement Clicked", "Promotion Clicked"),
            ),
            SaidTouchpoint(Words("First page", "Première page"), "web", ("Page Viewed", "Screen Viewed")),
            SaidTouchpoint(Words("Catalogue", "Catalogue"), "web", ("Product List Viewed",)),
        ),
    ),
    SaidStage(
        "consideration",
        Words("Consideration", "Réflexion"),
        Words(
            "The customer compares, asks and looks for reasons to trust.",
            "Le client compare, pose des questions et cherche des raisons de faire confiance.",
        ),
        (
            SaidTouchpoint(Words("Product page", "Page produit"), "web", ("Product Viewed",)),
            SaidTouchpoint(
                Words("Search in the shop", "Recherche dans la boutique"), "web", ("Products Searched",)
            ),
            SaidTouchpoint(
                Words("Help centre", "Centre d’aide"), "help", ("Article Searched", "Article Viewed")
            ),
            SaidTouchpoint(
                Words("Question to the team", "Question à l’équipe"), "chat", ("Conversation Started",)
            ),
        ),
    ),
    SaidStage(
        "decision",
        Words("Decision", "Décision"),
        Words(
            "The customer chooses and pays, or leaves the cart behind.",
            "Le client choisit et paie, ou abandonne son panier.",
        ),
        (
            SaidTouchpoint(Words("Cart", "Panier"), "web", ("Product Added", "Cart Viewed")),
            SaidTouchpoint(
                Words("Checkout", "Commande"),
                "web",
                ("Checkout Started", "Checkout Step Viewed", "Checkout Step Completed"),
            ),
            SaidTouchpoint(Words("Payment", "Paiement"), "web", ("Payment Info Entered", "Payment Failed")),
            SaidTouchpoint(
                Words("Promo code", "Code promo"),
                "web",
                ("Coupon Entered", "Coupon Applied", "Coupon Denied"),
            ),
            SaidTouchpoint(Words("Order", "Achat"), "web", ("Order Completed",)),
        ),
    ),
    SaidStage(
        "retention",
        Words("Retention", "Fidélisation"),
        Words(
            "The order arrives, questions come up, the customer buys again.",
            "La commande arrive, des questions se posent, le client achète de nouveau.",
        ),
        (
            SaidTouchpoint(Words("Parcel", "Colis"), "post", ("Order Shipped", "Order Delivered")),
            SaidTouchpoint(
                Words("Return and refund", "Retour et remboursement"),
                "post",
                ("Order Returned", "Order Refunded"),
            ),
            SaidTouchpoint(Words("Call", "Appel"), "phone", ("Call Answered", "Call Ended")),
            SaidTouchpoint(
                Words("Request for a review", "Demande d’avis"), "email", ("Review Requested", "Survey Sent")
            ),
        ),
    ),
    SaidStage(
        "advocacy",
        Words("Advocacy", "Recommandation"),
        Words(
            "The satisfied customer recommends the shop to others.",
            "Le client satisfait recommande la boutique autour de lui.",
        ),
        (
            SaidTouchpoint(
                Words("Review", "Avis"), "review", ("Review Posted", "Product Reviewed", "Survey Answered")
            ),
            SaidTouchpoint(
                Words("Referral", "Parrainage"), "referral", ("Referral Shared", "Referral Redeemed")
            ),
            SaidTouchpoint(
                Words("Post or shared product", "Publication ou produit partagé"),
                "social",
                ("Post Published", "Product Shared"),
            ),
        ),
    ),
)

_CARDS = (
    SaidCard(
        "awareness", _EMOTION, Words("Curious, a little lost", "Curieux, un peu perdu"), details={"level": 20}
    ),
    SaidCard("consideration", _EMOTION, Words("Hesitates", "Hésite"), details={"level": -10}),
    SaidCard(
        "decision",
        _EMOTION,
        Words("Wary at the price of delivery", "Se méfie des frais de port"),
        details={"level": -40},
    ),
    SaidCard(
        "retention", _EMOTION, Words("Relieved: it fits", "Soulagé : cela convient"), details={"level": 50}
    ),
    SaidCard(
        "advocacy",
        _EMOTION,
        Words("Proud to know a good address", "Fier d’avoir une bonne adresse"),
        details={"level": 70},
    ),
    SaidCard(
        "awareness",
        _NEED,
        Words("What would suit somebody like me?", "Qu’est-ce qui me conviendrait ?"),
        Words(
            "Write it as customers say it: from a chat, a call, a search.",
            "Écrivez-le comme les clients le disent : d’après un chat, un appel, une recherche.",
        ),
    ),
    SaidCard(
        "consideration",
        _NEED,
        Words("When will it be here?", "Quand est-ce que je le reçois ?"),
        Words(
            "Delivery, returns and sizes are asked most before buying.",
            "Avant d’acheter, on demande surtout la livraison, le retour et la taille.",
        ),
    ),
    SaidCard(
        "decision",
        _NEED,
        Words("What will it cost in the end?", "Combien cela coûtera-t-il au total ?"),
        Words(
            "Nearly half of all abandoned carts are left at payment.",
            "Près de la moitié des paniers abandonnés le sont au paiement.",
        ),
    ),
    SaidCard("retention", _NEED, Words("Where is my parcel?", "Où est mon colis ?")),
    SaidCard(
        "advocacy", _NEED, Words("What do I get for telling a friend?", "Qu’ai-je à y gagner si j’en parle ?")
    ),
    SaidCard(
        "decision",
        _MOMENT,
        Words("The payment page on a phone", "La page de paiement sur un téléphone"),
        Words(
            "Paste a screenshot here, as the customer sees it.",
            "Collez ici une capture d’écran, telle que le client la voit.",
        ),
        {"device": "phone"},
    ),
    SaidCard(
        "awareness",
        _ACTION,
        Words("Answer a first chat within a minute", "Répondre au premier chat en une minute"),
        details={"does": "chat", "state": "idea"},
    ),
    SaidCard(
        "consideration",
        _ACTION,
        Words(
            "An article for each of the ten questions asked most",
            "Un article pour les dix questions les plus posées",
        ),
        details={"does": "article", "state": "idea"},
    ),
    SaidCard(
        "decision",
        _ACTION,
        Words(
            "A message about the cart within three hours", "Un message sur le panier dans les trois heures"
        ),
        Words(
            "Only to people who agreed to it, or who bought before.",
            "Seulement à qui l’a accepté, ou a déjà acheté.",
        ),
        {"does": "playbook", "state": "idea"},
    ),
    SaidCard(
        "retention",
        _ACTION,
        Words("Ask for a review a week after delivery", "Demander un avis une semaine après la livraison"),
        details={"does": "review", "state": "idea"},
    ),
    SaidCard(
        "advocacy",
        _ACTION,
        Words("10% for the customer and a friend", "10 % pour le client et un ami"),
        details={"does": "referral", "state": "idea"},
    ),
    SaidCard(
        "decision",
        _KPI,
        Words("Checkouts that end with an order", "Commandes commencées qui aboutissent"),
        details={"unit": "%", "direction": "up", "target": 60},
    ),
    SaidCard(
        "retention",
        _KPI,
        Words("Customers who order again within a year", "Clients qui recommandent dans l’année"),
        details={"unit": "%", "direction": "up", "target": 35},
    ),
)

SHOP = BuiltIn(
    "shop",
    Words("Online shop", "Boutique en ligne"),
    Words(
        "From the first look to the recommendation, with the touchpoints that shops send events for.",
        "Du premier regard à la recommandation, avec les points de contact dont les boutiques envoient les "
        "événements.",
    ),
    Words("A customer buys in our shop", "Un client achète dans notre boutique"),
    _STAGES,
    (_EMOTION, _NEED, _MOMENT, _ACTION, _KPI),
    _CARDS,
)
