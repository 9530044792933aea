import os

import pytest

import java_package
from browser import PROGRAM, Browser
from spark_package import Missing, installed_spark


def without(why):
    """What cannot be had is a skip that says why; in CI that is a failure."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)


@pytest.fixture(scope="session")
def spark():
    """Real Spark."""
    try:
        return installed_spark()
    except Missing as missing:
        without(str(missing))


@pytest.fixture
def browser(tmp_path):
    """A real browser."""
    if PROGRAM is None:
        without("no browser: install chromium (Debian), or name one in JOBMEDIC_BROWSER")
    return Browser(tmp_path)


@pytest.fixture(scope="session")
def java(spark, tmp_path_factory):
    """The Java package, and a compiler for programs that use it beside Spark."""
    try:
        return java_package.JavaPackage(spark, tmp_path_factory.mktemp("java"))
    except java_package.Missing as missing:
        without(str(missing))
