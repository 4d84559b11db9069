"""The questions one asks of a log, each answered by a module that is imported when it is first asked."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, cast

from parcours.engine.answers import told
from parcours.engine.moments import FOREVER as UNLIMITED
from parcours.engine.moments import Duration, Moment, microseconds, moment

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.arrays import Int64s
    from parcours.engine.attribution import Model, Worth
    from parcours.engine.calendar import Period
    from parcours.engine.conformance import Conformance, Step
    from parcours.engine.log import EventLog
    from parcours.engine.progression import Progression


class Questions:
    """What every log answers, wherever its events lie."""

    @property
    def _log(self) -> "EventLog":
        return cast("EventLog", self)

    def transitions(self, *, durations: bool = False) -> "pa.Table":
        """source, target, count: how often an activity directly follows another in a customer's sequence.

        The most frequent first. Events without activity are passed over. With `durations` also
        median_seconds and p90_seconds, the time between both (interpolated where it falls between two).
        """
        from parcours.engine import transitions

        found = transitions.finish(transitions.partial(self._log, durations), self._log.activities)
        return told("transitions", found)

    def reach(self) -> "pa.Table":
        """activity, customers, events: how many customers each activity reached, and how often."""
        from parcours.engine import transitions

        found = transitions.reach_finish(transitions.reach_partial(self._log), self._log.activities)
        return told("reach", found)

    def funnel(
        self,
        steps: Sequence[str],
        within: Duration | None = None,
        by: str | None = None,
        *,
        strict: bool = False,
    ) -> "pa.Table":
        """step, activity, customers, conversion, median_seconds (, segment).

        For each customer the longest chain of steps in order whose last event comes at most `within` after
        its first (inclusive; None: whenever), over all possible first steps. Other events in between do not
        matter.

        customers       who reached at least this step
        conversion      their share of those who reached the first step; null when nobody did
        median_seconds  from the step before to this one, in each customer's chain (see
                        `parcours.engine.funnel`)
        strict          whether the steps must follow each other with no other activity in between
        segment         with `by`: the value of that property at the event where the customer's chain starts

        Raises UnknownActivityError, UnknownColumnError, QuestionError.
        """
        from parcours.engine import funnel

        window = UNLIMITED if within is None else microseconds(within)
        found = funnel.finish(funnel.partial(self._log, steps, window, by, strict), steps, by)
        return told("funnel", found, by=by)

    def variants(self, top: int | None = 20) -> "pa.Table":
        """variant (list of activities), customers: the most frequent whole sequences; all of them with
        `top=None`.

        Equal counts are in the order of the activities in the log.
        """
        from parcours.engine import variants

        return told("variants", variants.finish(variants.partial(self._log, top), self._log, top))

    def sessions(self, gap: Duration = "30min") -> "pa.Table":
        """customer, session (from 1 for each customer), start, end, events, first_activity, last_activity.

        A new session begins after a pause longer than `gap`.
        """
        from parcours.engine import sessions

        return told("sessions", sessions.sessions(self._log, microseconds(gap)))

    def progression(self, order: Sequence[str]) -> "Progression":
        """How customers move through activities that are groups (see `relabel`), and where the others go.

        Defined in `parcours.engine.progression`. Raises UnknownActivityError, QuestionError.
        """
        from parcours.engine import progression

        return progression.progression(self._log, order)

    def attribution(
        self,
        conversion: str,
        model: "Model" = "linear",
        lookback: Duration | None = None,
        *,
        order: int = 1,
        half_life: Duration = "7d",
        worth: "Worth" = "conversions",
        by: str = "channel",
    ) -> "pa.Table":
        """channel, conversions, share: which channels the conversions are owed to, the largest first.

        conversion  the activity that counts as one
        model       first, last, linear, position, time_decay, markov or shapley, as defined in
                    `parcours.engine.attribution`
        lookback    how long before a conversion a touch still counts (inclusive; None: for ever)
        order       of the Markov chain, 1 to 3
        half_life   of time_decay
        worth       what Shapley values share out: “conversions”, or the “rate” (at most 15 channels)
        by          another property in place of the channel, such as a campaign

        Raises UnknownActivityError, UnknownColumnError, QuestionError.
        """
        from parcours.engine import attribution

        window = UNLIMITED if lookback is None else microseconds(lookback)
        choice = attribution.Choice(conversion, model, window, microseconds(half_life), order, worth, by)
        return told("attribution", attribution.attribution(self._log, choice), model=model, by=by)

    def retention(
        self,
        cohort: "Period" = "month",
        *,
        start: str | None = None,
        activity: str | None = None,
        timezone: str | None = None,
    ) -> "pa.Table":
        """cohort, customers, period, active, retention, complete: who comes back, by calendar periods.

        cohort      day, week (from Monday), month, quarter or year, in UTC or `timezone`; in the table the
                    first day of the period in which the cohort's customers were first seen
        start       count customers from their first event of this activity on; None: from their first
        activity    who has an event of this activity is active; None: of any
        period      0 for the cohort's own period, 1 for the next, …
        complete    false for the period in which the log ends

        Raises UnknownActivityError, QuestionError, TimesError.
        """
        from parcours.engine import retention

        choice = retention.Choice(cohort, start, activity, timezone)
        found = retention.finish(retention.cohorts(self._log, choice), cohort)
        return told("retention", found, cohort=cohort)

    def survival(
        self,
        to: str | None = None,
        *,
        lapse: Duration | None = None,
        start: str | None = None,
        until: Moment | None = None,
        by: str | None = None,
    ) -> "pa.Table":
        """seconds, at_risk, events, censored, survival, low, high (, segment): a Kaplan-Meier curve.

        The share of customers to whom it has not happened yet, so long after their first event (or their
        first of `start`): an event of the activity `to`, or a pause longer than `lapse`. Customers to whom
        it had not happened when the observation ended, with the last event or at `until`, are censored. See
        `parcours.engine.survival`.

        Raises UnknownActivityError, UnknownColumnError, QuestionError.
        """
        from parcours.engine import survival

        span = self._log.span
        end = moment(until) if until is not None else moment(span[1]) if span else 0
        pause = None if lapse is None else microseconds(lapse)
        choice = survival.Choice(start, to, pause, end, by)
        found = survival.finish(survival.lives(self._log, choice), by)
        return told("survival", found, of="goal" if to is not None else "lapse", by=by)

    def dropoff(
        self,
        at: str,
        to: str,
        within: Duration | None = None,
        *,
        level: float | None = 0.05,
        timezone: str | None = None,
    ) -> "pa.Table":
        """Why customers who reach `at` do not go on to `to`: what is over-represented among the lost.

        kind, name, value         what they have in common, such as property, browser, Safari
        since, until              in which weeks, the second day excluded; null for at any time
        customers, lost           who have it, and how many of them were lost
        lost_share, others_share  the share lost of them, and of all others
        difference, low, high     of the shares, adjusted, with its 95 % interval
        p_value                   of seeing so much by chance, corrected for all that was looked at

        Only reasons up to `level` are told, the strongest first, each among the cases that those before do
        not explain; with None everything that was looked at and is more frequent. The definition is in
        `parcours.engine.dropoff`. Weeks, weekdays and hours are in UTC or `timezone`.

        Raises UnknownActivityError, QuestionError, TimesError.
        """
        from parcours.engine import dropoff

        window = UNLIMITED if within is None else microseconds(within)
        found = dropoff.reasons(self._log, at, to, window, level=level, timezone=timezone)
        return told("dropoff", found)

    def dropped(self, at: str, to: str, within: Duration | None = None) -> "Int64s":
        """The positions of the customers that `dropoff` counts as lost, for `where(customers=…)`."""
        from parcours.engine import dropoff

        return dropoff.dropped(self._log, at, to, UNLIMITED if within is None else microseconds(within))

    def instead(self, at: str, to: str, within: Duration | None = None) -> "pa.Table":
        """activity, customers, share: what the lost of `dropoff` did first after `at`; null for nothing."""
        from parcours.engine import dropoff

        window = UNLIMITED if within is None else microseconds(within)
        return told("instead", dropoff.whereto(self._log, at, to, window))

    def conformance(
        self, journey: "Sequence[str | Collection[str] | Step]", *, strict: bool = False, whole: bool = True
    ) -> "Conformance":
        """How closely customers follow a drawn journey: fitness of each, deviations of each step.

        journey  the steps in order: an activity, a list of which any makes the step, or a `Step`
        strict   whether events of activities that are in no step count as deviations
        whole    whether steps behind a customer's last event count as left out

        The answer has `fitness`, `as_drawn` and the tables `customers`, `steps` and `extra`; the formula is
        in `parcours.engine.conformance`. Raises UnknownActivityError, QuestionError.
        """
        from parcours.engine import conformance

        return conformance.conformance(self._log, journey, strict=strict, whole=whole)

    def compare(self, other: "EventLog", *, level: float | None = 0.05) -> "pa.Table":
        """What customers do more or less often than those of another log: another segment, another period.

        kind, source, activity    an activity, or a transition to it from `source`
        share, other_share        of the customers of this log, and of the other, who did it at least once
        difference, low, high     this share less the other, with its 95 % interval
        p_value                   of so large a difference by chance, corrected for all that was looked at

        The clearest difference first, up to `level`; all with None. Defined in `parcours.engine.comparison`.
        """
        from parcours.engine import comparison

        return told("comparison", comparison.compare(self._log, other, level))
