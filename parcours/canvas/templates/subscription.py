"""A subscription: from the trial to the customer who stays and brings others."""

from parcours.canvas.enums import LaneKind
from parcours.canvas.templates.plans import Words
from parcours.canvas.templates.said import BuiltIn, SaidCard, SaidStage, SaidTouchpoint

_NEED, _MOMENT, _ACTION = LaneKind.NEED, LaneKind.MOMENT, LaneKind.ACTION
_PAIN, _KPI = LaneKind.PAIN, LaneKind.KPI

_STAGES = (
    SaidStage(
        "sub-awareness",
        Words("Awareness", "Découverte"),
        Words("Somebody hears of the offer.", "Quelqu’un entend parler de l’offre."),
        (SaidTouchpoint(Words("First page", "Première page"), "web", ("Page Viewed", "Screen Viewed")),),
    ),
    SaidStage(
        "sub-consideration",
        Words("Trial", "Essai"),
        Words(
            "They try it and judge whether it is worth the price.",
            "Ils l’essaient et jugent si cela en vaut le prix.",
        ),
        (SaidTouchpoint(Words("Signs up", "Inscription"), "web", ("Signed Up",)),),
        {
            _NEED: Words("What they hope it will do for them.", "Ce qu’ils en espèrent."),
            _MOMENT: Words(
                "The first screen, the first result, the mail before the trial ends.",
                "Le premier écran, le premier résultat, le mail avant la fin de l’essai.",
            ),
            _ACTION: Words(
                "How you lead to the first success: a call, a checklist, an example.",
                "Comment vous menez au premier succès : un appel, une liste, un exemple.",
            ),
        },
    ),
    SaidStage(
        "sub-decision",
        Words("Subscription", "Abonnement"),
        Words("They choose a plan and pay for it.", "Ils choisissent une formule et la paient."),
        (
            SaidTouchpoint(
                Words("Pays", "Paiement"),
                "web",
                ("Order Completed", "Payment Info Entered", "Payment Failed"),
            ),
        ),
    ),
    SaidStage(
        "sub-retention",
        Words("Use and renewal", "Usage et renouvellement"),
        Words(
            "They use it, ask for help, renew or cancel.",
            "Ils s’en servent, demandent de l’aide, renouvellent ou résilient.",
        ),
        (
            SaidTouchpoint(Words("Use", "Usage"), "app", ("Signed In",)),
            SaidTouchpoint(
                Words("Help", "Aide"), "chat", ("Conversation Started", "Article Viewed", "Call Answered")
            ),
            SaidTouchpoint(Words("Cancels", "Résiliation"), "web", ("Order Cancelled",)),
        ),
        {
            _NEED: Words(
                "What keeps them, and what makes them doubt.",
                "Ce qui les retient, et ce qui les fait douter.",
            ),
            _ACTION: Words(
                "How you help before they cancel, and let them go easily when they do.",
                "Comment vous aidez avant la résiliation, et la rendez simple quand elle vient.",
            ),
        },
    ),
    SaidStage(
        "sub-advocacy",
        Words("Advocacy", "Recommandation"),
        Words("They bring in others.", "Ils en amènent d’autres."),
        (
            SaidTouchpoint(
                Words("Recommends", "Recommande"),
                "referral",
                ("Referral Shared", "Referral Redeemed", "Review Posted", "Survey Answered"),
            ),
        ),
    ),
)

_CARDS = (
    SaidCard("sub-awareness", _NEED, Words("Is this for people like me?", "Est-ce fait pour moi ?")),
    SaidCard("sub-consideration", _NEED, Words("Show me that it works", "Montrez-moi que cela marche")),
    SaidCard("sub-decision", _NEED, Words("Can I leave at any time?", "Puis-je partir quand je veux ?")),
    SaidCard("sub-retention", _NEED, Words("I forgot what I pay for", "J’ai oublié pourquoi je paie")),
    SaidCard(
        "sub-consideration",
        _MOMENT,
        Words("The first success", "Le premier succès"),
        Words("Which screen, and on which day?", "Quel écran, et quel jour ?"),
    ),
    SaidCard(
        "sub-decision",
        _PAIN,
        Words("The price is clear only at the end", "Le prix n’est clair qu’à la fin"),
        details={"severity": 4},
    ),
    SaidCard(
        "sub-retention",
        _PAIN,
        Words("A failed card ends the service", "Une carte refusée coupe le service"),
        details={"severity": 3},
    ),
    SaidCard(
        "sub-consideration",
        _ACTION,
        Words("Call on the third day of the trial", "Appeler le troisième jour de l’essai"),
        details={"does": "call", "state": "idea"},
    ),
    SaidCard(
        "sub-retention",
        _ACTION,
        Words(
            "Write when somebody hasn’t come for two weeks",
            "Écrire à qui n’est pas venu depuis deux semaines",
        ),
        details={"does": "playbook", "state": "idea"},
    ),
    SaidCard(
        "sub-consideration",
        _KPI,
        Words("Trials that become subscriptions", "Essais devenus abonnements"),
        details={"unit": "%", "direction": "up", "target": 25},
    ),
    SaidCard(
        "sub-retention",
        _KPI,
        Words("Cancelled in a month", "Résiliés en un mois"),
        details={"unit": "%", "direction": "down", "target": 3},
    ),
)

SUBSCRIPTION = BuiltIn(
    "subscription",
    Words("Subscription", "Abonnement"),
    Words(
        "From the trial to the renewal, with what makes people stay or leave.",
        "De l’essai au renouvellement, avec ce qui fait rester ou partir.",
    ),
    Words("A customer subscribes", "Un client s’abonne"),
    _STAGES,
    (_NEED, _MOMENT, _PAIN, _ACTION, _KPI),
    _CARDS,
)
