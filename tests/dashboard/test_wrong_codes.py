"""Does each client wait after wrong codes, longer each time, and is nothing kept of it but for a while?"""

from __future__ import annotations

import pytest
from dudley_dashboard.serve import Settings, make_server_app, settings_of_environment
from dudley_dashboard.server import access
from dudley_dashboard.server.access import (
    CLIENTS,
    FREE_TRIES,
    LONGEST_WAIT,
    MEMORY,
    WrongCodes,
    client_of,
    wait_after,
)
from sdcompile.errors import InputError
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def wrong_until_it_waits(guesses: WrongCodes, client: str) -> float:
    for _ in range(FREE_TRIES):
        assert guesses.wait_of(client, right=False) == 0
    wait = guesses.wait_of(client, right=False)
    assert wait is not None
    return wait


def test_waits_double_up_to_five_minutes_and_what_is_tried_meanwhile_counts_for_nothing():
    clock = Clock()
    guesses = WrongCodes(clock)
    waits = [wrong_until_it_waits(guesses, "a")]
    for _ in range(12):
        assert guesses.wait_of("a", right=True) == waits[-1]  # the right code does not help
        clock.now += waits[-1]
        assert guesses.wait_of("a", right=False) == 0
        waits.append(guesses.wait_of("a", right=False))
    assert waits[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert set(waits[9:]) == {LONGEST_WAIT}
    clock.now += LONGEST_WAIT
    assert guesses.wait_of("a", right=True) is None
    assert guesses.wait_of("a", right=False) == 0  # who was right begins anew


def test_somebody_else_is_never_kept_waiting():
    guesses = WrongCodes(Clock())
    for number in range(200):
        wrong_until_it_waits(guesses, f"attacker {number}")
        assert guesses.wait_of("member", right=True) is None


def test_a_client_is_forgotten_after_a_while_and_nothing_of_its_address_is_kept():
    clock = Clock()
    guesses = WrongCodes(clock)
    wrong_until_it_waits(guesses, "192.0.2.7")
    assert "192.0.2.7" not in str(vars(guesses))
    assert guesses._wrong.keys() != WrongCodes(clock)._wrong.keys()
    clock.now += MEMORY + 1
    assert guesses.wait_of("192.0.2.8", right=False) == 0
    assert len(guesses._wrong) == 1


def test_memory_is_bounded_and_those_who_guess_now_are_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(access, "CLIENTS", 50)
    clock = Clock()
    guesses = WrongCodes(clock)
    for number in range(500):
        clock.now += 0.001
        guesses.wait_of(f"client {number}", right=False)
    assert len(guesses._wrong) <= 50 < CLIENTS
    assert wrong_until_it_waits(guesses, "new") == 1


def test_no_way_of_guessing_is_faster_than_the_documents_say():
    """One client, one process: stop at any wait and begin anew, or go on; guesses a day."""
    best = 0.0
    for stop in range(FREE_TRIES, 40):
        cycle = sum(wait_after(count) for count in range(stop)) + MEMORY
        best = max(best, 86_400 * stop / cycle)
    best = max(best, 86_400 / LONGEST_WAIT)
    assert best < 600


def request(peer: str, heard: str | None = None) -> Request:
    headers = {} if heard is None else {"X-Forwarded-For": heard}
    return Request(EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": peer}).get_environ())


@pytest.mark.parametrize(
    ("peer", "heard", "proxies", "client"),
    [
        ("192.0.2.7", None, None, "192.0.2.7"),
        ("192.0.2.7", "203.0.113.1", None, "192.0.2.7"),  # anybody can send the header
        ("192.0.2.7", "203.0.113.1", 0, "192.0.2.7"),
        ("127.0.0.1", "203.0.113.1", 0, "127.0.0.1"),
        ("127.0.0.1", None, None, "127.0.0.1"),
        ("127.0.0.1", "forged, 203.0.113.1", None, "203.0.113.1"),
        ("", "203.0.113.1", None, "203.0.113.1"),  # a socket of gunicorn
        ("::1", "forged, 203.0.113.1:4711", None, "203.0.113.1"),
        ("10.0.0.1", "forged, 203.0.113.1, 10.0.0.2", 2, "203.0.113.1"),
        ("10.0.0.1", "10.0.0.2", 2, "10.0.0.1"),
        ("10.0.0.1", "203.0.113.1,", 1, "10.0.0.1"),
        ("2001:db8::1", None, None, "2001:db8::/64"),
        ("2001:db8::ffff:1", None, None, "2001:db8::/64"),
        ("127.0.0.1", "[2001:db8:0:1::5]:80", None, "2001:db8:0:1::/64"),
        ("::ffff:192.0.2.7", None, None, "192.0.2.7"),
        ("10.0.0.1", "x" * 9000, 1, "x" * 100),
    ],
)
def test_a_client_is_who_the_nearest_trusted_proxy_heard_from(
    peer: str, heard: str | None, proxies: int | None, client: str
):
    assert client_of(request(peer, heard), proxies) == client


def test_the_number_of_proxies_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DUDLEY_SD_PROXIES", raising=False)
    assert settings_of_environment().proxies is None
    monkeypatch.setenv("DUDLEY_SD_PROXIES", " 2 ")
    assert settings_of_environment().proxies == 2
    for wrong in ("-1", "two", "1e3", "999"):
        monkeypatch.setenv("DUDLEY_SD_PROXIES", wrong)
        with pytest.raises(InputError, match="no number of proxies"):
            settings_of_environment()


def test_the_app_knows_how_many_proxies_there_are():
    assert make_server_app(Settings(proxies=2)).config["DUDLEY_SD_PROXIES"] == 2
