"""Logs whose events lie elsewhere, in parts, and the questions that can be asked of them.

A question can be asked of a log in parts when its answers for the parts make the answer for the whole. Two
marks say so, one line each where the question is defined; all else about a question stays as it is:

    @adds_up(merge)            what it returns for parts is merged, whoever the customers are
    @in_order(join)            it returns something a customer, joined in the order of the whole log

The parts hold whole customers: all events of one are in the same part.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
Ranks = npt.NDArray[np.int64]


class Question(NamedTuple):
    """What each part is asked: `ask(part, **arguments)`, with `of_a_part` in place of some of these."""

    ask: Callable[..., Any]
    arguments: dict[str, Any]
    of_a_part: dict[str, Any]


class Spread(ABC):
    """A log in parts."""

    @abstractmethod
    def gather(self, question: Question, merge: Callable[[list[Any]], Any]) -> Any:
        """The merged answers of all parts, and first of an empty one with the same labels and columns."""

    @abstractmethod
    def gather_ranked(self, question: Question, join: Callable[[list[tuple[Any, Ranks]]], Any]) -> Any:
        """The same, each answer with ranks: of its rows when it is a table with a column “customer”, else of
        its part's customers. Ranks are numbers in the order of the customers of the whole log.
        """


def adds_up(
    merge: Callable[[list[Answer]], Answer], **of_a_part: Any
) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """Mark a function `(log, …)` whose answers for parts merge into the answer for the whole.

    `of_a_part` are arguments that a part is asked with in place of the caller's.
    """

    def mark(function: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
        @wraps(function)
        def ask(*positional: Parameters.args, **named: Parameters.kwargs) -> Answer:
            log = positional[0]
            if not isinstance(log, Spread):
                return function(*positional, **named)
            question = Question(ask, _arguments(function, positional, named), of_a_part)
            answer: Answer = log.gather(question, merge)
            return answer

        return ask

    return mark


def in_order(
    join: Callable[[list[tuple[Answer, Ranks]]], Answer],
) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """Mark a function `(log, …)` that answers for each customer; see `Spread.gather_ranked`."""

    def mark(function: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
        @wraps(function)
        def ask(*positional: Parameters.args, **named: Parameters.kwargs) -> Answer:
            log = positional[0]
            if not isinstance(log, Spread):
                return function(*positional, **named)
            question = Question(ask, _arguments(function, positional, named), {})
            answer: Answer = log.gather_ranked(question, join)
            return answer

        return ask

    return mark


def _arguments(
    function: Callable[..., Any], positional: tuple[Any, ...], named: dict[str, Any]
) -> dict[str, Any]:
    bound = signature(function).bind(*positional, **named)
    return {name: value for name, value in bound.arguments.items() if value is not positional[0]}


def total(parts: list[Answer]) -> Answer:
    """The sum of arrays or numbers, for answers that add up as they are."""
    summed: Any = parts[0]
    for part in parts[1:]:
        summed = summed + part
    return summed  # type: ignore[no-any-return]


def rows(parts: "list[tuple[pa.Table, Ranks]]") -> "pa.Table":
    """Tables of rows of customers as one, in the order of the customers; the rows of one stay in theirs."""
    from parcours.engine.arrow import arrow, take

    order = np.argsort(np.concatenate([ranks for _, ranks in parts]), kind="stable")
    joined = arrow().concat_tables([table for table, _ in parts])
    return take(joined, order)  # type: ignore[no-any-return]
