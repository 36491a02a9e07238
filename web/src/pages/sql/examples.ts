// What can be asked? Five questions that answer something on a shop's events and show the tables.
export interface Example {
  name: string
  /** What it shows of the schema. */
  shows: string
  query: string
}

export const examples: Example[] = [
  {
    name: 'What happens most often?',
    shows: 'events: one row for each thing that happened',
    query: `-- Every event is one row of "events".
SELECT name, count(*) AS n, count(DISTINCT customer_id) AS customers
FROM events
GROUP BY name
ORDER BY n DESC;`,
  },
  {
    name: 'Revenue by month',
    shows: 'properties: the fields of an event, as JSON',
    query: `-- The fields of an event are JSON: ->> takes one out as text,
-- try_cast makes a number of it (NULL where it is none).
SELECT date_trunc('month', occurred_at) AS month
     , count(*) AS orders
     , sum(try_cast(properties ->> 'revenue' AS DOUBLE)) AS revenue
FROM events
WHERE name = 'Order Completed'
GROUP BY month
ORDER BY month;`,
  },
  {
    name: 'Who bought most?',
    shows: 'customers: one row for each person, with sums kept up to date',
    query: `-- customer_key() is the id that stands in the address of a customer's page.
SELECT customer_key(customer_id) AS customer, name, country, n_orders, revenue, currency
FROM customers
WHERE n_orders > 0
ORDER BY revenue DESC
LIMIT 50;`,
  },
  {
    name: 'Viewed a product, ordered within 7 days',
    shows: 'joining events of the same customer',
    query: `SELECT count(DISTINCT v.customer_id) AS viewed
     , count(DISTINCT o.customer_id) AS ordered
FROM events v
LEFT JOIN events o
  ON o.customer_id = v.customer_id
 AND o.name = 'Order Completed'
 AND o.occurred_at BETWEEN v.occurred_at AND v.occurred_at + INTERVAL '7 days'
WHERE v.name = 'Product Viewed'
  AND v.occurred_at >= now() - INTERVAL '90 days';`,
  },
  {
    name: 'Which source brings what?',
    shows: 'sources, and a time range that spares reading the rest',
    query: `-- Conditions on occurred_at decide which files are read at all.
SELECT s.name AS source, e.name AS event, count(*) AS n, max(e.occurred_at) AS last_at
FROM events e
JOIN sources s ON s.source_id = e.source_id
WHERE e.occurred_at >= now() - INTERVAL '30 days'
GROUP BY s.name, e.name
ORDER BY n DESC;`,
  },
]
