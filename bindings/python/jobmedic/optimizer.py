"""Bayesian optimization of any expensive function, by ask and tell."""

from __future__ import annotations

from typing import Any, Optional

from ._calls import Closable, OneThreadAtATime, Owner, answer, call, document
from ._library import library
from ._signatures import OptimizerHandle


class Optimizer(Closable):
    """Looks for the smallest value over a space (jobmedic.space/1). Belongs to one thread at a time.

    The same space, seed and values give the same trials. `initial_points`: how many are spread over the space before
    the model takes over; 0: chosen by the dimension. `effort` (0.001 to 1): how long to think about each trial, as a part
    of the usual; less where a trial takes microseconds.
    """

    def __init__(self, space: dict[str, Any], *, seed: int = 0, initial_points: int = 0, effort: float = 1) -> None:
        self._owner = None
        self._alone = OneThreadAtATime()
        self._owner = Owner(
            library.jobmedic_optimizer_create,
            library.jobmedic_optimizer_free,
            OptimizerHandle,
            *document(space),
            *document({"seed": seed, "initial_points": initial_points, "effort": effort}),
        )

    def ask(self) -> dict[str, Any]:
        """The next trial, {"trial": 1, "parameters": {...}}; numbers are in the space's units. Many may be open."""
        with self._alone("Optimizer"):
            return answer(library.jobmedic_optimizer_ask, self._handle())

    def tell(self, trial: int, value: float) -> None:
        """The value of an open trial; smaller is better. NaN or infinite: the trial failed."""
        with self._alone("Optimizer"):
            call(library.jobmedic_optimizer_tell, self._handle(), trial, value)

    def best(self) -> Optional[dict[str, Any]]:
        """The best trial so far, {"trial": 7, "parameters": {...}, "value": 0.73}; None before the first value."""
        with self._alone("Optimizer"):
            best: Optional[dict[str, Any]] = answer(library.jobmedic_optimizer_best, self._handle())["best"]
            return best
