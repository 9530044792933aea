"""How Airflow finds the listener: by the entry point "airflow.plugins" of the package."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from . import listener


class JobmedicPlugin(AirflowPlugin):  # type: ignore[misc]
    name = "jobmedic"
    listeners = [listener]
