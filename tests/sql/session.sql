\set ON_ERROR_STOP on
\conninfo
\l
\dn
\dt
\dt+
\d
\d events
\d+ customers
SELECT count(*) AS "n events" FROM events;
SELECT name, count(*) FROM events GROUP BY name ORDER BY 2 DESC, 1;
SELECT c.name, count(*) AS n FROM events e JOIN customers c USING (customer_id)
  WHERE c.is_known GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3;
SELECT step, n, of_first FROM funnel('2026-01-01', '2026-12-31', '7 days', 'Product Viewed', 'Order Completed');
BEGIN;
DECLARE some CURSOR FOR SELECT customer_id FROM customers ORDER BY 1;
FETCH 2 FROM some;
CLOSE some;
COMMIT;
