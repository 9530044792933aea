"""The Java package of this checkout's build, and Java programs compiled against it and a Spark."""
import os
import shutil
import subprocess

from tool import ROOT

BUILD = ROOT / "build"


class Missing(Exception):
    """What this machine lacks, and how to get it."""


def run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=900)
    said = done.stdout + done.stderr
    if "Could not transfer" in said or "Could not resolve" in said:
        raise Missing("Maven's plugins cannot be had: " + next(line for line in said.splitlines() if "Could not" in line))
    assert done.returncode == 0, said


class JavaPackage:
    """Raises Missing."""

    def __init__(self, spark, folder):
        if shutil.which("javac") is None or shutil.which("mvn") is None:
            raise Missing("no javac or mvn: install the packages under [java] in .ci/packages")
        run(ROOT / "bindings/java/maven", BUILD, "package", "-DskipTests")
        self.jar = max((BUILD / "java").glob("jobmedic-*.jar"), key=os.path.getmtime)
        self.class_path = f"{self.jar}:{spark.home}/jars/*"
        self.folder = folder

    def compiled(self, name, sources):
        """A jar of these sources."""
        classes = self.folder / name
        run("javac", "--release", 17, "-cp", self.class_path, "-d", classes, *sources)
        run("jar", "cf", self.folder / f"{name}.jar", "-C", classes, ".")
        return self.folder / f"{name}.jar"


def java_environment(spark, home):
    """Of a program that submits to the Spark in `home`."""
    python = str(spark.python)
    return {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": python,
            "PYSPARK_DRIVER_PYTHON": python, "XDG_CACHE_HOME": str(BUILD / "test-cache")}
