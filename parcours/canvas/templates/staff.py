"""An employee's journey: whoever serves customers has stages and needs of their own."""

from parcours.canvas.enums import LaneKind
from parcours.canvas.templates.plans import Words
from parcours.canvas.templates.said import BuiltIn, SaidCard, SaidStage

_NEED, _MOMENT, _ACTION = LaneKind.NEED, LaneKind.MOMENT, LaneKind.ACTION
_EMOTION, _MOTIVATION = LaneKind.EMOTION, LaneKind.MOTIVATION


def _hints(need: Words, moment: Words, action: Words) -> dict[str, Words]:
    return {
        _NEED: need,
        _MOMENT: moment,
        _ACTION: action,
        _MOTIVATION: Words("What makes them want to go on.", "Ce qui leur donne envie de continuer."),
        _EMOTION: Words("How they feel here, and why.", "Ce qu’ils ressentent ici, et pourquoi."),
    }


_STAGES = (
    SaidStage(
        "staff-awareness",
        Words("Applies", "Postule"),
        Words("Somebody hears of us as a place to work.", "Quelqu’un entend parler de nous comme employeur."),
        hints=_hints(
            Words("What they look for in a job.", "Ce qu’ils attendent d’un emploi."),
            Words("The advert, the first call, the first visit.", "L’annonce, le premier appel, la visite."),
            Words("How you answer an application.", "Comment vous répondez à une candidature."),
        ),
    ),
    SaidStage(
        "staff-consideration",
        Words("Settles in", "S’installe"),
        Words("First day to first month.", "Du premier jour au premier mois."),
        hints=_hints(
            Words("What they need to know first.", "Ce qu’il leur faut savoir d’abord."),
            Words(
                "The desk, the tools, the first conversation.",
                "Le poste, les outils, la première conversation.",
            ),
            Words("Who shows them what, and when.", "Qui leur montre quoi, et quand."),
        ),
    ),
    SaidStage(
        "staff-decision",
        Words("Serves", "Sert les clients"),
        Words("The daily work with customers.", "Le travail de chaque jour avec les clients."),
        hints=_hints(
            Words("What they need to help well.", "Ce qu’il leur faut pour bien aider."),
            Words("The screen during a difficult call.", "L’écran pendant un appel difficile."),
            Words("What the team lead and the tools do.", "Ce que font l’encadrement et les outils."),
        ),
    ),
    SaidStage(
        "staff-retention",
        Words("Grows", "Progresse"),
        Words(
            "Learns, teaches, takes on more, or thinks of leaving.",
            "Apprend, transmet, évolue ou songe à partir.",
        ),
        hints=_hints(
            Words("What they want to become.", "Ce qu’ils veulent devenir."),
            Words(
                "The yearly talk, a training, a new task.", "L’entretien annuel, une formation, une mission."
            ),
            Words("How you help them on.", "Comment vous les faites avancer."),
        ),
    ),
    SaidStage(
        "staff-advocacy",
        Words("Recommends us", "Nous recommande"),
        Words(
            "Speaks well of the work, brings in colleagues.", "Parle en bien du travail, amène des collègues."
        ),
        hints=_hints(
            Words("What they would tell a friend.", "Ce qu’ils diraient à un ami."),
            Words("Where they speak about the work.", "Là où ils parlent du travail."),
            Words("How you thank and ask them.", "Comment vous les remerciez et les sollicitez."),
        ),
    ),
)

_CARDS = (
    SaidCard("staff-awareness", _NEED, Words("Will I be trained?", "Serai-je formé ?")),
    SaidCard(
        "staff-consideration",
        _NEED,
        Words("Whom do I ask?", "À qui demander ?"),
        Words(
            "Newcomers differ by generation too: some read, some watch.",
            "Les nouveaux aussi diffèrent : certains lisent, d’autres regardent.",
        ),
    ),
    SaidCard(
        "staff-decision",
        _NEED,
        Words("The customer’s story in one place", "L’histoire du client au même endroit"),
    ),
    SaidCard(
        "staff-retention",
        _NEED,
        Words("To be heard when a script is wrong", "Être entendu quand un script est faux"),
    ),
    SaidCard("staff-awareness", _EMOTION, Words("Hopeful", "Plein d’espoir"), details={"level": 40}),
    SaidCard(
        "staff-consideration",
        _EMOTION,
        Words("Overwhelmed in week one", "Débordé la première semaine"),
        details={"level": -30},
    ),
    SaidCard(
        "staff-decision",
        _EMOTION,
        Words("Proud of a saved order", "Fier d’une commande sauvée"),
        details={"level": 30},
    ),
    SaidCard(
        "staff-decision",
        _MOTIVATION,
        Words("A thank-you that reaches the person", "Un merci qui arrive à la bonne personne"),
    ),
    SaidCard(
        "staff-consideration",
        _ACTION,
        Words("A colleague beside them for a week", "Un collègue à leurs côtés une semaine"),
        details={"does": "other", "state": "idea"},
    ),
    SaidCard(
        "staff-decision",
        _ACTION,
        Words("Revise the scripts together each month", "Revoir les scripts ensemble chaque mois"),
        details={"does": "other", "state": "idea"},
    ),
)

STAFF = BuiltIn(
    "employee",
    Words("Employee journey", "Parcours d’un employé"),
    Words(
        "Those who serve customers: what they need from the first day to the day they recommend you.",
        "Ceux qui servent vos clients : leurs besoins, du premier jour à celui où ils vous recommandent.",
    ),
    Words("Somebody joins the team", "Quelqu’un rejoint l’équipe"),
    _STAGES,
    (_EMOTION, _NEED, _MOMENT, _MOTIVATION, _ACTION),
    _CARDS,
    review_every_days=180,
)
