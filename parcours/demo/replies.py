"""What the service team of Foulée answers, and how conversations go on from there."""

from parcours.demo import words
from parcours.demo.said import Said

ANSWERS: dict[str, tuple[Said, ...]] = {
    words.ADVICE: (
        Said(
            "Hello, gladly. For two or three runs a week on the road the Appui Dos is the safe choice: "
            "soft, with "
            "a firm heel. How many kilometres do you run, and on what ground?",
            "Bonjour, avec plaisir. Pour deux ou trois sorties par semaine sur route, l’Appui Dos est "
            "une valeur "
            "sûre : souple, talon bien tenu. Combien de kilomètres courez-vous, et sur quel sol ?",
        ),
        Said(
            "Hello, the Élan is lighter, the Appui holds the foot better. If your back or your knees "
            "complain, "
            "take the Appui. Do you run more on roads or on paths?",
            "Bonjour, l’Élan est plus léger, l’Appui tient mieux le pied. Si le dos ou les genoux se "
            "plaignent, "
            "prenez l’Appui. Vous courez plutôt sur route ou sur chemin ?",
        ),
    ),
    words.SIZE: (
        Said(
            "Hello, take half a size more than in town: the foot swells while running. Our size guide "
            "shows how "
            "to measure yours in two minutes.",
            "Bonjour, prenez une demi-pointure de plus qu’en ville : le pied gonfle en courant. Notre "
            "guide des "
            "pointures montre comment mesurer le vôtre en deux minutes.",
        ),
        Said(
            "Hello, the Élan runs a little small. Between two sizes take the larger one; an exchange is free "
            "within thirty days.",
            "Bonjour, l’Élan taille un peu petit. Entre deux pointures, prenez la plus grande ; "
            "l’échange est "
            "gratuit pendant trente jours.",
        ),
    ),
    words.DELAY: (
        Said(
            "Hello, ordered before 2 pm it leaves today and arrives in two to three working days at "
            "home, three "
            "to four at a pick-up point.",
            "Bonjour, commandé avant 14 h, cela part aujourd’hui : deux à trois jours ouvrés à domicile, "
            "trois à "
            "quatre en point relais.",
        ),
        Said(
            "Hello, by express it is with you tomorrow before 1 pm, for 9.90 €. By the usual way I can’t "
            "promise "
            "Saturday.",
            "Bonjour, en express vous l’avez demain avant 13 h, pour 9,90 €. Par la voie habituelle, je "
            "ne peux "
            "pas vous promettre samedi.",
        ),
    ),
    words.SHIPPING: (
        Said(
            "Hello, you are right: to your region shipping costs 14.90 €, and our cart should have said "
            "so. I "
            "have passed it on. This code takes 5 € off for the trouble: PORT5.",
            "Bonjour, vous avez raison : le port coûte 14,90 € vers votre région, et notre panier aurait "
            "dû le "
            "dire. Je le signale. Voici 5 € pour la peine, avec le code PORT5.",
        ),
        Said(
            "Hello, the price depends on the carrier and shows at the payment only since they changed. "
            "That isn’t "
            "right, we are on it. From 120 € shipping in mainland France is free.",
            "Bonjour, le tarif dépend du transporteur et n’apparaît qu’au paiement depuis qu’il a "
            "changé. Ce n’est "
            "pas normal, nous y travaillons. Dès 120 €, le port est offert en métropole.",
        ),
    ),
    words.COUPON: (
        Said(
            "Hello, the code is valid; type it without a space at the end. If it is still refused, tell "
            "me your "
            "basket’s number and I enter it here.",
            "Bonjour, le code est valable ; saisissez-le sans espace à la fin. S’il est encore refusé, "
            "donnez-moi "
            "le numéro de votre panier et je l’applique d’ici.",
        ),
    ),
    words.PAYMENT: (
        Said(
            "Hello, your bank stopped the payment, nothing was taken. Confirm in its app and try again, "
            "or pay "
            "with PayPal. From 100 € you can pay in three instalments.",
            "Bonjour, votre banque a bloqué le paiement, rien n’a été débité. Validez dans son "
            "application puis "
            "réessayez, ou payez par PayPal. Dès 100 €, vous pouvez payer en trois fois.",
        ),
    ),
    words.RETURN: (
        Said(
            "Hello, the label is in your account under “My orders”; I have mailed it as well. Drop the "
            "box at any "
            "pick-up point, the new pair leaves as soon as it is scanned.",
            "Bonjour, l’étiquette est dans votre compte, sous « Mes commandes » ; je vous l’envoie aussi "
            "par mail. "
            "Déposez le colis en point relais, la nouvelle paire part dès qu’il est scanné.",
        ),
        Said(
            "Hello, I see your parcel: it was opened on Tuesday and the refund left yesterday. It takes "
            "three "
            "days to show on your account. Sorry about the telephone menu, I have reported it.",
            "Bonjour, je vois votre colis : ouvert mardi, remboursement parti hier. Comptez trois jours "
            "pour le "
            "voir sur votre compte. Pardon pour le serveur vocal, je l’ai signalé.",
        ),
    ),
    words.ORDER_STATUS: (
        Said(
            "Hello, it is at the depot of Rennes and comes tomorrow between 9 am and 1 pm. If nothing "
            "moves by "
            "tomorrow evening, write to me here and I send another pair.",
            "Bonjour, il est au dépôt de Rennes et arrive demain entre 9 h et 13 h. Si rien ne bouge "
            "demain soir, "
            "écrivez-moi ici et je renvoie une paire.",
        ),
        Said(
            "Hello, the carrier says it is at the pick-up point since this morning; the message may have "
            "gone "
            "astray. I have sent you its code again.",
            "Bonjour, le transporteur l’annonce en point relais depuis ce matin ; le message a dû se "
            "perdre. Je "
            "vous renvoie le code de retrait.",
        ),
    ),
}
ANSWERS[words.FIRST] = ANSWERS[words.ADVICE]

BOT: dict[str, Said] = {
    words.DELAY: Said(
        "Two to three working days at home, three to four at a pick-up point. Did that answer your question?",
        "Deux à trois jours ouvrés à domicile, trois à quatre en point relais. Ai-je répondu à votre "
        "question ?",
    ),
    words.SIZE: Said(
        "Our advice: half a size more than in town. The size guide shows how to measure. Did that help?",
        "Notre conseil : une demi-pointure de plus qu’en ville. Le guide des pointures montre comment "
        "mesurer. "
        "Est-ce que cela vous aide ?",
    ),
    "": Said(
        "I am Foulée’s automatic assistant. I pass you on to a person who knows more.",
        "Je suis l’assistant automatique de Foulée. Je vous passe quelqu’un qui en sait plus.",
    ),
}
SOLVED = (Said("Yes, thank you.", "Oui, merci."), Said("That’s what I needed.", "C’est ce qu’il me fallait."))

GOING_ON: dict[str, tuple[tuple[Said, Said], ...]] = {
    words.ADVICE: (
        (
            Said(
                "About fifteen kilometres a week, on the road. And can I give them back after a run?",
                "Une quinzaine de kilomètres par semaine, sur route. Et je peux les rendre après une "
                "sortie ?",
            ),
            Said(
                "Then the Appui Dos it is. Yes: thirty days, even after a run.",
                "Alors ce sera l’Appui Dos. Oui : trente jours, même après une sortie.",
            ),
        ),
        (
            Said("Mostly on paths along the river.", "Surtout des chemins le long de la rivière."),
            Said(
                "The Appui handles that well as long as it is dry. For mud take the Sentier.",
                "L’Appui s’en sort bien tant que c’est sec. Pour la boue, prenez le Sentier.",
            ),
        ),
    ),
    words.SIZE: (
        (
            Said("And if 43 is too large?", "Et si le 43 est trop grand ?"),
            Said(
                "Then you exchange it, free of charge, and the other pair leaves the same day.",
                "Alors vous l’échangez, sans frais, et l’autre paire part le jour même.",
            ),
        ),
    ),
    words.DELAY: (
        (
            Said("Even to Belgium?", "Même en Belgique ?"),
            Said("One day more for Belgium.", "Comptez un jour de plus pour la Belgique."),
        ),
    ),
    words.RETURN: (
        (
            Said("Is the size 43 still in stock?", "Le 43 est encore en stock ?"),
            Said("Yes, I have put one aside for you.", "Oui, je vous en mets une paire de côté."),
        ),
    ),
    words.ORDER_STATUS: (
        (
            Said("I’m out tomorrow morning.", "Je ne suis pas là demain matin."),
            Said(
                "Then I have it brought to the pick-up point near you. You get a message.",
                "Alors je le fais déposer au point relais près de chez vous. Vous recevrez un message.",
            ),
        ),
    ),
}
GOING_ON[words.FIRST] = GOING_ON[words.ADVICE]

THANKS = (
    Said("Perfect, thank you.", "Parfait, merci."),
    Said("Thanks for the quick answer.", "Merci pour votre réponse rapide."),
    Said("All clear. Have a good day.", "C’est clair. Bonne journée à vous."),
    Said("Thank you very much, I’ll order tonight.", "Merci beaucoup, je commande ce soir."),
)
SUBJECTS: dict[str, Said] = {
    words.FIRST: Said("Which shoes for me", "Quelles chaussures pour moi"),
    words.ADVICE: Said("A question before ordering", "Une question avant de commander"),
    words.SIZE: Said("Which size", "Quelle pointure"),
    words.DELAY: Said("Delivery time", "Délai de livraison"),
    words.SHIPPING: Said("Shipping cost", "Frais de port"),
    words.COUPON: Said("Promo code refused", "Code promo refusé"),
    words.PAYMENT: Said("Payment", "Paiement"),
    words.RETURN: Said("Return", "Retour"),
    words.ORDER_STATUS: Said("My order", "Ma commande"),
}
RATED: dict[int, tuple[Said, ...]] = {
    5: (Said("Kind and quick.", "Aimable et rapide."), Said("", "")),
    4: (Said("", ""),),
    3: (Said("", ""), Said("A little long.", "Un peu long.")),
    2: (Said("Two days for an answer.", "Deux jours pour une réponse."),),
    1: (
        Said("I had bought elsewhere by then.", "J’avais acheté ailleurs entre-temps."),
        Said("Far too late.", "Bien trop tard."),
    ),
}
