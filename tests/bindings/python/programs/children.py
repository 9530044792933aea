"""children.py METHOD CHILDREN FOLDER: starts at least that many children by fork, forkserver or spawn, two at once, while a thread
uses an engine. Each uses an engine of its own, and finds the one that fork gave it refused. Prints how many did."""

import collections
import multiprocessing
import os
import sys
import threading

from jobmedic import Engine, ForkedError

inherited = None


def child(folder, answers):
    refused = "none inherited"
    if inherited is not None:
        try:
            inherited.classify([])
        except ForkedError:
            refused = "refused"
    with Engine() as engine:
        answers.put((engine.classify([os.path.join(folder, "driver.stdout")])["category"], refused))


def start(context, folder):
    answers = context.SimpleQueue()
    process = context.Process(target=child, args=(folder, answers))
    process.start()
    return process, answers


def end(process, answers):
    process.join(120)
    if process.exitcode is None:
        process.kill()
        return "hangs"
    return answers.get() if process.exitcode == 0 else f"exit code {process.exitcode}"


def main():
    global inherited
    method, children, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    context = multiprocessing.get_context(method)
    inherited = Engine()
    stop = threading.Event()

    def use():
        while not stop.wait(0.01):
            inherited.classify([os.path.join(folder, "driver.stdout")])

    user = threading.Thread(target=use)
    user.start()
    ended = []

    # Started and joined by one thread: start() polls every child, and what it reads there no join() of another thread reads again.
    while len(ended) < children:
        ended += [end(*started) for started in [start(context, folder) for _ in range(2)]]
    stop.set()
    user.join()
    for what, times in sorted(collections.Counter(map(str, ended)).items()):
        print(what, "at least" if times >= children else "only", min(times, children))


if __name__ == "__main__":
    main()
