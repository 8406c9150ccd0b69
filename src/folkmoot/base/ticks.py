"""What the worker does by the clock. A task is only a hint; what must happen is a row that a tick sweeps."""

from collections.abc import Callable

ticks: list[tuple[float, Callable[[], None]]] = []


def every(seconds: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Have the worker call this about every so many seconds. It must be idempotent."""

    def register(tick: Callable[[], None]) -> Callable[[], None]:
        ticks.append((seconds, tick))
        return tick

    return register
