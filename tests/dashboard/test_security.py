"""May a page of another site frame, script, feed or read ours? Is anything too much for the server?"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from dudley_dashboard import app as scripts
from dudley_dashboard.pages import PAGES
from dudley_dashboard.serve import Settings, make_server_app
from dudley_dashboard.server.security import LARGEST_REQUEST, LONGEST_ADDRESS, is_callback
from flask.testing import FlaskClient

from tests.dashboard.http import PREFIX, call, make, page, texts

NOT_FOUND = 404


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """The dashboard on this machine, with nowhere to save."""
    return make().test_client()


@pytest.mark.parametrize(
    "path", ["", "health", "_dash-layout", "plans", "nowhere/at/all", "assets/base.css", "download/x"]
)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str):
    headers = client.get(PREFIX + path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Set-Cookie" not in headers


def test_the_policy_lets_in_nothing_from_elsewhere_and_no_script_by_text(client: FlaskClient):
    policy = client.get(PREFIX).headers["Content-Security-Policy"]
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}
    assert rules["frame-ancestors"] == rules["object-src"] == ["'none'"]
    for name in ("default-src", "script-src", "connect-src", "form-action", "base-uri"):
        assert rules[name] == ["'self'"]
    assert "unsafe-eval" not in policy
    assert not re.search(r"https?:|\*|wss?:", policy)


def test_no_script_stands_inside_the_page(client: FlaskClient):
    """The policy refuses any: one of Dash's would not run, one that a reader brings neither."""
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", client.get(PREFIX).text) == []


def test_no_page_names_another_origin(client: FlaskClient):
    for path in ("", "_dash-layout", "_dash-dependencies"):
        text = client.get(PREFIX + path).get_data(as_text=True)
        assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", text)


def test_files_with_a_name_of_their_own_are_kept_and_answers_are_not(client: FlaskClient):
    page_text = client.get(PREFIX).text
    hashed = re.search(r'src="(/dash/_dash-component-suites/[^"]+)"', page_text)
    dated = re.search(r'href="(/dash/assets/base\.css\?m=[^"]+)"', page_text)
    assert hashed
    assert dated
    modules = re.findall(r'<link rel="modulepreload" href="(/dash/js/[^"]+)"', page_text)
    assert len(modules) == len(scripts.modules())
    for address in (hashed[1], dated[1], *modules):
        assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(f"{PREFIX}assets/base.css").headers["Cache-Control"] == "no-cache"
    for path in ("", "health", "_dash-layout", "plans", "download/plan.toml"):
        assert client.get(PREFIX + path).headers["Cache-Control"] == "no-store"
    assert page(client, "/").headers["Cache-Control"] == "no-store"
    assert "immutable" not in client.get(f"{PREFIX}assets/nothing.js?m=1").headers["Cache-Control"]


def test_text_is_sent_compressed_where_that_is_understood(client: FlaskClient):
    plain = client.get(f"{PREFIX}assets/base.css")
    packed = client.get(f"{PREFIX}assets/base.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize(
    "path",
    [
        "assets/../app.py",
        "assets/%2e%2e/app.py",
        "assets/..%2fapp.py",
        "assets/..\\app.py",
        "assets//etc/passwd",
        "assets/base.css%00.js",
        "_dash-component-suites/dash/../../../../etc/passwd",
        "_dash-component-suites/os/path.py",
        "_dash-component-suites/dashboard/serve.py",
        "download/plan.py",
        "download/plan.../../x",
        "download/../health/x",
        "model/..%2f..%2fdudley/x.mjs",
        f"{scripts.folder('')}../app.py",
        f"{scripts.folder('')}..%2fapp.py",
        f"{scripts.folder('')}nothing.js",
        "js/0123456789/main.js",
    ],
)
def test_no_path_leads_to_another_file(client: FlaskClient, path: str):
    answer = client.get(PREFIX + path)
    assert answer.status_code in (400, 403, NOT_FOUND) or (answer.status_code, answer.mimetype) == (
        200,
        "text/html",
    )
    assert b"root:" not in answer.data
    assert b"import annotations" not in answer.data


def test_what_is_too_long_is_refused_before_it_is_read(client: FlaskClient):
    assert client.get(f"{PREFIX}?{'a' * LONGEST_ADDRESS}").status_code == 414
    large = b'{"output": "' + b"x" * LARGEST_REQUEST + b'"}'
    answer = client.post(f"{PREFIX}_dash-update-component", data=large, content_type="application/json")
    assert answer.status_code == 413
    assert client.post(f"{PREFIX}plan-file", data=large).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:1"}, 403),
        ({"Origin": "http://["}, 400),
        ({"Origin": "http://[::1"}, 400),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://sim.example", "X-Forwarded-Host": "sim.example"}, 200),
        ({}, 200),
    ],
)
def test_only_our_own_pages_may_send_anything(client: FlaskClient, headers: dict[str, str], status: int):
    assert client.post(f"{PREFIX}plan-file", data=b"", headers=headers).status_code == status


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "localhost.example:8050"]
)
def test_on_this_machine_it_answers_to_no_other_name(client: FlaskClient, host: str):
    """A site whose name leads to 127.0.0.1 must not read the plans of whoever visits it."""
    assert client.get(PREFIX, headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "localhost:8050", "127.0.0.1:8050", "[::1]:8050"])
def test_this_machine_has_these_names(client: FlaskClient, host: str):
    assert client.get(PREFIX, headers={"Host": host}).status_code == 200


def test_a_public_name_is_answered_to_whatever_its_letters():
    served = make(names=("sim.example.nhs.uk",)).test_client()
    assert served.get(PREFIX, headers={"Host": "SIM.example.nhs.uk:443"}).status_code == 200
    assert served.get(PREFIX, headers={"Host": "other.example.nhs.uk"}).status_code == 400


def test_health_says_when_the_model_answers(client: FlaskClient):
    deadline = time.monotonic() + 120
    while (answer := client.get(f"{PREFIX}health")).status_code == 503 and time.monotonic() < deadline:
        assert answer.headers["Retry-After"] == "5"
        time.sleep(0.2)
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["status"] == "ok"
    assert (told["version"], told["saved_plans"]) == ("0.1.0", "off")
    assert re.fullmatch("[0-9a-f]{64}", told["model_sha256"])


def test_nothing_but_the_prefix_is_served(client: FlaskClient):
    for path in ("/", "/health", "/_dash-layout", "/plans", "/download/plan.toml", "/access"):
        assert client.get(path).status_code == NOT_FOUND


CALLBACK = {
    "output": "people-sentence.children",
    "outputs": {"id": "people-sentence", "property": "children"},
    "inputs": [],
    "state": [],
    "changedPropIds": [],
}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 450_000,
        b'{"a":' * 90_000,
        b"[" * 200 + b"]" * 200,
        b"null",
        b"[]",
        b"1" * 5000,
        b'"\\ud800"',
        b'{"output": "x.y", "inputs": [], "outputs": []}',
        b'{"output": ["x"], "inputs": {}}',
        b'{"output": {"a": 1}}',
        json.dumps(CALLBACK).encode(),
        json.dumps({**CALLBACK, "inputs": [{"id": {"a": [1]}, "property": None}]}).encode(),
        json.dumps({**CALLBACK, "output": "route.data"}).encode(),
        json.dumps({**CALLBACK, "inputs": "people", "state": 7}).encode(),
    ],
    ids=lambda body: body[:20].decode(),
)
@pytest.mark.parametrize("path", ["_dash-update-component", "api/run", "api/plan", "api/bands"])
def test_whatever_is_sent_as_json_is_refused_without_a_traceback(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str, body: bytes
):
    """An answer without names of files or lines of code, and nothing that would fill the log."""
    answer = client.post(PREFIX + path, data=body, content_type="application/json")
    assert answer.status_code in (400, 413)
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text
    assert [record for record in caplog.records if record.exc_info] == []


def parts(callback: dict[str, Any]) -> dict[str, Any]:
    """A body as our page sends it for a callback of its own."""
    given = [{**each, "value": None} for each in callback["inputs"]]
    name = callback["output"]
    outputs = [{"id": each.rpartition(".")[0], "property": each.rpartition(".")[2]}
               for each in name.strip(".").split("...")]  # fmt: skip
    state = [{**each, "value": None} for each in callback["state"]]
    return {
        "output": name,
        "outputs": outputs if name.startswith("..") else outputs[0],
        "inputs": given,
        "state": state,
        "changedPropIds": [],
    }


def test_every_callback_of_the_app_is_let_in_and_none_that_lacks_a_part(client: FlaskClient):
    client.get(PREFIX)
    known = {}
    for each in client.get(f"{PREFIX}_dash-dependencies").get_json():
        known[each["output"]] = each | {"callback": None}
    assert len(known) > 20
    for callback in known.values():
        body = parts(callback)
        assert is_callback(body, known), callback["output"]
        for name in ("output", "outputs", "inputs"):
            assert not is_callback({**body, name: None}, known)
        assert not is_callback({**body, "inputs": [*body["inputs"], body["inputs"][0]]}, known)
        assert not is_callback({**body, "changedPropIds": [[1]]}, known)
        for place, given in enumerate(callback["inputs"]):
            if given["id"].startswith("{"):  # a pattern: a list of the components that are there, or none
                name = given["property"]
                for there in ([], [{"id": {"kind": key}, "property": name} for key in "ab"]):
                    inputs = [*body["inputs"][:place], there, *body["inputs"][place + 1 :]]
                    assert is_callback({**body, "inputs": inputs}, known)
                wrong = [*body["inputs"][:place], [{"id": 1, "property": name}], *body["inputs"][place + 1 :]]
                assert not is_callback({**body, "inputs": wrong}, known)


def test_the_log_has_one_traceback_of_each_place_that_fails(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
):
    """Values that no page sends, in a callback that there is: who repeats them does not fill the log."""
    for _ in range(3):
        answer = call(client, "page.children", {"route.data": 7}, "route")
        assert answer.status_code == 200
        assert "nobody expected" in answer.text
    told = [record for record in caplog.records if record.name == "dudley_dashboard.server.files"]
    assert [bool(record.exc_info) for record in told] == [True, False, False]


@pytest.mark.parametrize("prefix", ["/", PREFIX])
def test_pages_are_found_and_other_addresses_are_not(prefix: str):
    """What is not there says so, to machines by its status and to readers on the page."""
    served = make_server_app(Settings(prefix)).test_client()
    for known in PAGES:
        assert served.get(f"{prefix}{known.path[1:]}?v=1").status_code == 200
    for path in (".git/config", "nonsense", "compare/", "plans/1", "index.html", "wp-login.php", "model/x"):
        answer = served.get(prefix + path)
        assert answer.status_code == NOT_FOUND, path
    assert f'src="{scripts.folder(prefix)}main.js"' in served.get(f"{prefix}nonsense").text


def test_an_address_that_is_no_page_is_told_on_the_page(client: FlaskClient):
    assert any("There is no such page here" in each for each in texts(page(client, "/nonsense").get_json()))


def test_words_of_an_address_reach_the_page_as_text_only(client: FlaskClient):
    """Notes hold what was typed; Dash sends them as texts of components, never as markup."""
    answer = page(client, "/", "?scenario=<img src=x onerror=alert(1)>")
    assert any("<img src=x onerror=alert(1)>" in text for text in texts(answer.get_json()))
    assert answer.mimetype == "application/json"
    assert "dangerously_allow_html" not in answer.text
    assert "<img" not in client.get(f"{PREFIX}?scenario=<img src=x onerror=alert(1)>").text


def test_no_code_of_ours_evaluates_text():
    """Nothing in the dashboard hands text to an interpreter, a shell or a pickle."""
    folder = Path(__file__).parents[2] / "dashboard"
    calls = re.compile(r"\b(?:eval|exec|pickle|os\.system|subprocess|__import__|render_template_string)\b\(?")
    for path in [*folder.rglob("*.py"), *folder.rglob("*.js")]:
        text = path.read_text(encoding="utf-8")
        for found in calls.finditer(text):
            assert not found[0].endswith("("), f"{path.name}: {found[0]}"
        assert "dangerously_allow_html" not in text
        assert "innerHTML" not in text or 'innerHTML = ""' in text, path.name


def test_a_callback_cannot_be_made_by_a_reader_who_names_another(client: FlaskClient):
    answer = call(
        client, "plans-told.children", {"plans-save.n_clicks": 1, "plans-name.value": "x"}, "plans-save"
    )
    assert "not open to you" in str(answer.get_json())
