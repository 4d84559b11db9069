"""What customers of Foulée have written today and wait for an answer to."""

from dataclasses import dataclass

from parcours.demo import words
from parcours.demo.said import Said
from parcours.demo.service import CHAT, EMAIL, INSTAGRAM, WHATSAPP


@dataclass(frozen=True, slots=True)
class Question:
    """`who` chooses the customer: a region, `mark`, or anybody of the language. `minutes` ago, one a text."""

    key: str
    channel: str
    language: str
    topic: str
    minutes: tuple[int, ...]
    texts: tuple[str, ...]
    subject: str = ""
    who: str = ""
    page: str = ""
    for_whom: str = ""
    note: Said | None = None


TODAY: tuple[Question, ...] = (
    Question(
        "mark", CHAT, "fr", words.ADVICE, (6, 5),
        ("Bonjour, mes Appui Dos ont 900 km. La mousse est tassée sous le talon, c’est le moment d’en "
         "changer ?",
         "Et est-ce que l’Appui Dos 2 chausse pareil ? Je prends du 43 chez vous."),
        who="mark", page="https://www.foulee.example/produits/appui-dos-2", for_whom="amina@parcours.example",
    ),
    Question(
        "port", CHAT, "fr", words.SHIPPING, (11, 9),
        ("14,90 € de port qui apparaissent au moment de payer, c’est une blague ?",
         "Je suis à Saint-Pierre, à La Réunion. Avant c’était 6,90 €."),
        who="La Réunion", page="https://www.foulee.example/commande/paiement",
        note=Said(
            "Third customer from La Réunion this week who sees the cost at the payment only. Claire, "
            "shall we "
            "remind IT?",
            "Troisième cliente de La Réunion cette semaine qui ne voit les frais qu’au paiement. Claire, on "
            "relance la technique ?",
        ),
    ),
    Question(
        "wide", CHAT, "en", words.SIZE, (3,),
        ("Hi, I have wide feet and usually wear New Balance 2E in 44. Would the Appui fit?",),
        page="https://www.foulee.example/produits/appui",
    ),
    Question(
        "depart", CHAT, "fr", words.DELAY, (24,),
        ("Semi de Vannes dimanche prochain : si je commande maintenant, je les ai vendredi au plus tard ?",),
        page="https://www.foulee.example/produits/elan",
    ),
    Question(
        "etiquette", EMAIL, "fr", words.RETURN, (95,),
        ("Bonjour,\n\nreçues hier, elles serrent aux orteils. J’ai appelé, choix 3 : le message se "
         "termine et ça "
         "raccroche. Deux fois.\n\nComment échanger contre du 41 ? Il me les faut avant le 5 décembre.\n\n"
         "Cordialement",),
        subject="Échange : trop petites, et votre standard raccroche",
    ),
    Question(
        "remboursement", EMAIL, "fr", words.RETURN, (212,),
        ("Bonjour,\n\npaire renvoyée il y a douze jours, toujours pas de remboursement. Le suivi dit « "
         "livré » "
         "depuis le 13.\n\nMerci de me dire où cela en est.",),
        subject="Remboursement toujours pas reçu", for_whom="claire@parcours.example",
    ),
    Question(
        "invoice", EMAIL, "en", "invoice", (140,),
        ("Hello,\n\ncould you send me an invoice with our club's name on it? We reimburse running shoes "
         "to our "
         "members once a year.\n\nKind regards",),
        subject="Invoice for our running club",
    ),
    Question(
        "couleur", INSTAGRAM, "fr", words.SIZE, (308,),
        ("Coucou ! Le coloris lagon de votre story, il existe en 38 ?",),
    ),
    Question(
        "trail", INSTAGRAM, "fr", words.ADVICE, (176, 170),
        ("Salut, les Sentier tiennent sur 40 km de caillasse ou c’est plutôt pour le dimanche ?",
         "(Grand Raid en ligne de mire)"),
        who="La Réunion",
    ),
    Question(
        "colis", WHATSAPP, "fr", words.ORDER_STATUS, (41, 38),
        ("Bonjour, le suivi dit livré ce matin mais je n’ai rien, ni chez le voisin",
         "J’étais à la maison toute la matinée"),
        for_whom="amina@parcours.example",
    ),
    Question(
        "code", WHATSAPP, "en", words.COUPON, (17,),
        ("Hi, my CLUB10 code says “unknown code” on my phone. It worked last spring.",),
    ),
    Question(
        "merci", CHAT, "fr", "thanks", (63,),
        ("Juste un mot : premier dix kilomètres sans mal de dos. Merci à Amina pour le conseil de la "
         "demi-pointure.",),
    ),
)  # fmt: skip
