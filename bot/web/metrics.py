"""The bot's figures in the words of Prometheus. A module of its own, so that its library is loaded when first asked."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.pulse import Pulse

GAUGES = (
    ("inbox_waiting", "Updates not processed yet"),
    ("inbox_lag", "Age of the oldest of them in seconds"),
    ("inbox_parked", "Updates set aside after three failures"),
    ("outbox_waiting", "Calls not made yet"),
    ("outbox_lag", "Age of the oldest reply not sent yet, in seconds"),
    ("schedule_lag", "Seconds since the oldest push was due"),
)


def write_metrics(pulse: Pulse) -> bytes:
    """All figures as text that Prometheus reads."""
    registry = CollectorRegistry()
    for name, text in GAUGES:
        Gauge(f"cohort_{name}", text, registry=registry).set(getattr(pulse, name))
    return generate_latest(registry)
