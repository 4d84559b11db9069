from parcours.core.memory import give_back
from parcours.events.arrow import pa


def give_back_memory() -> None:
    """Returns freed memory to the system: blocks of some megabytes, freed and asked for again, leave holes
    that add up.
    """
    pa.default_memory_pool().release_unused()
    give_back()
