#!/usr/bin/env python3
"""Heals one failed job, from Python: what went wrong, is a retry worth it, and with which configuration?

    heal.py STORE-URL ATTEMPT.json LOG...      e.g. heal.py sqlite:history.db attempt.json logs/driver.stderr

In a checkout: PYTHONPATH=bindings/python examples/python/heal.py ...
"""

import json
import sys

import jobmedic


def heal(store: str, attempt_file: str, logs: list) -> None:
    with open(attempt_file, encoding="utf-8") as file:
        attempt = json.load(file)

    # One engine per process is enough: it is safe from any number of threads.
    with jobmedic.Engine(store=store) as engine:
        # Verdict, recommendation and retry decision; the patch is saved in the store.
        answer = engine.remediate(attempt, logs)
        # What the next attempt is to run with. Any process that opens the store gets the same.
        config = engine.get_config(attempt)["config"]

    verdict = answer["classification"]
    if verdict["classified"]:
        evidence = verdict["evidence"]
        print(f"{verdict['rule']} ({verdict['category']}): {verdict['summary']}")
        print(f"  {evidence['log']}:{evidence['line']}: {' '.join(evidence['text'].split())}")
    else:
        print("no rule matched: unclassified")
    print(f"restart: {answer['retry']['restart']}, {answer['retry']['reason']}")
    for operation in jobmedic.diff(attempt.get("config", {}), config):
        print(f"  {operation['op']} {operation['path']} {operation.get('value', '')}")
    print(json.dumps(config, indent=2))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit("usage: heal.py STORE-URL ATTEMPT.json LOG...")
    try:
        heal(sys.argv[1], sys.argv[2], sys.argv[3:])
    except (jobmedic.Error, OSError, ValueError) as problem:
        sys.exit(f"heal.py: {problem}")
