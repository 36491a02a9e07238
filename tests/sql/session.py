"""What an analyst does on a first day, with psycopg, SQLAlchemy, pandas and Arrow, unmodified."""

import json
import sys
import urllib.request

try:
    import pandas
    import psycopg
    import pyarrow
    import sqlalchemy
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(0)

told = json.loads(sys.argv[1])
port, user, password, token = told["port"], told["user"], told["password"], told["token"]

with psycopg.connect(
    host="127.0.0.1", port=port, user=user, password=password, dbname="rapport"
) as connection:
    n = connection.execute("SELECT count(*) FROM events").fetchone()[0]
    assert n == told["n_events"], n
    row = connection.execute(
        "SELECT name, email, n_orders, revenue FROM customers WHERE email = %s",
        ("buyer1@example.com",),
    ).fetchone()
    assert row == ("Buyer 1", "buyer1@example.com", 1, 20.5), row
    with connection.cursor(name="kept") as cursor:
        cursor.execute("SELECT customer_id FROM customers ORDER BY 1")
        assert len(cursor.fetchmany(3)) == 3
    connection.rollback()
    try:
        connection.execute("DELETE FROM events")
        raise AssertionError("it was deleted")
    except psycopg.errors.ReadOnlySqlTransaction:
        connection.rollback()
    try:
        connection.execute("SELECT nme FROM customers")
        raise AssertionError("there is no such column")
    except psycopg.Error as error:
        assert error.diag.message_hint == "did you mean 'customers.name'?", error.diag.message_hint
        assert error.diag.statement_position == "8", error.diag.statement_position
        connection.rollback()
print("psycopg", psycopg.__version__)

# An API token, whatever the name.
with psycopg.connect(
    host="127.0.0.1", port=port, user="notebook", password=token, dbname="rapport"
) as connection:
    assert connection.execute("SELECT count(*) FROM events").fetchone() == (n,)
for wrong in [(user, "wrong"), ("nobody@example.com", password), ("notebook", "rpt_wrong")]:
    try:
        psycopg.connect(
            host="127.0.0.1", port=port, user=wrong[0], password=wrong[1], dbname="rapport"
        )
        raise AssertionError(f"{wrong} came in")
    except psycopg.OperationalError as error:
        assert "password authentication failed" in str(error), error
print("passwords")

url = sqlalchemy.URL.create(
    "postgresql+psycopg", user, password, host="127.0.0.1", port=port, database="rapport"
)
engine = sqlalchemy.create_engine(url)
inspector = sqlalchemy.inspect(engine)
tables = inspector.get_table_names()
expected = {"events", "customers", "identifiers", "accounts", "account_members", "products"}
assert expected | {"holdings", "sources"} <= set(tables), tables
columns = {column["name"]: column for column in inspector.get_columns("events")}
assert isinstance(columns["customer_id"]["type"], sqlalchemy.BIGINT), columns["customer_id"]
assert isinstance(columns["occurred_at"]["type"], sqlalchemy.TIMESTAMP), columns["occurred_at"]
assert isinstance(columns["properties"]["type"], sqlalchemy.TEXT), columns["properties"]
assert inspector.get_pk_constraint("events")["constrained_columns"] == []
assert inspector.get_foreign_keys("events") == [] and inspector.get_indexes("events") == []
everything = sqlalchemy.MetaData()
everything.reflect(engine)
assert set(everything.tables) == set(tables), everything.tables
events = sqlalchemy.Table("events", sqlalchemy.MetaData(), autoload_with=engine)
assert [column.name for column in events.columns] == list(columns), events.columns
customers = sqlalchemy.Table("customers", sqlalchemy.MetaData(), autoload_with=engine)
assert not customers.c.customer_id.nullable and customers.c.email.nullable
with engine.connect() as connection:
    ask = sqlalchemy.select(customers.c.name).where(customers.c.n_orders > 0)
    names = sorted(connection.execute(ask).scalars())
    expected = sorted(f"Buyer {i}" for i in range(1, told["n_buyers"] + 1))
    assert names == expected, names
    joined = sqlalchemy.select(sqlalchemy.func.count()).select_from(
        events.join(customers, events.c.customer_id == customers.c.customer_id)
    )
    assert connection.execute(joined).scalar_one() == n
print("SQLAlchemy", sqlalchemy.__version__)

frame = pandas.read_sql("SELECT name, count(*) AS n FROM events GROUP BY 1 ORDER BY 2", engine)
assert frame["n"].sum() == n
frame = pandas.read_sql("SELECT customer_id, occurred_at FROM events LIMIT 7", engine)
assert len(frame) == 7 and str(frame["occurred_at"].dtype).startswith("datetime64"), frame.dtypes
print("pandas", pandas.__version__)

request = urllib.request.Request(
    told["url"] + "/api/sql",
    json.dumps({"query": "SELECT customer_id, occurred_at, name FROM events"}).encode(),
    {
        "authorization": "Bearer " + token,
        "accept": "application/vnd.apache.arrow.stream",
    },
)
with urllib.request.urlopen(request) as response, pyarrow.ipc.open_stream(response) as stream:
    table = stream.read_all()
assert table.num_rows == n and table.column_names == ["customer_id", "occurred_at", "name"]
print("pyarrow", pyarrow.__version__)
print("done")
