"""What a server has run is measured finely enough for a short turn."""

import itertools
import os

from benchmarks.serving import Server


def test_what_a_process_runs_shows_in_less_than_a_hundredth_of_a_second() -> None:
    server = Server(port=0, pid=os.getpid())
    counted = [server.cpu() for _ in range(5)]

    assert counted[0] > 0
    assert all(earlier < later for earlier, later in itertools.pairwise(counted))


def test_one_that_has_ended_has_run_nothing() -> None:
    assert Server(port=0, pid=2**22 + 1).cpu() == 0.0
