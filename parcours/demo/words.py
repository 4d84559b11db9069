"""What customers write, in their words, by topic and language."""

import numpy as np

from parcours.demo.arrays import Random, Texts

FIRST, ADVICE, SIZE, DELAY, SHIPPING = "first contact", "advice", "size", "delivery time", "shipping cost"
COUPON, PAYMENT, RETURN, ORDER_STATUS = "coupon", "payment", "return", "order status"

TEXTS: dict[str, dict[str, tuple[str, ...]]] = {
    ADVICE: {
        "fr": (
            "Bonjour, quelles chaussures pour courir sans mal de dos ?",
            "Je débute, 5 km deux fois par semaine. Que me conseillez-vous ?",
            "Je fais 92 kg et j’ai mal aux genoux sur route. Quel amorti choisir ?",
            "Route ou chemin : est-ce que le même modèle peut faire les deux ?",
            "Mon kiné parle de pronation, vous avez des modèles avec du soutien ?",
            "Quelle différence entre l’Élan et l’Appui ?",
        ),
        "en": (
            "Hello, which shoes would you suggest for running with a bad back?",
            "I am a beginner, 5 km twice a week. What do you advise?",
            "Can the same model do both road and trail?",
            "My physio mentioned pronation. Do you have shoes with support?",
        ),
    },
    SIZE: {
        "fr": (
            "Je chausse du 42 en ville, je prends du 42 ou du 43 ?",
            "Le modèle Élan taille-t-il petit ?",
            "J’ai le pied large, ça passe ?",
            "Il reste du 38 en bleu ?",
        ),
        "en": (
            "I wear a 42 in town. Should I take 42 or 43?",
            "Does the Élan run small?",
            "I have wide feet. Will they fit?",
        ),
    },
    DELAY: {
        "fr": (
            "Quel délai de livraison pour samedi ?",
            "Je cours dimanche, est-ce que je les aurai à temps ?",
            "Vous livrez en point relais ? En combien de jours ?",
        ),
        "en": ("How long does delivery take?", "I have a race on Sunday. Will they arrive in time?"),
    },
    SHIPPING: {
        "fr": (
            "Pourquoi 14,90 € de port au moment de payer ? Ce n’était écrit nulle part.",
            "Les frais de port apparaissent à la dernière page, c’est normal ?",
            "J’abandonne : le port n’était pas annoncé.",
            "Pourquoi des frais de port alors que le panier n’en parlait pas ?",
        ),
        "en": (
            "Why is shipping only shown on the payment page?",
            "Nobody told me about the shipping cost before I had to pay.",
        ),
    },
    COUPON: {
        "fr": (
            "Mon code promo est refusé alors qu’il est valable jusqu’à dimanche.",
            "Le code de votre affiche ne marche pas sur mon téléphone.",
            "« Code inconnu » : j’ai pourtant recopié votre mail.",
        ),
        "en": ("My promo code is refused although it is still valid.", "It says “unknown code”. Why?"),
    },
    PAYMENT: {
        "fr": (
            "Ma carte est refusée, que faire ?",
            "Peut-on payer en trois fois ?",
            "Le paiement tourne sans fin.",
        ),
        "en": ("My card was declined. What can I do?", "Can I pay in three instalments?"),
    },
    RETURN: {
        "fr": (
            "Elles sont trop petites, comment les échanger ?",
            "Je voudrais les renvoyer, où imprimer l’étiquette ?",
            "Le serveur vocal raccroche quand je choisis les retours.",
            "J’ai renvoyé la paire il y a dix jours, où est mon remboursement ?",
        ),
        "en": ("They are too small. How do I exchange them?", "Where do I find the return label?"),
    },
    ORDER_STATUS: {
        "fr": (
            "Où est mon colis ?",
            "Le suivi n’a pas bougé depuis trois jours.",
            "Le livreur n’est pas passé.",
        ),
        "en": ("Where is my parcel?", "The tracking has not moved for three days."),
    },
}

TEXTS[FIRST] = TEXTS[ADVICE]

SEARCHES = (
    "chaussures running femme", "chaussures mal de dos", "trail", "amorti", "pointure 43", "chaussettes",
    "soutien pronation", "running shoes wide", "marathon", "imperméable",
)  # fmt: skip
QUESTIONS = ("délai livraison", "retour gratuit", "pointure", "frais de port", "return label", "code promo")
REVIEWS = {
    "fr": (
        "Très confortables, plus de douleur après dix kilomètres.",
        "Bon amorti, taille un peu petit.",
        "Livraison rapide et conseil parfait au chat.",
        "Correctes, mais la semelle s’use vite.",
        "Je les rachète pour la troisième fois.",
    ),
    "en": (
        "Very comfortable, no pain after ten kilometres.",
        "Good cushioning, runs a little small.",
        "Great advice.",
    ),
}


def texts(random: Random, words: dict[str, tuple[str, ...]], language: Texts) -> Texts:
    """One of these texts for each language."""
    result = np.empty(len(language), dtype=object)
    for code, sentences in words.items():
        here = language == code
        result[here] = np.array(sentences, dtype=object)[random.integers(0, len(sentences), int(here.sum()))]
    return result
