"""A contact centre: from the first reason to get in touch to the customer who tells others how it went."""

from parcours.canvas.enums import LaneKind
from parcours.canvas.templates.plans import Words
from parcours.canvas.templates.said import BuiltIn, SaidCard, SaidStage, SaidTouchpoint

_NEED, _MOMENT, _ACTION = LaneKind.NEED, LaneKind.MOMENT, LaneKind.ACTION
_EMPLOYEE, _KPI = LaneKind.EMPLOYEE, LaneKind.KPI

_STAGES = (
    SaidStage(
        "cc-awareness",
        Words("A need arises", "Un besoin apparaît"),
        Words(
            "Something is unclear or went wrong; the customer looks for the way to help.",
            "Quelque chose manque de clarté ou s’est mal passé ; le client cherche de l’aide.",
        ),
        (
            SaidTouchpoint(Words("Search for help", "Recherche d’aide"), "help", ("Article Searched",)),
            SaidTouchpoint(
                Words("Help offered on the site", "Aide proposée sur le site"), "chat", ("Help Offered",)
            ),
        ),
        {
            _NEED: Words(
                "What made them look for help, in their words.",
                "Ce qui les a poussés à chercher de l’aide, avec leurs mots.",
            ),
            _ACTION: Words(
                "How you are found: a number on every page, opening hours, help offered in time.",
                "Comment on vous trouve : un numéro sur chaque page, les horaires, une aide au bon moment.",
            ),
        },
    ),
    SaidStage(
        "cc-consideration",
        Words("Tries alone", "Essaie seul"),
        Words(
            "The customer reads, asks the bot, goes through the phone menu.",
            "Le client lit, interroge le bot, parcourt le menu téléphonique.",
        ),
        (
            SaidTouchpoint(Words("Article", "Article"), "help", ("Article Viewed", "Article Rated")),
            SaidTouchpoint(Words("Bot", "Bot"), "chat", ("Bot Answered",)),
            SaidTouchpoint(Words("Phone menu", "Menu téléphonique"), "phone", ("Call Menu Chosen",)),
        ),
        {
            _NEED: Words(
                "What they want to settle without waiting.", "Ce qu’ils veulent régler sans attendre."
            ),
            _ACTION: Words(
                "What answers without a person, and the way out to one.",
                "Ce qui répond sans personne, et la sortie vers quelqu’un.",
            ),
        },
    ),
    SaidStage(
        "cc-decision",
        Words("Reaches somebody", "Joint quelqu’un"),
        Words(
            "A person answers on the channel that the customer chose.",
            "Une personne répond sur le canal que le client a choisi.",
        ),
        (
            SaidTouchpoint(Words("Call begins", "Début d’appel"), "phone", ("Call Started", "Call Answered")),
            SaidTouchpoint(
                Words("Given up in the queue", "Abandon en attente"), "phone", ("Call Abandoned",)
            ),
            SaidTouchpoint(Words("Callback", "Rappel"), "phone", ("Callback Requested", "Callback Done")),
            SaidTouchpoint(
                Words("Handed over by the bot", "Transmis par le bot"), "chat", ("Bot Handed Over",)
            ),
            SaidTouchpoint(
                Words("Conversation begins", "Début de conversation"),
                "chat",
                ("Conversation Started", "Message Received"),
            ),
        ),
    ),
    SaidStage(
        "cc-retention",
        Words("Is helped", "Est aidé"),
        Words(
            "The request is settled, at best the first time.",
            "La demande est réglée, au mieux du premier coup.",
        ),
        (
            SaidTouchpoint(Words("Settled", "Réglée"), "chat", ("Conversation Resolved", "Call Ended")),
            SaidTouchpoint(
                Words("Asks again", "Redemande"), "chat", ("Conversation Reopened", "Complaint Filed")
            ),
        ),
        {
            _NEED: Words(
                "What they need in order not to ask twice.", "Ce qu’il leur faut pour ne pas redemander."
            ),
        },
    ),
    SaidStage(
        "cc-advocacy",
        Words("Says how it was", "Dit comment c’était"),
        Words(
            "The customer answers a survey, thanks, complains, tells others.",
            "Le client répond à une enquête, remercie, se plaint, en parle.",
        ),
        (
            SaidTouchpoint(Words("Survey", "Enquête"), "survey", ("Survey Sent", "Survey Answered")),
            SaidTouchpoint(
                Words("Review or post", "Avis ou publication"), "review", ("Review Posted", "Post Published")
            ),
        ),
    ),
)

_CARDS = (
    SaidCard("cc-awareness", _NEED, Words("Where do I find your number?", "Où trouver votre numéro ?")),
    SaidCard(
        "cc-consideration",
        _NEED,
        Words("I want to settle it now, not tomorrow", "Je veux régler cela maintenant, pas demain"),
    ),
    SaidCard(
        "cc-decision",
        _NEED,
        Words("Somebody who knows my case", "Quelqu’un qui connaît mon dossier"),
        Words("Nobody likes to tell the story twice.", "Personne n’aime raconter deux fois."),
    ),
    SaidCard("cc-retention", _NEED, Words("Tell me what happens next", "Dites-moi la suite")),
    SaidCard(
        "cc-consideration",
        _MOMENT,
        Words("Choice 3 of the phone menu", "Le choix 3 du menu téléphonique"),
        Words("Call it yourself once a month.", "Appelez-le vous-même une fois par mois."),
    ),
    SaidCard(
        "cc-consideration",
        _ACTION,
        Words(
            "A person is one step away, in every menu and bot",
            "Une personne à un pas, dans chaque menu et bot",
        ),
        details={"does": "bot", "state": "idea"},
    ),
    SaidCard(
        "cc-decision",
        _ACTION,
        Words(
            "Offer a callback after two minutes of waiting", "Proposer un rappel après deux minutes d’attente"
        ),
        details={"does": "call", "state": "idea"},
    ),
    SaidCard(
        "cc-retention",
        _ACTION,
        Words(
            "Close with a sentence that says what was done", "Conclure par une phrase qui dit ce qui est fait"
        ),
        details={"does": "reply", "state": "idea"},
    ),
    SaidCard(
        "cc-advocacy",
        _ACTION,
        Words("Call back whoever gives 6 or less", "Rappeler qui donne 6 ou moins"),
        details={"does": "call", "state": "idea"},
    ),
    SaidCard(
        "cc-decision",
        _EMPLOYEE,
        Words("First line, two languages", "Premier niveau, deux langues"),
        Words(
            "Sees the customer’s last month beside the call.",
            "Voit le dernier mois du client à côté de l’appel.",
        ),
    ),
    SaidCard(
        "cc-decision",
        _KPI,
        Words("Answered within 20 seconds", "Réponse en 20 secondes"),
        details={"unit": "%", "direction": "up", "target": 80},
    ),
    SaidCard(
        "cc-retention",
        _KPI,
        Words("Settled at the first contact", "Réglé au premier contact"),
        Words(
            "No new contact on the same subject within seven days.",
            "Pas de nouveau contact sur le sujet en sept jours.",
        ),
        {"unit": "%", "direction": "up", "target": 75},
    ),
    SaidCard(
        "cc-advocacy",
        _KPI,
        Words("Recommendation (NPS)", "Recommandation (NPS)"),
        details={"unit": "", "direction": "up", "target": 40},
    ),
)

CONTACT_CENTRE = BuiltIn(
    "contact-centre",
    Words("Contact centre", "Centre de contact"),
    Words(
        "From looking for help to telling others how it went, across phone, chat and self-service.",
        "De la recherche d’aide à ce qu’on en dit, par téléphone, par chat et en libre-service.",
    ),
    Words("A customer needs help", "Un client a besoin d’aide"),
    _STAGES,
    (_NEED, _MOMENT, _ACTION, _EMPLOYEE, _KPI),
    _CARDS,
)
