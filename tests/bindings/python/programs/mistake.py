"""mistake.py leak|use_after_free|race: what a sanitizer has to find, made on purpose: whoever trusts its silence runs these."""
import sys
import threading

import jobmedic
from jobmedic._calls import call
from jobmedic._library import library
from jobmedic._signatures import Buffer, ctypes


def patched():
    buffer = ctypes.POINTER(Buffer)()
    call(library.jobmedic_apply_patch, b"{}", 2, b"[]", 2, ctypes.byref(buffer))
    return buffer


def leak():
    for _ in range(10):  # an address or two may linger where a leak is looked for
        patched()


def use_after_free():
    buffer = patched()
    library.jobmedic_buffer_free(buffer)
    library.jobmedic_buffer_data(buffer)


def race():
    """A scan belongs to one thread at a time."""
    scan = jobmedic.Engine(shipped_rules=False).scan()
    piece = b"INFO all is well\n" * 1000
    feed = lambda: [call(library.jobmedic_scan_feed, scan._owner, b"a.log", 5, piece, len(piece)) for _ in range(50)]  # noqa: E731
    threads = [threading.Thread(target=feed) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


{"leak": leak, "use_after_free": use_after_free, "race": race}[sys.argv[1]]()
