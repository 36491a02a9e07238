"""How good and how fast is Splink on one of the files, with a model as its documentation builds it?

Prints one line `RESULT {json}`: pair F1 at the threshold, cluster F1 at the threshold, seconds from
reading the file to the clusters, and the peak memory of this process.

    python splink_run.py febrl3 ../shared/data
"""

import argparse
import json
import logging
import resource
import time
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLD = 0.9


def febrl_reader(path):
    """A view of a febrl file, trimmed, empty values as NULL, the person in `cluster`."""
    names = [
        "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode",
        "state", "date_of_birth", "soc_sec_id",
    ]
    columns = ", ".join(f"nullif(trim(\"{name}\"), '') as {name}" for name in names)
    return (
        "select trim(rec_id) as rec_id, "
        "regexp_extract(rec_id, 'rec-[0-9]+') as cluster, " + columns + " from "
        "(select #1 as rec_id, #2 as given_name, #3 as surname, #4 as street_number, "
        "#5 as address_1, #6 as address_2, #7 as suburb, #8 as postcode, #9 as state, "
        "#10 as date_of_birth, #11 as soc_sec_id "
        f"from read_csv('{path}', all_varchar=true, header=true))"
    )


def febrl_comparisons():
    """The comparisons of Splink's febrl example, with addresses added for a fair field set."""
    return [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison(
            "date_of_birth", input_is_string=True, datetime_format="%Y%m%d"
        ),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address_1", [0.9]).configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1]).configure(
            term_frequency_adjustments=True
        ),
    ]


FEBRL_BLOCKS = [
    block_on("soc_sec_id"),
    block_on("given_name"),
    block_on("surname"),
    block_on("date_of_birth"),
    block_on("postcode"),
]

FEBRL_SURE = [
    block_on("soc_sec_id"),
    block_on("given_name", "surname", "date_of_birth"),
    "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
]


def febrl(con, data, files):
    """The febrl files, one to be deduplicated, two to be linked."""
    for name in files:
        con.sql(f"create table {name} as {febrl_reader(data / 'febrl' / (name + '.csv.gz'))}")
    settings = SettingsCreator(
        link_type="dedupe_only" if len(files) == 1 else "link_only",
        unique_id_column_name="rec_id",
        comparisons=febrl_comparisons(),
        blocking_rules_to_generate_predictions=FEBRL_BLOCKS,
        additional_columns_to_retain=["cluster"],
        retain_intermediate_calculation_columns=False,
    )
    training = [block_on("date_of_birth"), block_on("postcode")]
    return settings, files, FEBRL_SURE, 0.9, training


def fake(con, data):
    """The file of Splink's own tutorial."""
    path = data / "febrl" / "fake_1000.csv.gz"
    con.sql(f"create table fake as select * from read_csv('{path}', all_varchar=true)")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "city"),
            block_on("surname"),
            block_on("email"),
            block_on("dob"),
        ],
        additional_columns_to_retain=["cluster"],
    )
    sure = [
        block_on("first_name", "dob"),
        "l.email = r.email and levenshtein(r.surname, l.surname) <= 2",
        block_on("email"),
    ]
    return settings, ["fake"], sure, 0.7, [block_on("first_name", "surname"), block_on("dob")]


def made(con, path):
    """A made file, as `rapport-bench-linkage export` writes it."""
    con.sql(
        "create table made as select * replace (nullif(trim(phone), '') as phone) "
        f"from read_csv('{path}', all_varchar=true, nullstr='')"
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("family_name").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("birthday", input_is_string=True),
            cl.EmailComparison("email"),
            cl.DamerauLevenshteinAtThresholds("phone", [1]),
            cl.JaroWinklerAtThresholds("street", [0.9]),
            cl.DamerauLevenshteinAtThresholds("postcode", [1]).configure(
                term_frequency_adjustments=True
            ),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("email"),
            block_on("phone"),
            block_on("given_name", "birthday"),
            block_on("family_name", "birthday"),
            block_on("given_name", "street"),
            block_on("birthday", "postcode"),
            block_on("given_name", "family_name", "postcode"),
        ],
        additional_columns_to_retain=["cluster"],
    )
    sure = [block_on("email"), block_on("given_name", "family_name", "birthday")]
    training = [block_on("given_name", "birthday"), block_on("email")]
    return settings, ["made"], sure, 0.8, training


def prepare(con, name, data):
    """Loads a file and says how it is to be linked."""
    if name == "febrl3":
        return febrl(con, data, ["dataset3"])
    if name == "febrl4":
        return febrl(con, data, ["dataset4a", "dataset4b"])
    if name == "fake1000":
        return fake(con, data)
    return made(con, data)


def f1(con, right_sql, linked_sql, true_pairs):
    """F1 of pairs: those linked and right, those linked, those there are."""
    right = con.sql(right_sql).fetchall()[0][0]
    linked = con.sql(linked_sql).fetchall()[0][0]
    return 2 * right / (linked + true_pairs)


def grade(con, settings, tables, predictions, clusters):
    """Pair and cluster F1 against the truth in `cluster`."""
    uid = settings.unique_id_column_name
    union = " union all ".join(f"select '{t}' as src, {uid} as uid, cluster from {t}" for t in tables)
    across = "and l.src <> r.src" if len(tables) > 1 else "and l.uid < r.uid"
    across = "and l.src < r.src" if len(tables) > 1 else across
    con.sql(f"create temp table truth as {union}")
    true_pairs = con.sql(
        f"select count(*) from truth l join truth r on l.cluster = r.cluster {across}"
    ).fetchall()[0][0]
    pairs = f"select count(*) from {predictions} where match_probability >= {THRESHOLD}"
    pair_f1 = f1(con, f"{pairs} and cluster_l = cluster_r", pairs, true_pairs)
    join = (
        f"select count(*) from {clusters} a join {clusters} b on a.cluster_id = b.cluster_id "
    )
    if len(tables) > 1:
        join += "and a.source_dataset < b.source_dataset"
    else:
        join += f"and a.{uid} < b.{uid}"
    cluster_f1 = f1(con, f"{join} where a.cluster = b.cluster", join, true_pairs)
    return pair_f1, cluster_f1


def main():
    """Reads, learns, predicts, clusters; then grades, off the clock."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=["febrl3", "febrl4", "fake1000", "made"])
    parser.add_argument("data", type=Path, help="folder of the data, or the made file")
    arguments = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    started = time.monotonic()
    con = duckdb.connect()
    settings, tables, sure, recall, training = prepare(con, arguments.name, arguments.data)
    db = DuckDBAPI(connection=con)
    registered = [db.register(table, dataset_display_name=table) for table in tables]
    frames = registered[0] if len(registered) == 1 else registered
    linker = Linker(frames, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(sure, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predictions = linker.inference.predict(threshold_match_probability=0.3)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predictions, threshold_match_probability=THRESHOLD
    )
    seconds = time.monotonic() - started
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    pair_f1, cluster_f1 = grade(
        con, settings, tables, predictions.physical_name, clusters.physical_name
    )
    result = {
        "name": arguments.name,
        "pair_f1": round(pair_f1, 5),
        "cluster_f1": round(cluster_f1, 5),
        "total_s": round(seconds, 3),
        "peak_mb": peak_mb,
    }
    print("RESULT " + json.dumps(result))


if __name__ == "__main__":
    main()
