"""Are saved plans kept from those who do not know the code, and is the code hard to guess or steal?"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from dudley_dashboard.server import access
from dudley_dashboard.server.access import COOKIE, FREE_TRIES, HOURS, STORE, AccessCode
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sdcompile.errors import InputError

from tests.dashboard.http import CODE, PREFIX, call, make, page, save, texts, ticket

NAME = "sim.example.nhs.uk"
THERE: dict[str, Any] = {"headers": {"Host": NAME}}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A dashboard that others reach, with a store and a code."""
    return make(f"sqlite:///{tmp_path / 'plans.sqlite'}", CODE, (NAME,))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader."""
    return app.test_client(use_cookies=False)


def give(client: FlaskClient, code: str, search: str = "", **headers: str) -> Any:
    return client.post(f"{PREFIX}access{search}", data={"code": code}, headers={"Host": NAME, **headers})


def with_ticket(text: str) -> dict[str, Any]:
    return {"headers": {"Host": NAME, "Cookie": f"{COOKIE}={text}"}}


def test_the_code_opens_the_plans_and_a_cookie_remembers_nothing_else(client: FlaskClient):
    answer = give(client, CODE, "?v=1&scenario=state_supreme")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{PREFIX}plans?v=1&scenario=state_supreme"
    (line,) = answer.headers.getlist("Set-Cookie")
    cookie = SimpleCookie(line)[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == PREFIX
    assert int(cookie["max-age"]) == HOURS * 3600
    assert cookie.value.startswith("in.")
    assert "plans-list" in page(client, "/plans", **with_ticket(cookie.value)).text
    assert save(client, "One", **with_ticket(cookie.value)) == "Saved as “One”."


def test_over_https_the_cookie_is_for_https_only(client: FlaskClient):
    secure = give(client, CODE, **{"X-Forwarded-Proto": "https"}).headers["Set-Cookie"]
    assert "Secure" in secure
    assert "Secure" not in give(client, CODE).headers["Set-Cookie"]


@pytest.mark.parametrize("code", ["", "wrong", CODE.upper(), CODE + "x", CODE[:-1], "\0", "x" * 900])
def test_another_code_opens_nothing(client: FlaskClient, code: str):
    answer = give(client, code)
    assert answer.headers["Location"].endswith("plans?v=1&code=wrong")
    assert "Set-Cookie" not in answer.headers
    told = texts(page(client, "/plans", "?v=1&code=wrong", **THERE).get_json())
    assert "That was not the access code. Please try again." in told


def at(address: str, proxied: bool = False) -> dict[str, Any]:
    """Where a request comes from: directly, or through a proxy on this machine."""
    if proxied:
        return {"headers": {"Host": NAME, "X-Forwarded-For": f"198.51.100.1, {address}"}}
    return {"headers": {"Host": NAME}, "environ_overrides": {"REMOTE_ADDR": address}}


@pytest.mark.parametrize("proxied", [False, True])
def test_who_guesses_waits_and_nobody_else_does(client: FlaskClient, proxied: bool):
    def tried(code: str, address: str) -> Any:
        return client.post(f"{PREFIX}access", data={"code": code}, **at(address, proxied))

    for _ in range(FREE_TRIES):
        assert tried("guess", "192.0.2.7").headers["Location"].endswith("code=wrong")
    for code in ("guess", CODE):
        answer = tried(code, "192.0.2.7")
        assert answer.headers["Location"].endswith("code=wait")
        assert answer.headers["Retry-After"] == "1"
        assert "Set-Cookie" not in answer.headers
    told = texts(page(client, "/plans", "?v=1&code=wait", **THERE).get_json())
    assert any("Please wait before you try again" in each for each in told)
    for other in ("192.0.2.8", "2001:db8::1"):
        assert "Set-Cookie" in tried(CODE, other).headers
    assert save(client, "One", **with_ticket(ticket())) == "Saved as “One”."


def test_of_sixty_guesses_at_once_no_more_are_looked_at_than_of_sixty_in_a_row(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(access, "wait_after", lambda count: 0.0 if count < FREE_TRIES else 600.0)
    start = threading.Barrier(20)

    def guess(_: int) -> str:
        start.wait()
        answers = [
            app.test_client().post(f"{PREFIX}access", data={"code": "guess"}, **at("192.0.2.9"))
            for _ in range(3)
        ]
        return " ".join(answer.headers["Location"].rpartition("=")[2] for answer in answers)

    with ThreadPoolExecutor(20) as pool:
        found = " ".join(pool.map(guess, range(20))).split()
    assert len(found) == 60
    assert found.count("wrong") == FREE_TRIES


def forged() -> dict[str, str]:
    """Tickets that are not ours, or no longer."""
    key = TimestampSigner("guess", salt="saved plans")
    return {
        "none": "",
        "text": "in",
        "another key": key.sign("in").decode(),
        "another code": ticket("another code that is long"),
        "changed": ticket().replace("in.", "on."),
        "cut": ticket()[:-2],
        "long": ticket() + "x" * 5000,
        "odd": "in.\u00e9.x",
    }


@pytest.mark.parametrize("kind", sorted(forged()))
def test_a_forged_ticket_opens_nothing(client: FlaskClient, kind: str):
    drawn = page(client, "/plans", **with_ticket(forged()[kind].encode("ascii", "replace").decode()))
    assert drawn.status_code == 200
    assert "plans-list" not in drawn.text
    assert "not open to you" in save(client, "One", **with_ticket("in.x.y"))


def test_a_ticket_ends_after_twelve_hours(monkeypatch: pytest.MonkeyPatch):
    access = AccessCode(CODE)
    old = access.ticket()
    assert access.holds(old)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + HOURS * 3600 + 2)
    assert not access.holds(old)


def test_whoever_leaves_is_out(client: FlaskClient):
    answer = client.post(f"{PREFIX}access/out", headers={"Host": NAME})
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "search",
    ["?next=//elsewhere.example", "?scenario=%0d%0aSet-Cookie:x=1", "?code=wait", "?set=//elsewhere"],
)
def test_signing_in_leads_nowhere_else(client: FlaskClient, search: str):
    answer = client.post(f"{PREFIX}access{search}", data={"code": CODE}, headers={"Host": NAME})
    assert answer.headers["Location"] == f"{PREFIX}plans"
    assert len(answer.headers.getlist("Set-Cookie")) == 1


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_cannot_sign_in_nor_save_nor_delete(client: FlaskClient, site: str):
    assert give(client, CODE, **{"Sec-Fetch-Site": site}).status_code == 403
    headers = {"Host": NAME, "Sec-Fetch-Site": site, "Cookie": f"{COOKIE}={ticket()}"}
    assert client.post(f"{PREFIX}_dash-update-component", json={}, headers=headers).status_code == 403


def test_every_change_asks_for_the_ticket(app: Flask):
    """Saving, replacing, deleting and looking at the history, as a script would send them."""
    client = app.test_client(use_cookies=False)
    assert save(client, "One", "secret reason", **with_ticket(ticket())) == "Saved as “One”."
    (plan,) = app.config[STORE].plans()
    assert "not open to you" in save(client, "Two", **THERE)
    for what in ("replace", "delete"):
        given = {"plans-sure.n_clicks": 1, "plans-target.data": {"plans": what, "id": plan.id, "seen": 1}}
        answer = call(client, "plans-window.opened@", given, "plans-sure", **THERE)
        assert "not open to you" in answer.text
    assert "secret reason" not in page(client, "/plans", **THERE).text
    assert [each.number for each in app.config[STORE].history(plan.id)] == [1]


@pytest.mark.parametrize(
    "target",
    [
        None,
        [],
        "delete",
        {"plans": "delete", "id": "1 OR 1=1", "seen": 1},
        {"plans": "delete", "id": True, "seen": True},
        {"plans": "delete", "id": 10**30, "seen": 1},
        {"plans": "delete", "id": -1, "seen": 1},
        {"plans": "delete", "id": 1, "seen": 9},
        {"plans": "drop", "id": 1, "seen": 1},
        {"plans": {"x": 1}, "id": [1], "seen": None},
    ],
)
def test_whatever_is_sent_as_a_target_changes_nothing(app: Flask, target: object):
    client = app.test_client(use_cookies=False)
    save(client, "One", **with_ticket(ticket()))
    given = {"plans-sure.n_clicks": 1, "plans-target.data": target, "plans-new-reason.value": {"a": 1}}
    answer = call(client, "plans-window.opened@", given, "plans-sure", **with_ticket(ticket()))
    assert answer.status_code == 200
    assert [(plan.name, plan.number) for plan in app.config[STORE].plans()] == [("One", 1)]


def test_names_are_only_ever_text(app: Flask):
    client = app.test_client(use_cookies=False)
    save(client, "<script>alert(1)</script>", "javascript:alert(1)", **with_ticket(ticket()))
    drawn = page(client, "/plans", **with_ticket(ticket())).get_json()
    assert "<script>alert(1)</script>" in texts(drawn)
    links = [text for text in texts(drawn) if text.lower().startswith("javascript:")]
    assert links == ["javascript:alert(1)"]  # the reason, as text; no address of a link


def test_a_stored_address_from_elsewhere_opens_here(app: Flask):
    """Somebody who can write to the database cannot send readers away."""
    app.config[STORE].save("One", "", "//elsewhere.example/?scenario=state_supreme")
    drawn = page(app.test_client(use_cookies=False), "/plans", **with_ticket(ticket())).get_json()
    assert not any("elsewhere" in text for text in texts(drawn))


def test_without_a_code_plans_are_for_this_machine_only(tmp_path: Path):
    client = make(f"sqlite:///{tmp_path / 'plans.sqlite'}").test_client(use_cookies=False)
    assert save(client, "One") == "Saved as “One”."
    handed_on = {"headers": {"X-Forwarded-For": "192.0.2.7"}}
    assert "not open to you" in save(client, "Two", **handed_on)
    assert "only on the machine" in page(client, "/plans", **handed_on).text


def test_without_a_store_the_page_says_how_to_turn_it_on():
    client = make().test_client(use_cookies=False)
    told = texts(page(client, "/plans").get_json())
    assert "dudley-sd dashboard --store sqlite:///plans.sqlite" in told
    assert "not open to you" in save(client, "One")
    assert client.post(f"{PREFIX}access", data={"code": "x"}).headers["Location"] == f"{PREFIX}plans"


@pytest.mark.parametrize(
    ("store", "code", "told"),
    [("sqlite:///x.sqlite", "", "there is no access code"), ("", "short", "has 5 letters; 12 to 200")],
)
def test_it_is_not_served_beyond_this_machine_without_a_good_code(store: str, code: str, told: str):
    with pytest.raises(InputError, match=told):
        make(store, code, (NAME,))
    assert not Path("x.sqlite").exists()


def test_a_database_that_has_gone_is_told_in_words(tmp_path: Path):
    """Nothing breaks, and health says so."""
    folder = tmp_path / "disk"
    folder.mkdir()
    app = make(f"sqlite:///{folder / 'plans.sqlite'}", CODE, (NAME,))
    client = app.test_client(use_cookies=False)
    app.config[STORE].close()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert "Set-Cookie" in give(client, CODE).headers
    assert "cannot be reached" in save(client, "One", **with_ticket(ticket()))
    drawn = texts(page(client, "/plans", **with_ticket(ticket())).get_json())
    assert any("cannot be reached" in text for text in drawn)
    assert client.get(f"{PREFIX}health", **THERE).get_json()["saved_plans"] == "unreachable"
