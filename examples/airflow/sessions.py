"""A Spark job that heals itself: five lines."""

from airflow.sdk import DAG
from jobmedic.airflow import SparkSubmitOperator

with DAG("sessions", schedule="@once"):
    SparkSubmitOperator(
        task_id="rollup", application="{{ var.value.jobs }}/rollup.py", conf={"spark.executor.memory": "512m"}, retries=3
    )
