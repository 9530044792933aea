"""Fills a cache under a memory limit: leak.py CGROUP.PROCS STEP_KIB MOST_KIB TOTAL_KIB HOLD_S. Ends once TOTAL_KIB went in, or
HOLD_S after the cache is full with MOST_KIB. SIGUSR1 frees the cache."""
import os
import signal
import sys
import time

procs = sys.argv[1]
step_kib, most_kib, total_kib = map(int, sys.argv[2:5])
hold_s = float(sys.argv[5])
with open(procs, "w") as group:
    group.write(str(os.getpid()))
cache = []
wanted = []
signal.signal(signal.SIGUSR1, lambda *_: wanted.append(1))
print("ready", flush=True)
total, end = 0, None
while total < total_kib and (end is None or time.monotonic() < end):
    if wanted:
        wanted.clear()
        cache.clear()
    if len(cache) * step_kib < most_kib:
        cache.append(bytearray(os.urandom(64)) * (step_kib * 16))
        total += step_kib
    elif end is None:
        end = time.monotonic() + hold_s
    time.sleep(0.02)
