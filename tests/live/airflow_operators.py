"""Run by Airflow's Python: what the mixins read from and write to the providers' operators. Prints it as JSON."""
import json

from jobmedic.airflow import RemediationPolicy, SparkKubernetesOperator, SparkSubmitOperator

APPLICATION = {"spec": {"sparkConf": {"spark.sql.shuffle.partitions": "100"}, "driver": {"memory": "512m"},
                        "executor": {"memory": "1g", "cores": 2}}}
CHANGES = {"spark.executor.memory": "2g", "spark.executor.cores": "1", "spark.sql.shuffle.partitions": "400",
           "spark.executor.memoryOverhead": "512m"}


class Ti:
    try_number = 2


class Cluster(SparkSubmitOperator):
    """A job of an earlier try is in the state store; what the cluster says of it is given."""

    def get_job_status(self, external_id, context):
        return self.status


def kubernetes():
    operator = SparkKubernetesOperator(task_id="k", template_spec=APPLICATION, reattach_on_restart=False)
    before = operator.jobmedic_config()
    operator.jobmedic_use(CHANGES)
    return {"before": before, "after": operator.jobmedic_config(), "spec": operator.template_body["spark"]["spec"],
            "given": APPLICATION["spec"]["executor"], "running": operator.jobmedic_running_job({"ti": Ti})}


def submit():
    operator = SparkSubmitOperator(task_id="s", application="a", conf={"spark.sql.shuffle.partitions": 100},
                                   executor_memory="1g", executor_cores=2)
    before = operator.jobmedic_config()
    operator.jobmedic_use({**CHANGES, "spark.sql.shuffle.partitions": None})
    return {"before": before, "conf": operator.conf, "options": [operator._executor_memory, operator._executor_cores]}


def reattaches(status):
    operator = Cluster(task_id="c", application="a", conn_id="cluster")
    operator.status = status
    return operator.jobmedic_running_job({"task_state_store": {operator.external_id_key: "driver-1"}})


print(json.dumps({
    "kubernetes": kubernetes(), "submit": submit(),
    "reattaches": {status: reattaches(status) for status in ("RUNNING", "FINISHED", "FAILED")},
    "policy": type(SparkSubmitOperator(task_id="p", application="a").retry_policy).__name__,
    "kept": SparkSubmitOperator(task_id="o", application="a", retry_policy=None).retry_policy,
    "serialized": type(RemediationPolicy.deserialize(RemediationPolicy().serialize())).__name__}))
