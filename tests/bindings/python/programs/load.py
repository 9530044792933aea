"""load.py CALLS FOLDER [CONFIG]: that many calls from 16 threads, with engines opened and closed meanwhile. Prints how much memory
was in use (RSS, bytes) after each tenth of them, and the answers seen."""

import concurrent.futures
import itertools
import json
import os
import sys
import threading

from jobmedic import Engine, PatchError, apply_patch

THREADS = 16
calls, folder, config = int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3] if len(sys.argv) > 3 else "{}")
logs = {name: open(os.path.join(folder, name), "rb").read() for name in ("driver.stdout", "executor-0.stderr")}
count = itertools.count(1)
seen, memory, lock = set(), [], threading.Lock()


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def one(engine, number):
    kind = number % 4
    if kind == 0:
        return engine.classify(logs)["category"]
    if kind == 1:
        with engine.scan() as scan:
            for name, data in logs.items():
                scan.feed(name, data)
            return scan.result()["category"]
    if kind == 2:
        return apply_patch({"a": "1g"}, [{"op": "add", "path": "/a", "value": "2g"}])["a"]
    try:
        apply_patch({}, [{"op": "remove", "path": "/b"}])
    except PatchError as error:
        return error.detail["pointer"]


def work():
    engine = Engine(config)
    while (number := next(count)) <= calls:
        answer = one(engine, number)
        if number % 20 == 0:
            engine.close()
            engine = Engine(config)
        if number % (calls // 10) == 0:
            memory.append(resident())
        with lock:
            seen.add(answer)
    engine.close()


with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
    for done in [pool.submit(work) for _ in range(THREADS)]:
        done.result()
print(json.dumps({"memory": memory, "seen": sorted(seen)}))
print("grew by", memory[-1] - memory[len(memory) // 2 - 1], "in the second half of the calls", file=sys.stderr)
