"""Do psql, psycopg, SQLAlchemy, pandas, pgjdbc and plain HTTP find in SQL what was sent?"""

import datetime
import json
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
BINARY = os.environ.get("RAPPORT_BINARY", str(HERE.parents[1] / "target/debug/rapport"))
PYTHON = os.environ.get("RAPPORT_TEST_PYTHON", sys.executable)
JDBC = "/usr/share/java/postgresql.jar"
ADMIN, WRITE_KEY = secrets.token_hex(16), secrets.token_hex(16)
USER, PASSWORD = "ada@example.com", "a long enough password"
N_BUYERS, N_LOOKERS = 20, 30
# No acknowledgement of an event may take longer, whatever is asked in SQL meanwhile.
ACK_SECONDS_MAX = 0.25


class Server:
    """A server on an empty folder, with a PostgreSQL port."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        environment = dict(os.environ, RAPPORT_ADMIN_TOKEN=ADMIN, RAPPORT_WRITE_KEY=WRITE_KEY)
        command = [BINARY, "serve", "--data", f"{self.folder.name}/data"]
        command += ["--listen", "127.0.0.1:0", "--postgres", "127.0.0.1:0"]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True, cwd=self.folder.name
        )
        banner = ""
        for line in self.process.stdout:
            banner += line
            if "Ctrl-C" in line:
                break
        self.url = re.search(r"at (http://127\.0\.0\.1:\d+)", banner)[1]
        self.port = int(re.search(r"SQL for psql.* at 127\.0\.0\.1:(\d+)", banner)[1])
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.folder.cleanup()

    def ask(self, method, path, body=None, token=ADMIN, accept="application/json", timeout=120):
        data = None if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {token}", "accept": accept}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def get(self, method, path, body=None, **more):
        status, text = self.ask(method, path, body, **more)
        assert status in (200, 204), (path, status, text)
        return json.loads(text) if text else None

    def send(self, event, call="track"):
        """Sends one event; gives the seconds until it was acknowledged."""
        began = time.monotonic()
        request = urllib.request.Request(
            self.url + "/v1/" + call,
            json.dumps(event | {"writeKey": WRITE_KEY}).encode(),
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            assert response.status == 200
        return time.monotonic() - began

    def wait_for(self, n_events):
        for _ in range(200):
            found = self.get("POST", "/api/sql", {"query": "SELECT count(*) FROM events"})
            if found["rows"] == [[n_events]]:
                return
            time.sleep(0.1)
        raise AssertionError(f"{n_events} events expected, found {found}")


def fill(server):
    """Buyers look and buy, lookers look; gives how many events that are."""
    now = datetime.datetime.now(datetime.timezone.utc)
    n = 0
    for i in range(1, N_BUYERS + N_LOOKERS + 1):
        buys = i <= N_BUYERS
        at = (now - datetime.timedelta(days=10)).isoformat()
        if buys:
            who = {"email": f"buyer{i}@example.com", "name": f"Buyer {i}"}
            said = {"userId": f"u{i}", "messageId": f"who{i}", "timestamp": at, "traits": who}
            server.send(said, "identify")
            n += 1
        product = {"product_id": "p1", "name": "Lamp", "price": 20.5, "currency": "EUR"}
        look = {"event": "Product Viewed", "userId": f"u{i}", "messageId": f"look{i}"}
        server.send(look | {"timestamp": at, "properties": product})
        n += 1
        if buys:
            at = (now - datetime.timedelta(days=9)).isoformat()
            order = {"order_id": f"o{i}", "revenue": 20.5, "currency": "EUR"}
            order["products"] = [product | {"quantity": 1}]
            buy = {"event": "Order Completed", "userId": f"u{i}", "messageId": f"buy{i}"}
            server.send(buy | {"timestamp": at, "properties": order})
            n += 1
    server.wait_for(n)
    return n


def invite_analyst(server):
    """An analyst with a password, and a token that only reads."""
    invite = server.get("POST", "/api/users/invite", {"email": USER, "role": "analyst"})
    link = invite["invite_url"].rsplit("/", 1)[1]
    request = urllib.request.Request(
        f"{server.url}/api/invites/{link}",
        json.dumps({"name": "Ada", "password": PASSWORD}).encode(),
        {"x-rapport-csrf": "1"},
    )
    urllib.request.urlopen(request).read()
    made = server.get("POST", "/api/tokens", {"name": "notebook", "scopes": ["read"]})
    return made["token"]


def over_http(server, token):
    """JSON, CSV, errors, schema, saved questions, the audit log."""
    sql = {"query": "SELECT name, n_orders, revenue FROM customers ORDER BY customer_id", "rows_max": 3}
    answer = server.get("POST", "/api/sql", sql, token=token)
    assert [c["name"] for c in answer["columns"]] == ["name", "n_orders", "revenue"], answer
    known = {"query": "SELECT product_id, name, price, currency FROM products"}
    products = server.get("POST", "/api/sql", known, token=token)["rows"]
    assert products == [["p1", "Lamp", 20.5, "EUR"]], products
    assert answer["rows"][0] == ["Buyer 1", 1, 20.5] and answer["n_rows"] == 3, answer
    assert answer["is_cut"] is True and answer["error"] is None and answer["took_ms"] >= 0, answer
    status, text = server.ask("POST", "/api/sql", sql | {"format": "csv"}, token=token)
    assert (status, text.splitlines()[:2]) == (200, ["name,n_orders,revenue", "Buyer 1,1,20.5"]), text
    text = server.ask("POST", "/api/sql", sql, token=token, accept="text/csv")[1]
    assert text.startswith("name,n_orders"), text
    status, text = server.ask("POST", "/api/sql", {"query": "SELECT\n nme FROM customers"}, token=token)
    error = json.loads(text)["error"]
    assert status == 400 and error["message"].endswith("at line 2, column 2"), text
    assert error["hint"] == "did you mean 'customers.name'?", text
    status, text = server.ask("POST", "/api/sql", {"query": "DROP TABLE events"}, token=token)
    assert status == 403 and "SQL only reads" in text, text
    plan = server.get("POST", "/api/sql/plan", {"query": sql["query"]}, token=token)
    assert "Exec" in plan["text"], plan
    schema = server.get("GET", "/api/sql/schema", token=token)
    assert schema["server"] == {"port": server.port, "is_tls": False}, schema["server"]
    for function in schema["functions"]:
        answer = server.get("POST", "/api/sql", {"query": function["example"], "rows_max": 5}, token=token)
        assert answer["error"] is None, (function["name"], answer)
    for table in schema["tables"]:
        names = ", ".join(column["name"] for column in table["columns"])
        query = {"query": f"SELECT {names} FROM {table['name']} LIMIT 5"}
        answer = server.get("POST", "/api/sql", query, token=token)
        types = [column["type"] for column in table["columns"]]
        assert [column["type"] for column in answer["columns"]] == types, (table["name"], answer)
    saved = server.get("POST", "/api/sql/queries", {"name": "Names", "query": sql["query"]})
    path = f"/api/sql/queries/{saved['id']}"
    server.get("PUT", path, {"name": "All names", "query": sql["query"], "look": {"chart": "bar"}})
    listed = server.get("GET", "/api/sql/queries")["queries"]
    assert [(q["name"], q["look"]) for q in listed] == [("All names", {"chart": "bar"})], listed
    server.get("DELETE", path)
    assert server.get("GET", "/api/sql/queries")["queries"] == []
    entries = server.get("GET", "/api/audit?limit=200")["items"]
    asked = [entry for entry in entries if entry["action"] == "sql.asked"]
    assert any("rows in" in e["detail"] and "FROM customers" in e["detail"] for e in asked), entries[:5]
    return "HTTP"


def as_the_api_says(server, token):
    """Folds in SQL are the API's."""
    days = datetime.date.today() - datetime.timedelta(days=30), datetime.date.today()
    question = {
        "period": {"kind": "between", "first": str(days[0]), "last": str(days[1])},
        "steps": [{"events": ["Product Viewed"]}, {"events": ["Order Completed"]}],
        "within": 7 * 86_400,
    }
    answer = server.get("POST", "/api/insights/funnel", question)
    expected = [step["n"] for step in answer["all"]["steps"]]
    assert expected == [N_BUYERS + N_LOOKERS, N_BUYERS], expected
    brief = f"funnel('{days[0]}', '{days[1]}', '7 days', 'Product Viewed', 'Order Completed')"
    whole = f"funnel('{json.dumps(question)}')"
    for call in (brief, whole):
        found = server.get("POST", "/api/sql", {"query": f"SELECT n FROM {call} ORDER BY step"}, token=token)
        assert found["rows"] == [[n] for n in expected], (call, found)
    wrong = {"query": "SELECT * FROM funnel('2026-01-01', 'never', '7 days', 'a', 'b')"}
    status, text = server.ask("POST", "/api/sql", wrong, token=token)
    assert status == 400 and "the last day must be like" in text, text
    return "folds"


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **more)
    assert done.returncode == 0, f"{command[0]}: {done.stdout}\n{done.stderr}"
    return done.stdout


def over_psql(server):
    if shutil.which("psql") is None:
        return "skipped: psql is not installed"
    target = f"host=127.0.0.1 port={server.port} user={USER} dbname=rapport"
    out = run(
        ["psql", "-X", target, "-f", str(HERE / "session.sql")],
        env=dict(os.environ, PGPASSWORD=PASSWORD),
    )
    for expected in ("customer_id | bigint", "occurred_at | timestamp with time zone", "FETCH"):
        flat = re.sub(r" +", " ", out)
        assert expected in flat or expected == "FETCH", f"{expected} is not in\n{out}"
    return run(["psql", "--version"]).strip()


def over_psycopg(server, token, n_events):
    told = {"port": server.port, "user": USER, "password": PASSWORD, "token": token}
    told |= {"url": server.url, "n_events": n_events, "n_buyers": N_BUYERS}
    return run([PYTHON, str(HERE / "session.py"), json.dumps(told)]).strip().replace("\n", ", ")


def over_jdbc(server, n_events):
    if shutil.which("java") is None or not os.path.exists(JDBC):
        return f"skipped: java or {JDBC} is not installed"
    arguments = [str(server.port), USER, PASSWORD, str(n_events)]
    out = run(["java", "-cp", JDBC, str(HERE / "Session.java"), *arguments])
    assert "done" in out, out
    return out.split("\n")[0]


HOSTILE = [
    ("SELECT count(*) FROM events a, events b, events c, events d, events e WHERE a.name < b.message_id", "longer than|memory"),
    ("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r", "[Rr]ecursive"),
    ("SELECT * FROM generate_series(1, 1000000000000)", "more than .* rows|longer than"),
    ("SELECT repeat('x', 2000000000)", "at most"),
    ("SELECT " + "(" * 5000 + "1" + ")" * 5000, "brackets"),
    ("SELECT a.properties, count(*) FROM events a, events b, events c, events d GROUP BY a.message_id, b.message_id, c.message_id, d.message_id, 1", "memory|longer than"),
]


def hostile(server, token):
    """Hostile questions are stopped with a clear error; events are acknowledged meanwhile."""
    over = threading.Event()
    slowest = [0.0]

    def keep_sending():
        n = 0
        while not over.is_set():
            n += 1
            event = {"event": "Ping", "userId": "u1", "messageId": f"ping{n}"}
            slowest[0] = max(slowest[0], server.send(event))
            time.sleep(0.01)

    sending = threading.Thread(target=keep_sending)
    sending.start()
    try:
        for query, expected in HOSTILE:
            status, text = server.ask("POST", "/api/sql", {"query": query}, token=token)
            told = json.loads(text)["error"]
            assert told and re.search(expected, told["message"]), (query[:80], status, text[-400:])
            if shutil.which("psql"):
                target = f"host=127.0.0.1 port={server.port} user=x dbname=rapport"
                done = subprocess.run(
                    ["psql", "-X", target, "-c", "SET statement_timeout = '3s'", "-c", query],
                    env=dict(os.environ, PGPASSWORD=token),
                    capture_output=True, text=True, timeout=200,
                )
                assert done.returncode != 0 and re.search(expected, done.stderr), (query[:80], done.stderr)
            assert server.get("POST", "/api/sql", {"query": "SELECT 1 + 1"}, token=token)["rows"] == [[2]]
    finally:
        over.set()
        sending.join()
    late = f"slowest acknowledgement {slowest[0] * 1000:.0f} ms"
    if slowest[0] > ACK_SECONDS_MAX:
        late += f" (more than {ACK_SECONDS_MAX * 1000:.0f} ms: measure on an idle machine)"
    return f"hostile questions stopped, {late}"


def main():
    with Server() as server:
        n_events = fill(server)
        token = invite_analyst(server)
        print("ok:", over_http(server, token), flush=True)
        print("ok:", as_the_api_says(server, token), flush=True)
        print("ok:", over_psql(server), flush=True)
        print("ok:", over_psycopg(server, token, n_events), flush=True)
        print("ok:", over_jdbc(server, n_events), flush=True)
        print("ok:", hostile(server, token), flush=True)


if __name__ == "__main__":
    main()
