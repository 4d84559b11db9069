"""What the service team of Foulée wrote on the canvas of Mark: needs in his words, key moments, actions.

A title holds one thought, a need in his words; the text says when it holds and what to do about it.
`picture` names a screen of `pictures`.
"""

from dataclasses import dataclass

from parcours.demo.said import Said

NEED, MOMENT, ACTION = "need", "moment", "action"
_NOTHING = Said("", "")


@dataclass(frozen=True, slots=True)
class CardText:
    stage: str
    lane: str
    title: Said
    text: Said
    picture: str = ""
    alt: Said = _NOTHING


TITLE = Said("Mark buys running shoes", "Mark achète des chaussures de course")
SUMMARY = Said(
    "From a bad back to the second pair: what Mark needs, what he sees and how the team serves him. Drawn "
    "by customer service and marketing, read again every quarter.",
    "Du mal de dos à la deuxième paire : ce dont Mark a besoin, ce qu’il voit et comment l’équipe le "
    "sert. Dessiné par le service client et le marketing, relu chaque trimestre.",
)
SKETCH = Said(
    "Forty-one, from Rennes, two children, a desk. He ran until his back stopped him a year ago. His "
    "physio says he may start again, with the right shoes.",
    "Quarante et un ans, Rennes, deux enfants, un bureau. Il courait jusqu’à ce que son dos l’arrête, il "
    "y a un an. Son kiné lui permet de reprendre, avec les bonnes chaussures.",
)
GOALS = Said(
    "Five kilometres twice a week without pain. Advice from somebody who knows. No surprise at the "
    "checkout, no spying, a person when he asks for one.",
    "Cinq kilomètres deux fois par semaine sans douleur. Le conseil de quelqu’un qui s’y connaît. Pas de "
    "surprise au paiement, pas d’espionnage, une personne quand il en demande une.",
)
QUOTE = Said(
    "I don’t want a shoe, I want to run again.", "Je ne veux pas une chaussure, je veux courir à nouveau."
)

CARDS: tuple[CardText, ...] = (
    CardText(
        "awareness", NEED,
        Said(
            "Which shoes can I run in with a bad back?",
            "Quelles chaussures pour courir avec mal de dos ?",
        ),
        Said(
            "He types it in the evening, on his phone, and expects an answer, not a catalogue.",
            "Il le tape le soir, sur son téléphone, et attend une réponse, pas un catalogue.",
        ),
    ),
    CardText(
        "awareness", NEED,
        Said("Is there somebody who knows about this?", "Y a-t-il quelqu’un qui s’y connaît ?"),
        Said(
            "Pain makes people careful. He leaves when he feels sold to.",
            "La douleur rend prudent. Il s’en va dès qu’on cherche à lui vendre.",
        ),
    ),
    CardText(
        "awareness", MOMENT,
        Said("The article on back pain", "L’article sur le mal de dos"),
        Said(
            "Opened from Instagram or a search. The chat says hello after half a minute, once.",
            "Ouvert depuis Instagram ou une recherche. Le chat dit bonjour au bout d’une demi-minute, une "
            "seule fois.",
        ),
        picture="discover",
        alt=Said(
            "Foulée’s page “Running with back pain” with a chat greeting by Amina",
            "La page « Courir avec mal de dos » de Foulée et le bonjour d’Amina au chat",
        ),
    ),
    CardText(
        "awareness", MOMENT,
        Said("The first question, at 21:20", "La première question, à 21 h 20"),
        Said(
            "The team has gone home. The bot answers, offers a person, and a person writes the next "
            "morning.",
            "L’équipe est rentrée. Le bot répond, propose une personne, et une personne écrit le "
            "lendemain matin.",
        ),
        picture="chat",
        alt=Said(
            "A chat: Mark asks about his back, the bot offers a person, Amina answers at 9:04",
            "Un chat : Mark parle de son dos, le bot propose une personne, Amina répond à 9 h 04",
        ),
    ),
    CardText(
        "awareness", ACTION,
        Said("Answer a first chat within a minute", "Répondre au premier chat en moins d’une minute"),
        Said(
            "Monday to Saturday, 9 to 19 h. Ask where it hurts, then how far, then on what ground; name a "
            "shoe last.",
            "De 9 à 19 h, sauf dimanche. Où il a mal, quelle distance, quel terrain ; la chaussure en "
            "dernier.",
        ),
    ),
    CardText(
        "awareness", ACTION,
        Said("After hours, say when a person will answer", "Le soir, dire quand une personne répondra"),
        Said(
            "The bot gives one useful article and always the choice “a person”. The early shift begins "
            "with these.",
            "Le bot donne un article utile et toujours le choix « une personne ». L’équipe du matin "
            "commence par là.",
        ),
    ),
    CardText(
        "consideration", NEED,
        Said("42 or 42.5?", "42 ou 42,5 ?"),
        Said(
            "The first question before buying, and the first reason to send shoes back.",
            "La première question avant d’acheter, et la première raison d’un retour.",
        ),
    ),
    CardText(
        "consideration", NEED,
        Said("Will they be here before Saturday?", "Est-ce que je les aurai avant samedi ?"),
        Said(
            "The product page doesn’t say it; he has to ask or to guess.",
            "La page produit ne le dit pas ; il doit demander ou deviner.",
        ),
    ),
    CardText(
        "consideration", NEED,
        Said("Can I return them after one run?", "Puis-je les rendre après une sortie ?"),
        Said(
            "Yes, for thirty days. It is written in the help centre and nowhere else.",
            "Oui, pendant trente jours. C’est écrit dans l’aide et nulle part ailleurs.",
        ),
    ),
    CardText(
        "consideration", MOMENT,
        Said("The product page, three visits in four days", "La page produit, trois visites en quatre jours"),
        Said(
            "He compares the Appui Dos with the Élan and reads the reviews of people with his pain.",
            "Il compare l’Appui Dos à l’Élan et lit les avis de ceux qui ont mal comme lui.",
        ),
        picture="product",
        alt=Said("The product page of the Appui Dos, €139", "La page produit de l’Appui Dos, 139 €"),
    ),
    CardText(
        "consideration", MOMENT,
        Said("The size guide", "Le guide des pointures"),
        Said(
            "Found by searching “size” in the help centre.",
            "Trouvé en cherchant « pointure » dans l’aide.",
        ),
        picture="size-guide",
        alt=Said(
            "The article “Choosing your size”: take half a size more",
            "L’article « Choisir sa pointure » : prendre une demi-pointure de plus",
        ),
    ),
    CardText(
        "consideration", MOMENT,
        Said("A question on Instagram", "Une question sur Instagram"),
        Said(
            "Asked on Monday at noon, answered on Wednesday. By then the race shoes came from elsewhere.",
            "Posée lundi midi, répondue mercredi. Entre-temps, les chaussures sont venues d’ailleurs.",
        ),
        picture="instagram",
        alt=Said(
            "Instagram messages: an answer after two days, too late",
            "Messages Instagram : une réponse au bout de deux jours, trop tard",
        ),
    ),
    CardText(
        "consideration", ACTION,
        Said(
            "Link the size guide in every answer about sizes",
            "Joindre le guide à toute réponse sur les pointures",
        ),
        Said(
            "Half a size more than in town. Quick reply /size in both languages.",
            "Une demi-pointure de plus qu’en ville. Réponse rapide /pointure dans les deux langues.",
        ),
    ),
    CardText(
        "consideration", ACTION,
        Said("One person on Instagram, every day", "Une personne sur Instagram, chaque jour"),
        Said(
            "Planned, not yet done: messages are opened every second day. Aim: an answer within the hour.",
            "Prévu, pas encore fait : les messages sont ouverts tous les deux jours. But : une réponse "
            "dans l’heure.",
        ),
    ),
    CardText(
        "consideration", ACTION,
        Said(
            "Say the delivery day before being asked",
            "Annoncer le jour de livraison avant qu’on le demande",
        ),
        Said(
            "Next to the price, by postcode. Until then: article “Delivery times and costs”, checked "
            "every month.",
            "À côté du prix, selon le code postal. D’ici là : l’article « Délais et frais de port », "
            "vérifié chaque mois.",
        ),
    ),
    CardText(
        "decision", NEED,
        Said(
            "Why €14.90 for shipping? Nobody told me.",
            "Pourquoi 14,90 € de port ? Personne ne l’a dit.",
        ),
        Said(
            "A price that appears on the last page feels like a trick, even when it is fair.",
            "Un prix qui apparaît à la dernière page ressemble à un piège, même s’il est juste.",
        ),
    ),
    CardText(
        "decision", NEED,
        Said("The code from the poster is refused.", "Le code de l’affiche est refusé."),
        Said(
            "He tries twice, then leaves. Few tell us.",
            "Il essaie deux fois, puis s’en va. Peu nous le disent.",
        ),
    ),
    CardText(
        "decision", NEED,
        Said("I’ll sleep on it.", "Je vais y réfléchir."),
        Said(
            "€139 is a decision. A reminder helps when it answers the doubt that is left.",
            "139 €, cela se décide. Un rappel aide s’il répond au dernier doute.",
        ),
    ),
    CardText(
        "decision", MOMENT,
        Said("The payment page", "La page de paiement"),
        Said(
            "Nearly half of all abandoned carts end here. Since the new carrier, La Réunion first sees "
            "its shipping cost here.",
            "Près d’un panier abandonné sur deux finit ici. Depuis peu, La Réunion y découvre ses frais "
            "de port.",
        ),
        picture="payment",
        alt=Said(
            "The payment page: shipping to La Réunion, €14.90, appears in the total",
            "La page de paiement : la livraison à La Réunion, 14,90 €, apparaît dans le total",
        ),
    ),
    CardText(
        "decision", MOMENT,
        Said("The mail at 22:43", "Le mail de 22 h 43"),
        Said(
            "His cart, the shipping cost in plain sight, a number to call. He comes back the next day.",
            "Son panier, le port en toutes lettres, un numéro à appeler. Il revient le lendemain.",
        ),
        picture="cart-mail",
        alt=Said("The cart mail with the Appui Dos", "Le mail de panier avec l’Appui Dos"),
    ),
    CardText(
        "decision", ACTION,
        Said("Cart mail within three hours", "Mail de panier dans les trois heures"),
        Said(
            "To customers and to people who agreed. One cart in four gets none, so that we know what the "
            "mail brings.",
            "Aux clients et à qui l’a accepté. Un panier sur quatre n’en reçoit pas, pour savoir ce que "
            "le mail apporte.",
        ),
    ),
    CardText(
        "decision", ACTION,
        Said("Offer help on the payment page", "Proposer de l’aide à la page de paiement"),
        Said(
            "After forty seconds or a refused code, never before. The agent sees the cart and may take "
            "the order by phone.",
            "Au bout de quarante secondes ou d’un code refusé. L’agent voit le panier et peut commander à "
            "sa place.",
        ),
    ),
    CardText(
        "decision", ACTION,
        Said("Report a refused code the same day", "Signaler un code refusé le jour même"),
        Said(
            "With browser and hour, to the web team. The customer gets the discount by hand, and an "
            "apology.",
            "Avec le navigateur et l’heure, à l’équipe web. Le client reçoit la remise à la main, et des "
            "excuses.",
        ),
    ),
    CardText(
        "retention", NEED,
        Said("They are too tight. How do I exchange them?", "Elles serrent. Comment les échanger ?"),
        Said(
            "He wants a label and a new pair on the way, in one conversation.",
            "Il veut une étiquette et une nouvelle paire en route, en une seule conversation.",
        ),
    ),
    CardText(
        "retention", NEED,
        Said("Where is my parcel?", "Où est mon colis ?"),
        Said(
            "Two to four days in mainland France, ten to La Réunion. He counts from the order, not from "
            "the dispatch.",
            "Deux à quatre jours en métropole, dix à La Réunion. Il compte depuis la commande, pas depuis "
            "l’envoi.",
        ),
    ),
    CardText(
        "retention", NEED,
        Said("Tell me when mine are worn.", "Dites-moi quand les miennes sont usées."),
        Said(
            "Four to five months at his pace. Nobody likes to find out through the knees.",
            "Quatre à cinq mois à son rythme. Personne n’aime l’apprendre par les genoux.",
        ),
    ),
    CardText(
        "retention", MOMENT,
        Said("Choice 3 of the phone menu", "Le choix 3 du menu téléphonique"),
        Said(
            "“Return or exchange”: a message, then nothing. Thirty-eight seconds. He tries again, then "
            "uses the chat.",
            "« Retour ou échange » : un message, puis plus rien. Trente-huit secondes. Il réessaie, puis "
            "passe au chat.",
        ),
        picture="phone-menu",
        alt=Said(
            "A phone showing Foulée’s menu: choice 3, call ended after 38 seconds",
            "Un téléphone et le menu de Foulée : choix 3, appel terminé au bout de 38 secondes",
        ),
    ),
    CardText(
        "retention", MOMENT,
        Said("One week after delivery", "Une semaine après la livraison"),
        Said(
            "One question, one click, room for a sentence.",
            "Une question, un clic, la place d’une phrase.",
        ),
        picture="review",
        alt=Said("Mark’s review: five stars, no pain", "L’avis de Mark : cinq étoiles, aucune douleur"),
    ),
    CardText(
        "retention", ACTION,
        Said("Call back whoever hung up at “returns”", "Rappeler qui a raccroché aux retours"),
        Said(
            "Every morning, from the list of calls without an answer, until the menu is repaired.",
            "Chaque matin, à partir des appels sans réponse, jusqu’à ce que le menu soit réparé.",
        ),
    ),
    CardText(
        "retention", ACTION,
        Said("Ask for a review seven days after delivery", "Demander un avis sept jours après la livraison"),
        Said(
            "No present for it. Below 7 of 10 an agent writes back within a day.",
            "Sans cadeau. Au-dessous de 7 sur 10, un agent répond dans la journée.",
        ),
    ),
    CardText(
        "retention", ACTION,
        Said("Write when the soles are due", "Écrire quand les semelles ont vécu"),
        Said(
            "After four months, with his own model and size, to those who asked for it.",
            "Au bout de quatre mois, avec son modèle et sa pointure, à qui l’a demandé.",
        ),
    ),
    CardText(
        "advocacy", NEED,
        Said("My running group has the same aches.", "Mon groupe a les mêmes douleurs."),
        Said(
            "He recommends what helped him, and the person who advised him.",
            "Il recommande ce qui l’a aidé, et la personne qui l’a conseillé.",
        ),
    ),
    CardText(
        "advocacy", NEED,
        Said("I share it when it’s no work.", "Je partage si cela ne demande rien."),
        Said(
            "A code he can say aloud, a hashtag he remembers.",
            "Un code qu’il peut dire à voix haute, un mot-dièse qu’il retient.",
        ),
    ),
    CardText(
        "advocacy", MOMENT,
        Said("A code for two", "Un code pour deux"),
        Said(
            "Ten days after delivery, once the first runs are behind him.",
            "Dix jours après la livraison, une fois les premières sorties faites.",
        ),
        picture="referral",
        alt=Said(
            "Referral code AMI-MARK: 10% for Mark and a friend",
            "Code de parrainage AMI-MARK : 10 % pour Mark et un ami",
        ),
    ),
    CardText(
        "advocacy", ACTION,
        Said("10% for the customer and a friend", "10 % pour le client et un ami"),
        Said(
            "Offered to every other customer, to learn whether it brings orders. The friend’s address is "
            "never stored.",
            "Proposé à un client sur deux, pour savoir s’il amène des commandes. L’adresse de l’ami n’est "
            "jamais gardée.",
        ),
    ),
    CardText(
        "advocacy", ACTION,
        Said("Thank whoever posts #mafoulée, by name", "Remercier par son nom qui publie #mafoulée"),
        Said(
            "Within a day, by the agent who advised them when there was one.",
            "Dans la journée, par l’agent qui a conseillé, s’il y en a eu un.",
        ),
    ),
)  # fmt: skip
