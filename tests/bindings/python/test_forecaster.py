"""The shipped forecast, one reading at a time."""

import math

import pytest

import jobmedic

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
