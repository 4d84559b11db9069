"""Names for people who don't exist."""

import numpy as np

from parcours.demo.arrays import Ints, Random, Texts

_FIRST = (
    ("Jeanne", "Denise", "Simone", "Yvette", "André", "Roger", "Marcel", "Raymond", "Lucienne", "Henri"),
    (
        "Monique", "Françoise", "Nicole", "Catherine", "Chantal", "Brigitte", "Michel", "Alain", "Gérard",
        "Bernard", "Philippe", "Jean-Pierre", "Dominique", "Marie-Claude", "Joël", "Yves",
    ),
    (
        "Nathalie", "Isabelle", "Sylvie", "Valérie", "Sandrine", "Karine", "Christophe", "Stéphane",
        "Laurent", "Frédéric", "Olivier", "Thierry", "Céline", "Fatima", "Rachid", "Pascal", "Virginie",
        "Hervé",
    ),
    (
        "Aurélie", "Émilie", "Julie", "Élodie", "Laura", "Marion", "Nicolas", "Julien", "Thomas", "Guillaume",
        "Kévin", "Romain", "Mehdi", "Sarah", "Anaïs", "Jérémy", "Amandine", "Yann", "Mathilde", "Bastien",
    ),
    (
        "Léa", "Manon", "Chloé", "Camille", "Inès", "Jade", "Lucas", "Enzo", "Hugo", "Théo", "Nathan",
        "Yanis", "Maëlys", "Lina", "Noah", "Louane", "Malik", "Clara", "Tom", "Zoé",
    ),
)  # fmt: skip
_LAST = (
    "Martin", "Bernard", "Petit", "Robert", "Richard", "Durand", "Moreau", "Laurent", "Simon", "Lefèvre",
    "Roux", "Fournier", "Girard", "Bonnet", "Lambert", "Fontaine", "Rousseau", "Vincent", "Muller",
    "Faure", "Mercier", "Blanc", "Guérin", "Boyer", "Garnier", "Chevalier", "François", "Legrand",
    "Gauthier", "Perrin", "Robin", "Clément", "Morin", "Nicolas", "Henry", "Roussel", "Mathieu",
    "Hoarau", "Payet", "Grondin", "Le Gall", "Kerjean", "Benali", "Diallo", "Nguyen", "Santos",
    "Peeters", "Janssens", "Dubois", "Favre",
)  # fmt: skip


def draw_names(random: Random, generation: Ints) -> tuple[Texts, Texts]:
    """First names as their generation bears them, and last names."""
    first = np.empty(len(generation), dtype=object)
    for number, names in enumerate(_FIRST):
        here = generation == number
        first[here] = np.array(names, dtype=object)[random.integers(0, len(names), int(here.sum()))]
    return first, np.array(_LAST, dtype=object)[random.integers(0, len(_LAST), len(generation))]
