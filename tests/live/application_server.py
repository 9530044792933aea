"""Runs Spark applications one after the other in one JVM, each with a context and an application id of its own: a JVM for
each would take as long as twenty of them. A request a line: {"program", "arguments", "out"}; its answer: an exit code."""
import contextlib
import json
import runpy
import sys
import traceback

from pyspark.sql import SparkSession


def run(program, arguments, out):
    sys.argv = [program, *arguments]
    with open(out, "w") as file, contextlib.redirect_stdout(file):
        try:
            runpy.run_path(program, run_name="__main__")
            return 0
        except Exception:
            traceback.print_exc(file=file)
            return 1
        finally:
            if (session := SparkSession.getActiveSession()) is not None:
                session.stop()


for line in sys.stdin:
    print(run(**json.loads(line)), flush=True)
