"""Fills a cache under a memory limit: leak.py CGROUP.PROCS STEP_KIB MOST_KIB SECONDS. SIGUSR1 frees the cache."""
import os
import signal
import sys
import time

procs, step_kib, most_kib, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
with open(procs, "w") as group:
    group.write(str(os.getpid()))
cache = []
wanted = []
signal.signal(signal.SIGUSR1, lambda *_: wanted.append(1))
print("ready", flush=True)
end = time.monotonic() + seconds
while time.monotonic() < end:
    if wanted:
        wanted.clear()
        cache.clear()
        print("freed", flush=True)
    if len(cache) * step_kib < most_kib:
        cache.append(bytearray(os.urandom(64)) * (step_kib * 16))
    time.sleep(0.02)
