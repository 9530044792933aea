import os

import pytest

from spark_package import Missing, installed_spark


@pytest.fixture(scope="session")
def spark():
    """Real Spark. Where it cannot be had the tests are skipped and say why; in CI that is a failure."""
    try:
        return installed_spark()
    except Missing as missing:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(missing))
