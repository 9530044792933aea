"""--format env and spark-conf: what a shell evaluates and what spark-submit reads, whatever the names in it."""
import json
import shutil
import subprocess

import pytest

from subject import ATTEMPT, RULES

HOSTILE = "a'b\"c`touch ran`$(touch ran)\\\n; touch ran #\r\t!&|<>*?~ \u20ac\U0001f600 é"
SHELLS = [shell for shell in ("sh", "bash", "dash", "busybox") if shutil.which(shell)]
WORDS = ("RESTART", "AFTER_S", "REASON", "DECISION", "PATCH_ID", "RULE", "CATEGORY", "SUMMARY", "ADVICE", "MODE", "QUARANTINED",
         "STOPPED", "APPLIED", "CONFIG")


def evaluated(text, folder, shell="sh", *names):
    """What a shell makes of it: the values of these variables."""
    script = 'eval "$1"; shift; for name; do eval "printf \'%s\\\\0\' \\"\\${JOBMEDIC_$name-unset}\\""; done'
    command = [shell, "sh"] if shell == "busybox" else [shell]
    done = subprocess.run([*command, "-euc", script, "-", text, *names], capture_output=True, cwd=folder, timeout=60)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr
    assert not (folder / "ran").exists(), "a name was run as a command"
    return dict(zip(names, done.stdout.decode().split("\0")))


@pytest.fixture
def answer(tool, write, tmp_path):
    """answer("env", config=..., log=...): what remediate says in this format."""
    def remediate(form, log="TestHeapError: full\n", attempt=ATTEMPT, rules=RULES, **members):
        write("attempt.json", {**attempt, **members})
        write("driver.stderr", log)
        write("rules.json", rules)
        return tool("remediate", "--store", "sqlite:jobmedic.db", "--attempt", "attempt.json", "--log", "driver.stderr", "--rules",
                    "rules.json", "--format", form)
    return remediate


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_gets_the_decision_and_the_next_configuration(answer, tmp_path, shell):
    values = evaluated(answer("env").page(), tmp_path, shell, *WORDS, "CONFIG_SPARK_EXECUTOR_MEMORY", "CONFIG_SPARK_EXECUTOR_CORES")
    document = json.loads(answer("json").out)
    assert (values["RESTART"], values["AFTER_S"], values["DECISION"]) == ("1", "0", "retry_with_patch")
    assert (values["RULE"], values["CATEGORY"], values["SUMMARY"]) == ("TestHeap", "memory_config", "The heap of the test is full.")
    assert (values["PATCH_ID"], values["REASON"]) == (document["patch_id"], document["retry"]["reason"])
    assert (values["MODE"], values["QUARANTINED"], values["STOPPED"]) == ("act", "0", "0")
    assert values["APPLIED"] == document["patch_id"]
    assert values["CONFIG_SPARK_EXECUTOR_MEMORY"] == json.loads(values["CONFIG"])["spark.executor.memory"] != "2g"
    assert values["CONFIG_SPARK_EXECUTOR_CORES"] == "2"


def test_each_variable_is_set_each_time_so_that_none_is_left_of_the_last_answer(answer, tmp_path):
    text = answer("env", log="nothing to see\n", engine="abacus", config={}).page()
    assert "unset" not in evaluated(text, tmp_path, "sh", *WORDS).values()
    stale = "".join(f"JOBMEDIC_{name}=stale\n" for name in WORDS)
    assert "stale" not in evaluated(stale + text, tmp_path, "sh", *WORDS).values()


@pytest.mark.parametrize("shell", SHELLS)
def test_no_name_of_a_rule_a_job_or_a_setting_is_run_as_a_command(answer, tmp_path, shell):
    rule = {**RULES["rules"][0], "summary": HOSTILE, "advice": HOSTILE, "category": "user_code"}
    config = {"spark.executor.memory": "2g", "evil": HOSTILE, HOSTILE: HOSTILE, "a b;touch ran": 1, "list": [HOSTILE], "off": False}
    text = answer("env", rules={**RULES, "rules": [rule]}, config=config, job=HOSTILE, run=HOSTILE, labels={"user": HOSTILE}).page()
    values = evaluated(text, tmp_path, shell, *WORDS, "CONFIG_EVIL", "CONFIG_A_B_TOUCH_RAN", "CONFIG_OFF", "CONFIG_LIST")
    assert values["RESTART"] == "0"
    assert values["CONFIG_EVIL"] == HOSTILE
    assert values["SUMMARY"] == values["ADVICE"] == HOSTILE.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    assert (values["CONFIG_A_B_TOUCH_RAN"], values["CONFIG_OFF"]) == ("1", "false")
    assert json.loads(values["CONFIG_LIST"]) == [HOSTILE] and json.loads(values["CONFIG"]) == config


def test_of_two_settings_that_share_a_variable_none_is_taken_for_the_other(answer, tmp_path):
    text = answer("env", config={"a.b": "1", "A_B": "2", "c": None, "nul": "x\0y"}).page()
    values = evaluated(text, tmp_path, "sh", "CONFIG_A_B", "CONFIG_C", "CONFIG_NUL", "CONFIG")
    assert (values["CONFIG_A_B"], values["CONFIG_C"], values["CONFIG_NUL"]) == ("unset", "null", "xy")
    assert json.loads(values["CONFIG"])["A_B"] == "2"


def test_what_is_not_to_be_retried_gives_no_properties_and_its_own_exit_code(answer, tmp_path):
    done = answer("spark-conf", log="TypeError: no\n", rules={**RULES, "rules": [{**RULES["rules"][0], "regex": "TypeError: no",
                                                              "matches": ["TypeError: no"], "category": "user_code"}]})
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("jobmedic: no retry: TestHeap (user_code)") and done.err.count("\n") == 1


def unescaped(text):
    """java.util.Properties.load, as its documentation describes it, for one natural line."""
    units, at = [], 0
    while at < len(text):
        char, at = text[at], at + 1
        if char == "\\":
            char, at = text[at], at + 1
            if char == "u":
                char, at = chr(int(text[at:at + 4], 16)), at + 4
            else:
                char = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}.get(char, char)
        units.append(char)
    return "".join(units).encode("utf-16", "surrogatepass").decode("utf-16")


def properties(text):
    assert text.isascii()
    pairs = {}
    for line in text.splitlines():
        assert line[:1] not in ("#", "!", " ", "")
        end = next(i for i in range(len(line)) if line[i] in "=: " and (len(line[:i]) - len(line[:i].rstrip("\\"))) % 2 == 0)
        value = line[end + 1:]
        assert not value.startswith((" ", "\t", "="))
        pairs[unescaped(line[:end])] = unescaped(value)
    return pairs


SETTINGS = {"spark.executor.memory": "2g", "spark.executor.extraJavaOptions": "-Dpath=C:\\tmp\\u0041 -Dx='a b' #no", "spark.app.name": HOSTILE,
            "spark." + HOSTILE: "x", "#": "!", "a=b:c d": "  two spaces, then = and :", "spark.empty": "", "spark.ui.enabled": False,
            "spark.executor.cores": 2, "spark.none": None}
EXPECTED = {name: value if isinstance(value, str) else json.dumps(value) for name, value in SETTINGS.items() if value is not None}


def test_spark_submit_gets_the_full_next_configuration(answer, tool):
    patched = properties(answer("spark-conf", config=SETTINGS).page())
    assert patched["spark.executor.memory"] != "2g"
    assert {**patched, "spark.executor.memory": "2g"} == EXPECTED
    answered = tool("config", "get", "--store", "sqlite:jobmedic.db", "--attempt", "attempt.json", "--format", "spark-conf").page()
    assert properties(answered) == patched


def test_java_reads_the_properties_as_they_are_meant(answer, tmp_path):
    if not shutil.which("javac"):
        pytest.skip("needs a JDK: apt-get install openjdk-17-jdk-headless")
    (tmp_path / "next.conf").write_text(answer("spark-conf", config=SETTINGS).page(), encoding="ascii")
    (tmp_path / "Read.java").write_text("""
        public class Read {
          public static void main(String[] files) throws Exception {
            var read = new java.util.Properties();
            try (var file = new java.io.FileInputStream(files[0])) { read.load(file); }
            for (var one : read.entrySet()) System.out.write((one.getKey() + "\\0" + one.getValue() + "\\0").getBytes("UTF-8"));
            System.out.flush();
          }
        }""", encoding="utf-8")
    done = subprocess.run(["java", "Read.java", "next.conf"], cwd=tmp_path, capture_output=True, timeout=120, check=True)
    parts = done.stdout.decode().split("\0")
    read = dict(zip(parts[:-1:2], parts[1::2]))
    assert {**read, "spark.executor.memory": "2g"} == EXPECTED


def test_a_configuration_is_had_for_a_shell_without_a_failure(tool, write, store, tmp_path):
    write("next.json", {**ATTEMPT, "attempt": 2, "outcome": None})
    text = tool("config", "get", "--store", store, "--attempt", "next.json", "--format", "env").page()
    values = evaluated(text, tmp_path, "sh", "APPLIED", "CONFIG_SPARK_EXECUTOR_MEMORY", "CONFIG")
    assert (values["APPLIED"], values["CONFIG_SPARK_EXECUTOR_MEMORY"]) == ("", "2g")
    assert json.loads(values["CONFIG"]) == ATTEMPT["config"]
    assert "env" in tool("config", "explain", "--store", store, "--attempt", "next.json", "--format", "env").failure(2)
