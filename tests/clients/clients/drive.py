"""Tells a story with a library for Python: the job comes on standard input, the answers go to
standard output, and what the library itself logs (warnings and worse) goes to standard error."""

import json
import logging
import sys
from datetime import datetime


def segment(job):
    from segment.analytics.client import Client

    client = Client(
        job["write_key"],
        host=job["url"],
        gzip=job["gzip"],
        on_error=complain,
        upload_size=20,
        upload_interval=0.2,
    )
    return tell_segment(client, job["steps"])


def rudder(job):
    from rudderstack.analytics.client import Client

    client = Client(
        job["write_key"],
        host=job["url"],
        gzip=job["gzip"],
        on_error=complain,
        upload_size=20,
        upload_interval=0.2,
    )
    return tell_segment(client, job["steps"])


def tell_segment(client, steps):
    for step in steps:
        said = {SNAKE.get(name, name): value for name, value in step.items() if name != "call"}
        getattr(client, step["call"])(**dated(said))
    client.flush()
    client.shutdown()
    return {}


SNAKE = {
    "userId": "user_id",
    "anonymousId": "anonymous_id",
    "groupId": "group_id",
    "previousId": "previous_id",
    "distinctId": "distinct_id",
    "groupType": "group_type",
    "groupKey": "group_key",
}


def posthog(job):
    from posthog import Posthog

    asks = any(step["call"] == "flags" for step in job["steps"])
    client = Posthog(
        job["write_key"],
        host=job["url"],
        gzip=job["gzip"],
        on_error=complain,
        flush_at=20,
        flush_interval=0.2,
        capture_mode=job.get("capture_mode", "v0"),
        secret_key="phx_of_nobody" if asks else None,
    )
    answers = {}
    for step in job["steps"]:
        said = {SNAKE.get(name, name): value for name, value in step.items() if name != "call"}
        answers[step["call"]] = POSTHOG[step["call"]](client, dated(said))
    client.flush(timeout_seconds=None)
    client.shutdown()
    return answers


def posthog_exception(client, said):
    try:
        raise ValueError(said["message"])
    except ValueError as error:
        return client.capture_exception(error, distinct_id=said["distinct_id"])


def posthog_flags(client, said):
    who = said["distinct_id"]
    flags = client.evaluate_flags(who)
    client.load_feature_flags()
    return {
        "all": client.get_all_flags(who),
        "one": flags.is_enabled("nothing"),
        "payloads": client.get_all_flags_and_payloads(who),
    }


POSTHOG = {
    "capture": lambda client, said: client.capture(**said),
    "capture_ai": lambda client, said: client.capture_ai(**said),
    "set": lambda client, said: client.set(**said),
    "set_once": lambda client, said: client.set_once(**said),
    "alias": lambda client, said: client.alias(said["alias"], said["distinct_id"]),
    "group": lambda client, said: client.group_identify(**said),
    "exception": posthog_exception,
    "flags": posthog_flags,
}


def dated(said):
    """JSON has no dates, the libraries want one."""
    if said.get("timestamp"):
        said["timestamp"] = datetime.fromisoformat(said["timestamp"])
    return said


def complain(error, items):
    print(f"on_error: {error} ({len(items)} events)", file=sys.stderr)


DRIVERS = {"segment-python": segment, "rudder-python": rudder, "posthog-python": posthog}

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    job = json.load(sys.stdin)
    answers = DRIVERS[job["library"]](job)
    print()
    print(json.dumps(answers, default=str))
