#!/usr/bin/env python3
"""What must have arrived once the Online Retail file is imported?

Computes, from the file and with nothing but Python's standard library, what an import under
examples/online_retail.mapping.toml has to add up to, and prints it as JSON. It shares no code and
no idea with the importer but these, which examples/README.md states:

- an invoice is all lines with one InvoiceNo, wherever they stand in the file;
- an invoice with a C is a refund, one with an A a booking of bad debt; of the others, one without a
  customer and with a sum of zero is a movement of stock; the rest are orders;
- its month is that of its earliest line; its customer is the whole number in CustomerID.

Sums are exact decimals (as text); "pence" sums are made of invoices rounded to the penny, half away
from zero, which is how a ledger in minor units adds them up.

usage: expected.py FILE.csv[.gz]
"""

import csv
import gzip
import json
import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

PENNY = Decimal("0.01")


def read(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def kind_of(number, customer, total):
    if number.startswith("C"):
        return "Order Refunded"
    if number.startswith("A"):
        return "Debt Adjusted"
    if not customer and total == 0:
        return "Stock Adjusted"
    return "Order Completed"


def customer_of(text):
    if not text:
        return ""
    number = Decimal(text)
    assert number == number.to_integral_value(), text
    return str(number.to_integral_value())


def pence(amount):
    return int(amount.quantize(PENNY, rounding=ROUND_HALF_UP) * 100)


class Invoice:
    def __init__(self, number, row):
        self.number = number
        self.customer = customer_of(row["CustomerID"])
        self.country = row["Country"]
        self.time = row["InvoiceDate"]
        self.lines = 0
        self.units = 0
        self.total = Decimal(0)

    def add(self, row):
        assert customer_of(row["CustomerID"]) == self.customer, self.number
        assert row["Country"] == self.country, self.number
        self.time = min(self.time, row["InvoiceDate"])
        self.lines += 1
        self.units += int(row["Quantity"])
        self.total += int(row["Quantity"]) * Decimal(row["UnitPrice"])


class Sums:
    """What a heap of invoices adds up to, refunds taken off."""

    def __init__(self):
        self.lines = 0
        self.units = 0
        self.net = Decimal(0)
        self.net_pence = 0
        self.events = defaultdict(int)

    def add(self, invoice, kind):
        self.lines += invoice.lines
        self.units += invoice.units
        self.net += invoice.total
        self.net_pence += pence(invoice.total)
        self.events[kind] += 1

    def shown(self):
        return {
            "lines": self.lines,
            "units": self.units,
            "net": format(self.net.normalize(), "f") if self.net else "0",
            "net_pence": self.net_pence,
            "events": dict(sorted(self.events.items())),
        }


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    invoices = {}
    n_lines = cancelled_lines = lines_without_customer = 0
    for row in read(sys.argv[1]):
        n_lines += 1
        cancelled_lines += row["InvoiceNo"].startswith("C")
        lines_without_customer += not row["CustomerID"]
        number = row["InvoiceNo"]
        if number not in invoices:
            invoices[number] = Invoice(number, row)
        invoices[number].add(row)

    everything = Sums()
    heaps = {name: defaultdict(Sums) for name in ("kind", "country", "month", "customer")}
    for invoice in invoices.values():
        kind = kind_of(invoice.number, invoice.customer, invoice.total)
        everything.add(invoice, kind)
        heaps["kind"][kind].add(invoice, kind)
        heaps["country"][invoice.country].add(invoice, kind)
        heaps["month"][invoice.time[:7]].add(invoice, kind)
        if invoice.customer:
            heaps["customer"][invoice.customer].add(invoice, kind)

    result = {
        "n_lines": n_lines,
        "n_lines_cancelled": cancelled_lines,
        "n_lines_without_customer": lines_without_customer,
        "n_invoices": len(invoices),
        "n_invoices_cancelled": sum(n.startswith("C") for n in invoices),
        "n_invoices_without_customer": sum(not i.customer for i in invoices.values()),
        "n_customers": len(heaps["customer"]),
        "all": everything.shown(),
    }
    for name, heap in heaps.items():
        result["by_" + name] = {key: sums.shown() for key, sums in sorted(heap.items())}
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
