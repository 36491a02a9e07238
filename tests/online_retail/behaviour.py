#!/usr/bin/env python3
"""What must questions about behaviour answer once the Online Retail file is imported?

Computes with pandas, from the file alone, three tables and prints them as JSON:

- revenue by month: orders, refunds, and orders less refunds;
- retention by cohort: customers by the month of their first order, how many of them ordered again
  so many months later, and for how much;
- the grid of recency, frequency and monetary value, in fifths.

It shares no code and no idea with the folds but these, which examples/README.md states:

- an invoice is all lines with one InvoiceNo; its time is that of its earliest line;
- an invoice with a C is a refund, one with an A a booking of bad debt; of the others, one without a
  customer and with a sum of zero is a movement of stock; the rest are orders;
- an invoice without a customer number is a customer of its own;
- times are local ones of Great Britain.

Prices have three decimals at most, so that sums are made of whole thousandths of a pound.

usage: behaviour.py FILE.csv[.gz] > behaviour.json
"""

import json
import sys

import pandas as pd

ZONE = "Europe/London"
END = pd.Timestamp("2011-12-10", tz=ZONE)  # the day after the last one of the file begins
SCORES = 5


def invoices(path):
    """One row per invoice: who, when, how much in thousandths, and what it is."""
    text = {"InvoiceNo": str, "CustomerID": str, "UnitPrice": str}
    lines = pd.read_csv(path, usecols=["InvoiceNo", "CustomerID", "InvoiceDate", "UnitPrice",
                                       "Quantity"], dtype=text)
    price = lines["UnitPrice"].astype(float).mul(1000).round().astype("int64")
    lines["total"] = price * lines["Quantity"]
    found = lines.groupby("InvoiceNo", as_index=False).agg(
        customer=("CustomerID", "first"), at=("InvoiceDate", "min"), total=("total", "sum")
    )
    found["at"] = pd.to_datetime(found["at"]).dt.tz_localize(ZONE)
    number = found["InvoiceNo"]
    nobody = found["customer"].isna()
    found["kind"] = "order"
    found.loc[nobody & (found["total"] == 0), "kind"] = "stock"
    found.loc[number.str.startswith("C"), "kind"] = "refund"
    found.loc[number.str.startswith("A"), "kind"] = "debt"
    found["customer"] = found["customer"].where(~nobody, "invoice-" + number)
    # Period arithmetic has no time zones; the month is that of the local clock.
    found["month"] = found["at"].dt.tz_localize(None).dt.to_period("M")
    return found


def revenue_by_month(all_invoices):
    sums = all_invoices.pivot_table(
        index="month", columns="kind", values="total", aggfunc="sum", fill_value=0
    )
    return [
        {"month": str(month), "orders": int(row["order"]), "refunds": int(-row["refund"]),
         "net": int(row["order"] + row["refund"])}
        for month, row in sums.iterrows()
    ]


def retention(orders):
    first = orders.groupby("customer")["month"].transform("min")
    later = (orders["month"] - first).map(lambda span: span.n)
    cells = orders.assign(cohort=first, later=later).groupby(["cohort", "later"]).agg(
        n=("customer", "nunique"), sum=("total", "sum")
    )
    last = orders["month"].max()
    table = []
    for cohort in sorted(first.unique()):
        n_columns = (last - cohort).n + 1
        of = cells.loc[cohort].reindex(range(n_columns), fill_value=0)
        table.append({"cohort": str(cohort), "n": int(of["n"].iloc[0]),
                      "back": of["n"].astype(int).tolist(),
                      "worth": of["sum"].astype(int).tolist()})
    return table


def scores(values, is_better_low=False):
    """Edges at the quantiles, and for each value how many edges it is above."""
    edges = [float(values.quantile(k / SCORES)) for k in range(1, SCORES)]
    above = sum((values > edge).astype(int) for edge in edges)
    return edges, (SCORES - above if is_better_low else above + 1)


def rfm(orders):
    by = orders.groupby("customer").agg(
        last=("at", "max"), frequency=("customer", "size"), monetary=("total", "sum")
    )
    by["recency"] = (END - by["last"]).dt.days
    edges = {}
    edges["recency_days"], by["r"] = scores(by["recency"], is_better_low=True)
    edges["frequency"], by["f"] = scores(by["frequency"])
    edges["monetary"], by["m"] = scores(by["monetary"])
    edges["monetary"] = [edge / 1000 for edge in edges["monetary"]]
    sizes = by.groupby(["r", "f", "m"]).size()
    grid = [
        {"recency": r, "frequency": f,
         "n_by_monetary": [int(sizes.get((r, f, m), 0)) for m in range(1, SCORES + 1)]}
        for r in range(1, SCORES + 1) for f in range(1, SCORES + 1)
    ]
    return {"n_customers": len(by), "edges": edges, "grid": grid}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = invoices(sys.argv[1])
    orders = found[found["kind"] == "order"]
    result = {
        "revenue_by_month": revenue_by_month(found),
        "retention": retention(orders),
        "rfm": rfm(orders),
    }
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
