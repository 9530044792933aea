"""The shipped forecast, one reading at a time."""

import json
import math
import subprocess
from array import array

import pytest
from conftest import ROOT, first_existing

import jobmedic
from jobmedic import curation
from jobmedic.forecast import READING_MEMBERS, columns

MB = 1e6


def leak(session, readings=50):
    return [session.update({"time_s": 15.0 * i, "usage_bytes": 2 * MB * i + MB, "cache_bytes": 0}) for i in range(readings)]


def test_a_leak_is_foretold_and_the_callback_acts():
    acted = []
    with jobmedic.Forecaster() as forecaster:
        said = leak(forecaster.begin(limit_bytes=100 * MB, on_alert=acted.append))
    assert acted and all(forecast.alert and 1 <= forecast.level <= 4 for forecast in acted)
    assert not any(forecast.alert for forecast in said[:20])
    assert said[-1].probability > said[10].probability


def test_late_duplicate_and_empty_readings_are_not_accepted():
    with jobmedic.Forecaster() as forecaster:
        session = forecaster.begin(limit_bytes=100 * MB)
        first = session.update({"time_s": 30, "usage_bytes": 50 * MB})
        assert first.accepted
        for reading in ({"time_s": 30, "usage_bytes": 90 * MB}, {"time_s": 15, "usage_bytes": 90 * MB}, {"time_s": 45},
                        {"time_s": None, "usage_bytes": 90 * MB}, {"time_s": math.inf, "usage_bytes": 90 * MB}):
            again = session.update(reading)
            assert not again.accepted
            assert again.probability == first.probability


def test_a_session_goes_from_one_process_to_another_as_bytes():
    with jobmedic.Forecaster() as forecaster:
        session = forecaster.begin(device_type="dt07", sdk_version="6.2.0")
        leak(session, 10)
        state = session.state()
        assert len(state) <= 1024
        other = forecaster.resume(state)
        reading = {"time_s": 1000, "usage_bytes": 25 * MB}
        assert other.update(reading) == session.update(reading)
        assert other.reasons() == session.reasons()


def test_a_misspelt_member_is_refused():
    with jobmedic.Forecaster() as forecaster:
        with pytest.raises(TypeError, match="'usage'"):
            forecaster.begin().update({"time_s": 0, "usage": 1})


def test_what_is_no_model_is_refused(tmp_path):
    (tmp_path / "model").write_bytes(b"no model")
    with pytest.raises(jobmedic.ModelError):
        jobmedic.Forecaster(tmp_path / "model")
    with pytest.raises(jobmedic.FileError):
        jobmedic.Forecaster(tmp_path / "none")
    forecaster = jobmedic.Forecaster()
    forecaster.close()
    with pytest.raises(jobmedic.ClosedError):
        forecaster.begin()


def test_the_features_of_a_recorded_session_are_those_of_a_watched_one():
    readings = array("d")
    for time_s, usage in ((0, 50 * MB), (15, 60 * MB), (15, 90 * MB)):
        readings.extend({"time_s": time_s, "usage_bytes": usage}.get(name, math.nan) for name in READING_MEMBERS)
    names = columns()["features"]
    with jobmedic.Forecaster() as forecaster:
        rows, accepted = forecaster.features(readings, limit_bytes=100 * MB)
        assert accepted == bytes([1, 1, 0])
        assert len(rows) == 3 * len(names)
        assert [rows[i * len(names) + names.index("share")] for i in range(3)] == pytest.approx([0.5, 0.6, 0.6])
        assert forecaster.features(array("d")) == (array("f"), b"")
        with pytest.raises(ValueError, match="rows of 15 doubles"):
            forecaster.features(array("d", [1.0]))


def test_a_lake_is_curated_whole_or_in_parts():
    rows = {"DT01": "dt01,6.2,36\nDT01 ,6.2,36\n", "DT02": "DT02,6.2.0,48\n"}
    header = "device_type,sdk_version,app_budget_mb\n"
    whole = curation.curate(header + "".join(rows.values()))
    assert whole["table"] == header + "DT01,6.2,36\nDT02,6.2,48\n"
    assert curation.merge([curation.curate(header + each) for each in rows.values()]) == whole
    assert curation.device(" dt02", "6.2.0") == ("DT02", "6.2")


def test_a_store_without_a_forecast_in_service_is_told(tmp_path):
    with pytest.raises(jobmedic.StoreError):
        jobmedic.Forecaster(store=f"sqlite:{tmp_path}/none.db")
    with jobmedic.Engine(store=f"sqlite:{tmp_path}/store.db"):
        pass
    with pytest.raises(jobmedic.InvalidArgumentError, match="no forecast model in service"):
        jobmedic.Forecaster(store=f"sqlite:{tmp_path}/store.db")
    with pytest.raises(TypeError):
        jobmedic.Forecaster("model", store="sqlite:store.db")


def test_the_version_in_service_is_opened_from_its_store(tmp_path):
    first_existing(ROOT / "build/lib/libjobmedic_torch.so")
    tool = first_existing(ROOT / "build/bin/jobmedic")
    rows = ["session_id,device_type,sdk_version,t_s,cg_usage_kb,cg_cache_kb,killed,kill_t_s"]
    for s in range(20):
        killed, end = s % 4 == 0, 60 if s % 4 == 0 else 80
        rows += [f"{s},DT01,6.0,{15 * i},{(1000 if killed else 10) * i + 20000 + 100 * s},0,{int(killed)},{15 * end if killed else ''}"
                 for i in range(end)]
    (tmp_path / "traces.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "devices.csv").write_text("device_type,sdk_version,app_budget_mb\nDT01,6.0,100\n")
    store = f"sqlite:{tmp_path}/store.db"
    trained = subprocess.run([tool, "forecast", "train", "--traces", "traces.csv", "--devices", "devices.csv", "--epochs", "1", "--store",
                              store, "--model-version", "mine", "--format", "json"], cwd=tmp_path, stdout=subprocess.PIPE)
    if not json.loads(trained.stdout)["promoted"]:
        subprocess.run([tool, "models", "promote", "mine", "--store", store, "--force", "--reason", "a test"], check=True)
    with jobmedic.Forecaster(store=store) as forecaster:
        assert forecaster.begin(limit_bytes=100 * MB).reasons()["model"] == "mine"
