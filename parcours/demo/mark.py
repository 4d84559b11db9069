"""Mark, forty-one, from Rennes: back pain, and the wish to run again. His story is written by hand.

Days count from his first visit, a Tuesday, so that the lines are open when he calls and shut
when he writes late.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from parcours.demo import words
from parcours.demo.afterwards import REFERRAL, SENDING_BACK
from parcours.demo.browsing import SIZE_GUIDE
from parcours.demo.log import SERVICE, SHOP
from parcours.demo.population import MILLENNIALS, Population
from parcours.demo.rhythm import PARIS
from parcours.demo.second_thoughts import CART_MAIL, TREATED
from parcours.demo.service import MENU_ADVICE, MENU_RETURN
from parcours.demo.world import World

_LAST_DAY = 224
_SHOE = {"product": "Appui Dos", "category": "support", "price": 139.0}
_BACK_PAIN = "Running with back pain"

Line = tuple[int, str, str, str, dict[str, Any]]


def _cart(number: int) -> dict[str, Any]:
    return {
        "cart_id": f"K9{number:05d}",
        "region": "Bretagne",
        "country": "FR",
        "device": "phone",
        "browser": "Chrome",
        "shipping_shown_at": "cart",
        "value": 139.0,
        "shipping_cost": 4.9,
    }


def _checkout(day: int, hour: str, number: int) -> list[Line]:
    """From the product to the payment page, in the minutes after `hour`."""
    cart = _cart(number)
    steps = ((1, "delivery address"), (2, "delivery method"), (3, "billing address"))
    lines: list[Line] = [
        (day, f"{hour}:02", "Product Viewed", "web", _SHOE),
        (day, f"{hour}:04", "Product Added", "web", {"product": _SHOE["product"], "price": 139.0, **cart}),
        (day, f"{hour}:05", "Cart Viewed", "web", cart),
        (day, f"{hour}:06", "Checkout Started", "web", cart),
    ]
    for step, title in steps:
        said = {"step": step, "title": title, "cart_id": cart["cart_id"]}
        lines.append((day, f"{hour}:{5 + 2 * step:02d}", "Checkout Step Viewed", "web", said))
        lines.append((day, f"{hour}:{6 + 2 * step:02d}", "Checkout Step Completed", "web", said))
    lines.append((day, f"{hour}:13", "Checkout Step Viewed", "web", {"step": 4, "title": "payment", **cart}))
    return lines


def _order(day: int, moment: str, number: int, rank: int, coupon: str | None) -> Line:
    said = {"order_id": f"FO-9{number:05d}", "total": 143.9, "currency": "EUR", "order_rank": rank}
    return (day, moment, "Order Completed", "web", {**said, **_SHOE, "coupon": coupon, **_cart(number)})


_DISCOVERY: list[Line] = [
    (0, "21:12", "Promotion Clicked", "instagram", {"promotion": _BACK_PAIN}),
    (0, "21:13", "Page Viewed", "web", {"page": _BACK_PAIN, "region": "Bretagne", "device": "phone"}),
    (0, "21:16", "Product List Viewed", "web", {"category": "support"}),
    (0, "21:19", "Conversation Started", "chat", {"topic": words.FIRST}),
    (0, "21:20", "Message Received", "chat", {"topic": words.FIRST, "language": "fr", "text":
        "Bonsoir, j’ai mal au dos depuis un an. Quelles chaussures pour courir sans me faire mal ?"}),
    (0, "21:21", "Bot Answered", "chat", {"topic": words.FIRST, "solved": False, "text":
        "Nos modèles Appui sont faits pour un dos sensible. Souhaitez-vous l’avis d’une personne ?"}),
    (0, "21:22", "Bot Handed Over", "chat", {"topic": words.FIRST}),
    (1, "09:04", "Message Sent", "chat", {"topic": words.FIRST, "agent": "Amina", "waiting_seconds": 42_300,
        "text": "Bonjour Mark, cherchez un amorti souple et un talon bien tenu : l’Appui Dos. Combien de "
        "kilomètres courez-vous ?"}),
    (1, "12:38", "Message Received", "chat", {"topic": words.FIRST, "language": "fr", "text":
        "Cinq kilomètres, deux fois par semaine. Merci de m’avoir répondu vous-même."}),
    (1, "12:39", "Message Sent", "chat", {"topic": words.FIRST, "agent": "Amina", "waiting_seconds": 48,
        "text": "Alors l’Appui Dos suffit. Prenez une demi-pointure de plus, le pied gonfle en courant."}),
    (1, "12:58", "Conversation Resolved", "chat", {"topic": words.FIRST, "seconds": 56_340}),
    (4, "10:22", "Products Searched", "web", {"query": "chaussures mal de dos"}),
    (4, "10:23", "Product Viewed", "web", _SHOE),
    (4, "10:26", "Product Viewed", "web", {"product": "Élan 3", "category": "road", "price": 119.0}),
    (4, "10:31", "Product Viewed", "web", _SHOE),
    (4, "10:36", "Article Viewed", "help", {"article": _BACK_PAIN}),
    (5, "20:47", "Article Searched", "help", {"query": "pointure"}),
    (5, "20:48", "Article Viewed", "help", {"article": SIZE_GUIDE}),
]  # fmt: skip
_MAILED_CART = {"cart_id": "K900001"}
_FIRST_PAIR: list[Line] = [
    *_checkout(7, "20", 1),
    (7, "22:42", "Playbook Entered", "email", {"playbook": CART_MAIL, "group": TREATED, **_MAILED_CART}),
    (7, "22:43", "Email Sent", "email", {"playbook": CART_MAIL, **_MAILED_CART}),
    (8, "07:52", "Email Clicked", "email", {"playbook": CART_MAIL, **_MAILED_CART}),
    (8, "07:53", "Cart Viewed", "web", _cart(1)),
    (8, "12:14", "Call Started", "phone", {}),
    (8, "12:15", "Call Menu Chosen", "phone", {"menu": MENU_ADVICE}),
    (8, "12:22", "Call Ended", "phone", {"menu": MENU_ADVICE, "topic": words.ADVICE, "outcome": "answered",
        "waiting_seconds": 54, "talk_seconds": 342, "agent": "Bruno",
        "note": "Peut-il les rendre après une sortie ? Oui, trente jours."}),
    (8, "12:30", "Cart Viewed", "web", _cart(1)),
    (8, "12:31", "Coupon Entered", "web", {"coupon": "CLUB10", **_cart(1)}),
    (8, "12:32", "Coupon Applied", "web", {"coupon": "CLUB10", **_cart(1)}),
    (8, "12:33", "Payment Info Entered", "web", _cart(1)),
    _order(8, "12:34", 1, 1, "CLUB10"),
    (9, "11:05", "Order Shipped", "email", {}),
    (11, "10:40", "Order Delivered", "post", {"days": 2}),
    (18, "10:40", "Review Requested", "email", {}),
    (18, "19:55", "Survey Answered", "email", {"survey": "NPS", "score": 9, "text":
        "Conseil juste, au chat comme au téléphone. Le port aurait pu être plus clair."}),
    (20, "08:12", "Review Posted", "web", {"rating": 5, "text":
        "Huit sorties, aucune douleur. La demi-pointure de plus était le bon conseil."}),
    (21, "10:40", "Playbook Entered", "email", {"playbook": REFERRAL, "group": TREATED}),
    (21, "10:41", "Email Sent", "email", {"playbook": REFERRAL}),
    (23, "18:20", "Referral Shared", "web", {"code": "AMI-MARK", "discount": "10 %"}),
    (39, "21:03", "Referral Redeemed", "web", {"code": "AMI-MARK", "by": "friend"}),
]  # fmt: skip
_YEAR: list[Line] = [
    (61, "11:48", "Product Shared", "instagram", {"hashtag": "#mafoulée", "text":
        "Premier dix kilomètres sans mal de dos. #mafoulée"}),
    (100, "13:10", "Conversation Started", "whatsapp", {"topic": words.ADVICE}),
    (100, "13:11", "Message Received", "whatsapp", {"topic": words.ADVICE, "language": "fr", "text":
        "Bonjour, peut-on laver les Appui Dos en machine ?"}),
    (100, "13:20", "Message Sent", "whatsapp", {"topic": words.ADVICE, "agent": "Élise",
        "waiting_seconds": 540, "text": "À la main, à l’eau tiède, et sans radiateur : la mousse durcit."}),
    (100, "13:35", "Conversation Resolved", "whatsapp", {"topic": words.ADVICE, "seconds": 1_500}),
    (100, "13:41", "Survey Answered", "whatsapp", {"survey": "CSAT", "score": 5, "topic": words.ADVICE}),
    (196, "08:00", "Email Sent", "email", {"campaign": "newsletter"}),
    (196, "20:04", "Email Clicked", "email", {"campaign": "newsletter"}),
    (196, "20:05", "Product Viewed", "app", _SHOE),
    *_checkout(200, "10", 2),
    (200, "10:14", "Payment Info Entered", "web", _cart(2)),
    _order(200, "10:15", 2, 2, None),
    (202, "11:30", "Order Shipped", "email", {}),
    (205, "09:50", "Order Delivered", "post", {"days": 3}),
    (206, "19:12", "Article Viewed", "help", {"article": SENDING_BACK}),
    (209, "10:52", "Call Started", "phone", {}),
    (209, "10:53", "Call Menu Chosen", "phone", {"menu": MENU_RETURN}),
    (209, "10:54", "Call Ended", "phone", {"menu": MENU_RETURN, "topic": words.RETURN, "outcome": "cut off",
        "waiting_seconds": 38, "talk_seconds": 0}),
    (209, "11:03", "Call Started", "phone", {}),
    (209, "11:04", "Call Menu Chosen", "phone", {"menu": MENU_RETURN}),
    (209, "11:05", "Call Ended", "phone", {"menu": MENU_RETURN, "topic": words.RETURN, "outcome": "cut off",
        "waiting_seconds": 38, "talk_seconds": 0}),
    (209, "11:20", "Conversation Started", "chat", {"topic": words.RETURN}),
    (209, "11:20", "Message Received", "chat", {"topic": words.RETURN, "language": "fr", "text":
        "Votre serveur vocal raccroche quand je choisis les retours. J’ai repris ma pointure de ville, "
        "elles serrent. Comment les échanger ?"}),
    (209, "11:21", "Message Sent", "chat", {"topic": words.RETURN, "agent": "Denis", "waiting_seconds": 51,
        "text": "Pardon pour le téléphone, je le signale. L’étiquette est dans votre boîte mail, la paire "
        "en 43 part aujourd’hui."}),
    (209, "11:34", "Conversation Resolved", "chat", {"topic": words.RETURN, "seconds": 840}),
    (209, "11:40", "Survey Answered", "chat", {"survey": "CSAT", "score": 5, "topic": words.RETURN}),
    (209, "17:10", "Order Shipped", "email", {"exchange": True}),
    (212, "10:15", "Order Delivered", "post", {"days": 3, "exchange": True}),
    (219, "10:15", "Review Requested", "email", {}),
    (219, "20:31", "Survey Answered", "email", {"survey": "NPS", "score": 8, "text":
        "Les mêmes depuis huit mois. Réparez votre répondeur."}),
]  # fmt: skip

_BY_SERVICE = (
    "Conversation",
    "Message",
    "Bot",
    "Call",
    "Menu",
    "Survey",
    "Playbook",
    "Email",
    "Review",
    "Referral",
)


def become_mark(people: Population, position: int) -> None:
    """Makes the customer at `position` Mark."""
    facts = {
        "country": "FR", "region": "Bretagne", "language": "fr", "generation": MILLENNIALS,
        "first_name": "Mark",
        "last_name": "Delaunay", "device": "phone", "browser": "Chrome", "opted_in": True,
        "has_account": True, "regular": False, "loyalty": 1.0,
    }  # fmt: skip
    for name, value in facts.items():
        getattr(people, name)[position] = value


def live_as_mark(world: World, position: int) -> None:
    """Mark's eight months, the last of them ending a few days before today."""
    today = world.calendar.today
    first = today - timedelta(days=_LAST_DAY + (today.weekday() - 1) % 7)
    world.people.birth_year[position] = today.year - 41
    customer = np.array([position])
    for day, moment, name, channel, properties in [*_DISCOVERY, *_FIRST_PAIR, *_YEAR]:
        source = SERVICE if name.startswith(_BY_SERVICE) else SHOP
        when = np.array([_seconds(first + timedelta(days=day), moment)])
        world.log.add(name, customer, when, channel, source=source, **properties)


def _seconds(day: date, moment: str) -> int:
    return int(datetime.combine(day, time.fromisoformat(moment), PARIS).timestamp())
