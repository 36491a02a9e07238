"""What an analyst does on a first day, with psycopg, SQLAlchemy and pandas, unmodified."""

import datetime
import sys

try:
    import pandas
    import psycopg
    import sqlalchemy
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(0)

port, certificate, n_events = sys.argv[1], sys.argv[2], int(sys.argv[3])
tls = f"sslmode=verify-full sslrootcert={certificate}"
target = f"host=localhost hostaddr=127.0.0.1 port={port} user=ada password=secret dbname=rapport {tls}"

with psycopg.connect(target) as connection:
    assert connection.execute("SELECT count(*) FROM events").fetchone() == (n_events,)
    sql = "SELECT customer_id, name, revenue, first_seen FROM customers WHERE customer_id = %s"
    row = connection.execute(sql, (8,)).fetchone()
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    assert row == (8, "n8", 4.0, start), row
    with connection.cursor(name="kept") as cursor:
        cursor.execute("SELECT customer_id FROM customers ORDER BY 1")
        assert cursor.fetchmany(3) == [(1,), (2,), (3,)]
    connection.rollback()
    try:
        connection.execute("DELETE FROM events")
        raise AssertionError("it was deleted")
    except psycopg.errors.ReadOnlySqlTransaction:
        connection.rollback()
print("psycopg", psycopg.__version__)

engine = sqlalchemy.create_engine(
    f"postgresql+psycopg://ada:secret@localhost:{port}/rapport"
    f"?sslmode=verify-full&sslrootcert={certificate}&hostaddr=127.0.0.1"
)
inspector = sqlalchemy.inspect(engine)
tables = inspector.get_table_names()
assert {"events", "customers", "holdings"} <= set(tables), tables
print("SQLAlchemy", sqlalchemy.__version__)

frame = pandas.read_sql("SELECT name, count(*) AS n FROM events GROUP BY name ORDER BY n DESC", engine)
assert frame["n"].sum() == n_events
frame = pandas.read_sql("SELECT customer_id, occurred_at FROM events LIMIT 100", engine)
assert len(frame) == 100 and str(frame["occurred_at"].dtype).startswith("datetime64"), frame.dtypes
print("pandas", pandas.__version__)
