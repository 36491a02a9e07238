"""What is asked of each system, in the words that its experts would use?

Every question has one query for DuckDB and one or more for ClickHouse (the better one counts).
Answers are rows of integers and texts, compared for equality before any time is.
"""

DUCKDB = {
    "daily actives": """
        select epoch_us(date_trunc('day', ts)) // 86400000000 as day, count(distinct customer_id)
        from e group by 1
    """,
    "funnel": """
        with f as (
            select * from e where event in ('product_viewed', 'product_added', 'order_completed')
        ), added as (
            select customer_id, ts, event,
                   min(case when event = 'product_added' then ts end) over (
                       partition by customer_id order by ts
                       range between interval 1 microsecond following
                                 and interval 7 days following) as added_at
            from f
        ), levels as (
            select v.customer_id,
                   case when v.added_at is null then 1
                        when o.ts <= v.ts + interval 7 days then 3 else 2 end as level
            from (select * from added where event = 'product_viewed') v
            asof left join (select customer_id, ts from f where event = 'order_completed') o
              on v.customer_id = o.customer_id and o.ts > v.added_at
        )
        select level, count(*) from (
            select customer_id, max(level) as level from levels group by customer_id
        ) group by level
    """,
    "retention": """
        with active as (
            select distinct customer_id, epoch_us(date_trunc('week', ts)) // 86400000000 as week
            from e
        ), first as (select customer_id, min(week) as cohort from active group by 1)
        select cohort, (week - cohort) // 7 as k, count(*)
        from active join first using (customer_id) where week - cohort <= 84 group by 1, 2
    """,
    "sessions": """
        select count(*) filter (where before is null or ts - before > interval 30 minutes) from (
            select ts, lag(ts) over (partition by customer_id order by ts) as before from e
        )
    """,
    "paths": """
        select second, third, count(*) from (
            select event, lead(event) over w as second, lead(event, 2) over w as third
            from e window w as (partition by customer_id order by ts)
        ) where event = 'product_viewed' group by 1, 2
        order by count(*) desc limit 40
    """,
    "last touch": """
        select count(*)
        from (select customer_id, ts from e where event = 'order_completed') o
        asof join (select customer_id, ts from e where event = 'campaign_touched') m
          on o.customer_id = m.customer_id and o.ts >= m.ts
        where o.ts - m.ts <= interval 30 days
    """,
}

CLICKHOUSE = {
    "daily actives": [
        "select toInt64(toDate(ts)) as d, uniqExact(customer_id) from {table} group by d",
    ],
    "funnel": [
        """
        select level, count() from (
            select customer_id,
                   windowFunnel(604800000000)(toUInt64(toUnixTimestamp64Micro(ts)),
                       event = 'product_viewed', event = 'product_added',
                       event = 'order_completed') as level
            from {table}
            where event in ('product_viewed', 'product_added', 'order_completed')
            group by customer_id
        ) where level > 0 group by level
        """,
    ],
    "retention": [
        """
        select cohort, k, count() from (
            select customer_id, min(toInt64(toMonday(ts))) as cohort,
                   arrayJoin(groupUniqArray(toInt64(toMonday(ts)))) as week,
                   intDiv(week - cohort, 7) as k
            from {table} group by customer_id
        ) where k <= 12 group by cohort, k
        """,
    ],
    "sessions": [
        """
        select sum(arrayCount((a, b) -> a - b > 1800000000, arrayPopFront(t), arrayPopBack(t)) + 1)
        from (
            select arraySort(groupArray(toUnixTimestamp64Micro(ts))) as t
            from {table} group by customer_id
        )
        """,
    ],
    "paths": [
        """
        select second, third, count() from (
            select arraySort(x -> x.1, groupArray((ts, event))) as a,
                   arrayJoin(arrayFilter(i -> a[i].2 = 'product_viewed', arrayEnumerate(a))) as i,
                   a[i + 1].2 as second, a[i + 2].2 as third
            from {table} group by customer_id
        ) group by second, third order by count() desc limit 40
        """,
        """
        select second, third, count() from (
            select event,
                   leadInFrame(toNullable(event), 1) over w as second,
                   leadInFrame(toNullable(event), 2) over w as third
            from {table} window w as (partition by customer_id order by ts
                rows between current row and unbounded following)
        ) where event = 'product_viewed' group by second, third
        order by count() desc limit 40
        """,
    ],
    "last touch": [
        """
        select count()
        from (select customer_id, ts from {table} where event = 'order_completed') o
        asof join (select customer_id, ts from {table} where event = 'campaign_touched') m
          on o.customer_id = m.customer_id and o.ts >= m.ts
        where toUnixTimestamp64Micro(o.ts) - toUnixTimestamp64Micro(m.ts) <= 2592000000000
        """,
    ],
}
