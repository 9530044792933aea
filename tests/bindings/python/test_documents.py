import json
import pathlib
import pickle

import pytest

import jobmedic
from jobmedic import _calls


def test_apply_patch_gives_a_new_value_and_leaves_its_arguments_alone():
    before = {"a": 1, "b": [1.5, "ä", None, True]}
    after = jobmedic.apply_patch(before, [{"op": "add", "path": "/spark.executor.memory", "value": "6g"}])
    assert after == {**before, "spark.executor.memory": "6g"}
    assert before == {"a": 1, "b": [1.5, "ä", None, True]}


def test_what_diff_gives_apply_patch_turns_into_the_other_value():
    before, after = {"a": {"b": [1, 2, 3]}, "c": 2**63}, {"a": {"b": [1, 3]}, "d": "\u0000"}
    assert jobmedic.apply_patch(before, jobmedic.diff(before, after)) == after


def test_a_patch_that_does_not_apply_raises_with_its_operation():
    with pytest.raises(jobmedic.PatchError, match="/zzz") as caught:
        jobmedic.apply_patch({}, [{"op": "remove", "path": "/zzz"}])
    assert caught.value.detail["operation"] == 0
    assert isinstance(caught.value, jobmedic.Error)


def test_what_is_no_patch_raises_with_its_place():
    with pytest.raises(jobmedic.SchemaError) as caught:
        jobmedic.apply_patch({}, [{"op": "fly", "path": ""}])
    assert "pointer" in caught.value.detail


def test_an_error_survives_pickling_with_its_detail():
    with pytest.raises(jobmedic.PatchError) as caught:
        jobmedic.apply_patch({}, [{"op": "remove", "path": "/zzz"}])
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (type(copy), str(copy), copy.detail) == (jobmedic.PatchError, str(caught.value), caught.value.detail)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object()])
def test_a_value_that_is_no_json_is_refused_before_the_library_sees_it(value):
    with pytest.raises((ValueError, TypeError)):
        jobmedic.diff({}, {"a": value})


def test_a_value_that_contains_itself_is_refused_as_json_does():
    value = {"a": [1]}
    value["a"].append(value)
    with pytest.raises(ValueError, match="[Cc]ircular"):
        jobmedic.diff({}, value)


def test_a_python_without_the_encoder_in_c_writes_the_same(monkeypatch):
    documents = [{"b": [1.5, "ä\U0001f600\n", None, True], "a": {}, "p": pathlib.Path("x")}, [], "text", 3, None]
    usual = [_calls._encoder()(each) for each in documents]
    monkeypatch.setattr(json.encoder, "c_make_encoder", None)
    assert [_calls._encoder()(each) for each in documents] == usual


def test_a_lone_surrogate_is_refused_rather_than_changed():
    with pytest.raises(jobmedic.ParseError):
        jobmedic.diff({}, {"a": "\ud800"})


def test_the_packages_version_is_the_librarys():
    from conftest import PACKAGE, ROOT

    assert f'version = "{jobmedic.version()}"' in (PACKAGE / "pyproject.toml").read_text()
    assert f"VERSION {jobmedic.version()} " in (ROOT / "CMakeLists.txt").read_text()
