"""What is computed on the screen's own thread leaves a thread that trains alone."""

from __future__ import annotations

from tests._app import Hand, in_app


@in_app()
async def test_nothing_is_replayed_while_the_run_compared_with_is_trained(hand: Hand) -> None:
    """The number of BLAS threads is the process's, and two runs may need different ones for the same bits."""
    await hand.press("n", "n")
    with hand.main.other_run_lock:  # as the thread that trains the other run holds it
        await hand.press("down")
        await hand.wait_until(lambda: hand.session.history is None)
        hand.main._compute_missing()
        await hand.wait_until(lambda: hand.session.history is None)
    await hand.wait_until(lambda: hand.session.history is not None)
