"""What Prometheus reads: counts and times by line, channel and decision."""

from collections.abc import Awaitable, Callable
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.domain.conversation import Outcome, Turn
from bot.domain.rules import Judgement
from bot.domain.writing import Spent

_SLOW = (0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 60)
_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One registry per process; labels hold names from settings and code, never words."""

    def __init__(self, timer: Callable[[], float] = perf_counter) -> None:
        self.timer = timer
        self.registry = CollectorRegistry()
        r = self.registry
        self.messages = Counter(
            "careline_messages_total",
            "Events handled, by line, channel and decision.",
            ("line", "channel", "decision"),
            registry=r,
        )
        self.turn_seconds = Histogram(
            "careline_turn_seconds",
            "Time to decide a turn.",
            ("line",),
            buckets=_FAST,
            registry=r,
        )
        self.delivery_seconds = Histogram(
            "careline_delivery_seconds",
            "Time from a message's commit to its being handed to the platform.",
            ("channel",),
            buckets=_FAST,
            registry=r,
        )
        self.segments = Counter(
            "careline_sms_segments_total",
            "Messages that phone networks have made, and charge, of what was sent.",
            ("channel",),
            registry=r,
        )
        self.failures = Counter(
            "careline_failures_total", "Turns that failed, by error class.", ("error",), registry=r
        )
        self.queue_age = Gauge(
            "careline_queue_age_seconds", "Age of the oldest undone event.", registry=r
        )
        self.unsent = Gauge("careline_outbox_unsent", "Messages waiting to be sent.", registry=r)
        self.parked = Gauge("careline_events_parked", "Events set aside.", registry=r)
        self.workers = Gauge("careline_workers_live", "Worker processes alive.", registry=r)
        self.handoffs = Gauge(
            "careline_handoffs", "Hand-offs by line and state.", ("line", "state"), registry=r
        )

        self.csat = Gauge(
            "careline_csat",
            "Ratings after hand-offs in the last 30 days, by line and score.",
            ("line", "score"),
            registry=r,
        )
        self.outcomes = Gauge(
            "careline_outcomes",
            "Conversations over in the last 30 days, by line and outcome.",
            ("line", "outcome"),
            registry=r,
        )
        self.rules_fired = Counter(
            "careline_rules_fired_total",
            "Hand-offs that a rule has called for, by line and rule.",
            ("line", "rule"),
            registry=r,
        )
        self.rule_faults = Counter(
            "careline_rule_faults_total",
            "Times that a rule could not be decided: a division by zero, say.",
            ("rule",),
            registry=r,
        )
        self.calendars_ailing = Gauge(
            "careline_oncall_calendars_ailing",
            "On-call calendars whose last reading failed: an earlier copy is used.",
            registry=r,
        )

        self.writer_turns = Counter(
            "careline_writer_turns_total",
            "Turns given to a language model, by how they ended.",
            ("line", "result"),
            registry=r,
        )
        self.writer_seconds = Histogram(
            "careline_writer_seconds",
            "Time from a question to its written answer, or to the approved text instead.",
            ("line",),
            buckets=_SLOW,
            registry=r,
        )
        self.writer_tokens = Counter(
            "careline_writer_tokens_total",
            "Tokens of a language model, in and out.",
            ("line", "direction"),
            registry=r,
        )
        self.writer_micros = Counter(
            "careline_writer_cost_micros_total",
            "Cost of a language model, in millionths of the prices' currency.",
            ("line",),
            registry=r,
        )

        self.writer_ready = Gauge(
            "careline_writer_ready",
            "Whether the process that calls the language model is there: 1 or 0.",
            registry=r,
        )

    async def observe(self, inner: Callable[[Turn], Awaitable[Outcome]], turn: Turn) -> Outcome:
        """Middleware: count the turn and time its decision."""
        line, channel = turn.conversation.line, turn.event.address.channel
        started = self.timer()
        try:
            outcome = await inner(turn)
        except Exception as exc:
            self.failures.labels(type(exc).__name__).inc()
            raise
        self.turn_seconds.labels(line).observe(self.timer() - started)
        self.messages.labels(line, channel, outcome.decision).inc()
        return outcome

    def judged(self, judgement: Judgement) -> None:
        """The rules were held against a turn."""
        if judgement.winner is not None:
            self.rules_fired.labels(judgement.facts.line_name, judgement.winner.name).inc()
        for verdict in judgement.verdicts:
            if verdict.fault is not None:
                self.rule_faults.labels(verdict.rule.name).inc()

    def writer_there(self, there: bool) -> None:  # noqa: FBT001  it is what is told
        """The process that calls the language model has come or gone."""
        self.writer_ready.set(int(there))

    def composed(self, spent: Spent, result: str, seconds: float) -> None:
        """One turn with a language model is over, so long after it was asked for."""
        self.writer_turns.labels(spent.line, result).inc()
        self.writer_seconds.labels(spent.line).observe(max(0.0, seconds))
        self.writer_tokens.labels(spent.line, "in").inc(spent.usage.tokens_in)
        self.writer_tokens.labels(spent.line, "out").inc(spent.usage.tokens_out)
        self.writer_micros.labels(spent.line).inc(spent.usage.micros)

    def delivered(self, channel: str, seconds: float) -> None:
        """One message has been handed over, so long after it was committed."""
        self.delivery_seconds.labels(channel).observe(max(0.0, seconds))

    def charged(self, channel: str, segments: int) -> None:
        """A phone network has made so many messages of one; others make none."""
        if segments:
            self.segments.labels(channel).inc(segments)

    def render(self) -> bytes:
        """The exposition text."""
        return generate_latest(self.registry)
