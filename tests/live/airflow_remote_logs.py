"""Remote task logs of Airflow in a folder, where others have a bucket: [logging] logging_config_class names LOGGING_CONFIG.

Those of the DAG "deaths" are removed from the worker once they are uploaded, as delete_local_logs does for buckets.
"""
import os
import pathlib
import shutil

from airflow.config_templates.airflow_local_settings import DEFAULT_LOGGING_CONFIG as LOGGING_CONFIG  # noqa: F401
from airflow.configuration import conf


class FolderLogs:
    """A RemoteLogIO."""

    processors = ()
    folder = pathlib.Path(os.environ["REMOTE_LOGS"])

    def upload(self, path, ti=None):
        local, remote = pathlib.Path(conf.get("logging", "base_log_folder")) / path, self.folder / path
        remote.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(local, remote)
        if "dag_id=deaths" in str(path):
            local.unlink()

    def read(self, relative_path, ti):
        remote = self.folder / relative_path
        return [str(remote)], [remote.read_text()] if remote.exists() else None


REMOTE_TASK_LOG = FolderLogs()
