"""Questions to the service team, on the channels that people of that age use, and how long answers take."""

from dataclasses import dataclass

import numpy as np

from parcours.demo import words
from parcours.demo.arrays import Flags, Floats, Ints, Random, Texts, chosen, either
from parcours.demo.log import SERVICE
from parcours.demo.rhythm import HOUR, spread
from parcours.demo.world import IVR_DEAD_END_FROM, World

CHAT, EMAIL, INSTAGRAM, WHATSAPP, PHONE = "chat", "email", "instagram", "whatsapp", "phone"
_CHANNELS = (CHAT, EMAIL, INSTAGRAM, WHATSAPP, PHONE)
_HABITS = np.array(
    [
        (0.08, 0.30, 0.00, 0.00, 0.62),
        (0.17, 0.34, 0.01, 0.04, 0.44),
        (0.30, 0.30, 0.04, 0.10, 0.26),
        (0.40, 0.20, 0.14, 0.16, 0.10),
        (0.33, 0.07, 0.42, 0.14, 0.04),
    ]
)
"""Shares of `_CHANNELS`, one row a generation, the oldest first."""
_MEDIAN_WAIT = {CHAT: 46, WHATSAPP: 9 * 60, EMAIL: 4 * HOUR, INSTAGRAM: 44 * HOUR}

_EARLY = ("Amina", "Bruno", "Claire", "Denis", "Élise", "Farid")
_LATE = ("Gwenaëlle", "Hugues", "Inès", "Joris", "Katia", "Lionel")
"""The twelve agents, by shift: from opening to 14 h, and from then on."""

MENU_ORDER, MENU_ADVICE, MENU_RETURN, MENU_OTHER = (
    "1 Order",
    "2 Advice",
    "3 Return or exchange",
    "4 Anything else",
)
_MENU_OF_TOPIC = {
    words.ORDER_STATUS: MENU_ORDER,
    words.DELAY: MENU_ADVICE,
    words.ADVICE: MENU_ADVICE,
    words.SIZE: MENU_ADVICE,
    words.RETURN: MENU_RETURN,
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of each question: when it was over, how many seconds it took, whether anybody answered."""

    channel: Texts
    time: Ints
    waited: Floats
    reached: Flags


def habitual_channel(random: Random, generation: Ints) -> Texts:
    """The channel on which somebody of that generation asks."""
    cumulated = np.cumsum(_HABITS, axis=1)[generation]
    drawn = (random.random((len(generation), 1)) > cumulated).sum(axis=1)
    channels: Texts = np.array(_CHANNELS, dtype=object)
    result: Texts = channels[np.minimum(drawn, len(_CHANNELS) - 1)]
    return result


def agents_at(world: World, moments: Ints) -> Texts:
    """Who was on shift."""
    _weekday, seconds = world.calendar.local(moments)
    names: Texts = np.array([_EARLY, _LATE], dtype=object)
    result: Texts = names[(seconds >= 14 * HOUR).astype(int), world.random.integers(0, 6, len(moments))]
    return result


def ask(world: World, customer: Ints, time: Ints, topic: Texts, channel: Texts | None = None) -> Answers:
    """Each customer asks once; calls are made while the lines are open."""
    if channel is None:
        channel = habitual_channel(world.random, world.people.generation[customer])
    result = Answers(channel, time.copy(), np.zeros(len(customer)), np.zeros(len(customer), dtype=bool))
    spoken = channel == PHONE
    for here, answer in ((spoken, _call), (~spoken, _write)):
        if here.any():
            part = answer(world, customer[here], time[here], topic[here], channel[here])
            result.time[here], result.waited[here], result.reached[here] = (
                part.time,
                part.waited,
                part.reached,
            )
    return result


def _write(world: World, customer: Ints, time: Ints, topic: Texts, channel: Texts) -> Answers:
    """A written conversation: a bot answers some chats at once, a person all the others."""
    random, log = world.random, world.log
    language = world.people.language[customer]
    log.add("Conversation Started", customer, time, channel, source=SERVICE, topic=topic)
    text = np.empty(len(customer), dtype=object)
    for name, sentences in words.TEXTS.items():
        here = topic == name
        text[here] = words.texts(random, sentences, language[here])
    log.add(
        "Message Received",
        customer,
        time + 5,
        channel,
        source=SERVICE,
        topic=topic,
        text=text,
        language=language,
    )
    bot = (channel == CHAT) & chosen(random, 0.7, len(customer))
    solved = bot & chosen(
        random, np.where(np.isin(topic, (words.DELAY, words.SIZE)), 0.6, 0.3), len(customer)
    )
    log.add(
        "Bot Answered", customer, time + 8, channel, source=SERVICE, where=bot, topic=topic, solved=solved
    )
    log.add("Bot Handed Over", customer, time + 45, channel, source=SERVICE, where=bot & ~solved, topic=topic)

    median = np.array([_MEDIAN_WAIT[name] for name in channel], dtype=float)
    answered = world.calendar.next_open(time + 45 + spread(random, len(customer), 1.0, 0.6) * median)
    answered = np.where(solved, time + 8, answered.astype(np.int64))
    waited = (answered - time).astype(float)
    log.add(
        "Message Sent", customer, answered, channel, source=SERVICE, where=~solved, topic=topic,
        agent=agents_at(world, answered), waiting_seconds=waited.astype(np.int64),
    )  # fmt: skip
    _resolve(world, customer, time, answered, channel, topic)
    _survey(world, customer, answered + 600, channel, topic, waited)
    return Answers(channel, answered, waited, np.ones(len(customer), dtype=bool))


def _resolve(  # noqa: PLR0917
    world: World, customer: Ints, time: Ints, answered: Ints, channel: Texts, topic: Texts
) -> None:
    """Most are closed within the hour; on Instagram people often have gone when the answer comes."""
    never = np.where(channel == INSTAGRAM, 18, np.where(channel == EMAIL, 9, 4))
    # Of what is known already, not drawn: the year stays the same year.
    chance = (customer * 7_919 + time) % 100
    ends = answered + 900 + (time % 2_700)
    world.log.add(
        "Conversation Resolved", customer, ends, channel, source=SERVICE, where=chance >= never, topic=topic,
        seconds=ends - time,
    )  # fmt: skip


def _call(world: World, customer: Ints, time: Ints, topic: Texts, channel: Texts) -> Answers:
    """The menu, the queue, a person; or, since the menus changed, nobody at all behind “returns”."""
    random = world.random
    moment = world.calendar.at_desk_hours(random, time)
    menu = np.array([_MENU_OF_TOPIC.get(name, MENU_OTHER) for name in topic], dtype=object)
    first = _one_call(world, customer, moment, menu, topic)
    again = ~first.reached & chosen(random, 0.5, len(customer))
    ends, reached, waited = first.time.copy(), first.reached.copy(), first.waited.copy()
    if again.any():
        elsewhere = np.where(chosen(random, 0.3, int(again.sum())), MENU_OTHER, menu[again]).astype(object)
        later = world.calendar.next_open(first.time[again] + random.integers(300, 5 * HOUR, int(again.sum())))
        second = _one_call(world, customer[again], later, elsewhere, topic[again])
        ends[again], reached[again] = second.time, second.reached
        waited[again] = (second.time - moment[again]).astype(float)
    rating = reached & chosen(random, 0.5, len(customer))
    if rating.any():
        _survey(
            world, customer[rating], ends[rating] + 900, channel[rating], topic[rating],
            waited[rating],
        )  # fmt: skip
    return Answers(channel, ends, waited, reached)


def _one_call(world: World, customer: Ints, time: Ints, menu: Texts, topic: Texts) -> Answers:
    random, log = world.random, world.log
    count = len(customer)
    dead_end = (menu == MENU_RETURN) & world.since(IVR_DEAD_END_FROM, time)
    reached = chosen(random, np.where(dead_end, 0.03, 0.93), count)
    waiting = np.where(dead_end & ~reached, 38, spread(random, count, 75, 0.8)).astype(np.int64)
    talk = np.where(reached, spread(random, count, 260, 0.5), 0).astype(np.int64)
    outcome = either(reached, "answered", np.where(dead_end, "cut off", "abandoned"))
    ends = time + 25 + waiting + talk
    log.add("Call Started", customer, time, PHONE, source=SERVICE)
    log.add("Call Menu Chosen", customer, time + 25, PHONE, source=SERVICE, menu=menu)
    log.add(
        "Call Ended", customer, ends, PHONE, source=SERVICE, menu=menu, topic=topic, outcome=outcome,
        waiting_seconds=waiting, talk_seconds=talk,
        agent=either(reached, agents_at(world, time), None),
    )  # fmt: skip
    return Answers(menu, ends, waiting.astype(float), reached)


def _survey(  # noqa: PLR0917
    world: World, customer: Ints, time: Ints, channel: Texts, topic: Texts, waited: Floats
) -> None:
    """One in five answers; patience ends after an hour, good will after a day."""
    random = world.random
    mean = np.where(waited < HOUR, 4.4, np.where(waited < 24 * HOUR, 3.9, 2.4))
    score = np.clip(np.rint(mean + random.standard_normal(len(customer)) * 0.8), 1, 5).astype(np.int64)
    world.log.add(
        "Survey Answered", customer, time, channel, source=SERVICE, where=chosen(random, 0.2, len(customer)),
        survey="CSAT", score=score, topic=topic,
    )  # fmt: skip
