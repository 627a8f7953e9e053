"""When what died is started again."""

from localhost.supervisor import RESTART_PAUSE_SECONDS, RESTART_WINDOW_SECONDS, RESTARTS_AT_ONCE, Restarts


def test_the_first_deaths_are_answered_at_once_and_then_one_a_pause() -> None:
    restarts = Restarts()
    for _ in range(RESTARTS_AT_ONCE):
        restarts.note_death(1.0)
        assert restarts.due == 1.0
    restarts.note_death(2.0)
    assert restarts.due == 2.0 + RESTART_PAUSE_SECONDS


def test_deaths_that_are_far_apart_are_each_answered_at_once() -> None:
    restarts = Restarts()
    for place in range(3 * RESTARTS_AT_ONCE):
        restarts.note_death(place * RESTART_WINDOW_SECONDS)
        assert restarts.due == place * RESTART_WINDOW_SECONDS
