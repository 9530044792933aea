"""Threads, fork and spawn: what a Python host does around the library."""

import multiprocessing
import os
import signal
import threading

import jobmedic
from jobmedic import Engine, Optimizer

SPACE = {"schema": "jobmedic.space/1", "parameters": [{"name": "x", "type": "real", "min": 0, "max": 1}]}


def outcome(function):
    """"ok", or the name of the exception."""
    try:
        function()
        return "ok"
    except Exception as exception:
        return type(exception).__name__


def in_child(function):
    """What `function` returns in a child of fork()."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        os.write(write_end, repr(function()).encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        text = pipe.read()
    assert os.waitpid(child, 0)[1] == 0
    return eval(text)


def test_eight_threads_share_one_engine(failed_job):
    with Engine() as engine:
        expected = engine.classify(failed_job.logs)
        answers = [None] * 8

        def work(i):
            answers[i] = [engine.classify(failed_job.logs) for _ in range(5)]

        threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [[expected] * 5] * 8


def test_in_a_child_of_fork_inherited_objects_say_so_and_new_ones_work(failed_job, tmp_path):
    store = f"sqlite:{tmp_path}/store.db"
    engine = Engine(store=store)
    scan, optimizer = engine.scan(), Optimizer(SPACE)

    def child():
        seen = [outcome(use) for use in (engine.info, lambda: engine.classify([]), scan.result, optimizer.ask)]
        engine.close()
        scan.close()
        optimizer.close()
        with Engine(store=store) as fresh:
            seen.append(fresh.classify(failed_job.logs)["category"])
            seen.append(outcome(lambda: fresh.record(failed_job.attempt)))
        return seen

    assert in_child(child) == ["ForkedError"] * 4 + ["memory_config", "ok"]
    assert outcome(lambda: engine.record(failed_job.attempt)) == "ok"
    assert engine.get_config(failed_job.next_attempt())["applied"] == []


def test_a_fork_while_other_threads_work_leaves_a_child_that_works(failed_job):
    with Engine() as engine:
        stop = threading.Event()

        def work():
            while not stop.is_set():
                engine.classify(failed_job.logs)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()

        def child():
            with Engine() as fresh:
                return outcome(engine.info), fresh.classify(failed_job.logs)["category"]

        try:
            for _ in range(5):
                assert in_child(child) == ("ForkedError", "memory_config")
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def classify_in_worker(logs):
    with Engine() as engine:
        return engine.classify(logs)["category"]


def raise_in_worker(_):
    jobmedic.apply_patch({}, [{"op": "remove", "path": "/zzz"}])


def test_a_spawned_pool_works_and_hands_errors_back(failed_job):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(classify_in_worker, [failed_job.logs] * 2) == ["memory_config"] * 2
        try:
            pool.map(raise_in_worker, [0])
        except jobmedic.PatchError as error:
            assert error.detail["operation"] == 0
        else:
            raise AssertionError("no error came back")


def test_a_scan_refuses_a_second_thread_at_once():
    with Engine() as engine, engine.scan() as scan:
        with scan._alone("Scan"):
            assert outcome(scan.result) == "RuntimeError"
        assert outcome(scan.result) == "ok"
