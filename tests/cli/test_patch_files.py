import json

import pytest


def test_a_patch_is_applied(tool, write):
    write("doc.json", {"b": 1, "a": {"c": [1, 2]}})
    write("patch.json", [{"op": "add", "path": "/a/c/-", "value": 3}])
    assert tool("patch", "apply", "doc.json", "patch.json", "--format", "json").out == '{"b":1,"a":{"c":[1,2,3]}}\n'
    assert json.loads(tool("patch", "apply", "doc.json", "patch.json").page()) == {"b": 1, "a": {"c": [1, 2, 3]}}


def test_a_document_comes_through_standard_input(tool, write):
    write("patch.json", [{"op": "remove", "path": "/a"}])
    assert tool("patch", "apply", "-", "patch.json", "--format", "json", stdin=b'{"a": 1}').document() == {}


def test_the_difference_is_a_patch(tool, write):
    write("from.json", {"a": 1})
    write("to.json", {"a": 2})
    assert tool("patch", "diff", "from.json", "to.json", "--format", "json").document() == \
        [{"op": "replace", "path": "/a", "value": 2}]


@pytest.mark.parametrize("document, patch, problem", [
    ("{", "[]", "doc.json: byte 1: "), ("{}", "[", "patch: byte 1: "), ("{}", "{}", "patch: expected an array of operations"),
    ("{}", '[{"op": "replace", "path": "/a", "value": 1}]', 'operation 0 "replace": /a: no such member')])
def test_what_is_wrong_is_told_with_the_place(tool, write, document, patch, problem):
    write("doc.json", document)
    write("patch.json", patch)
    answer = tool("patch", "apply", "doc.json", "patch.json")
    assert answer.failure().startswith(problem)
    assert answer.out == ""


def test_a_merge_patch_sets_and_removes(tool, write):
    write("document.json", {"a": 1, "b": {"c": 2, "d": 3}})
    write("merge.json", {"a": None, "b": {"c": 4}})
    assert tool("patch", "apply", "document.json", "merge.json", "--merge", "--format", "json").document() == {"b": {"c": 4, "d": 3}}
