"""The engine: rules, model, store and policy behind one object."""

from __future__ import annotations

import ctypes
import json
import os
from pathlib import Path
from typing import Any, Callable, Iterable, Mapping, Optional, Union

from ._calls import (
    Closable,
    Document,
    OneThreadAtATime,
    Owner,
    answer,
    call,
    document,
    optional_document,
    text_answer,
)
from ._library import library
from ._logs import Logs, log_array
from ._signatures import EngineHandle, EventFunction, LogFunction, ProgressFunction, ScanHandle


class Engine(Closable):
    """Safe from any number of threads at once. In a child of fork() every use raises ForkedError.

    `config`, or its members as keyword arguments, is jobmedic.engine/1; all members are optional:
    rules (paths and rule documents), shipped_rules, store ("sqlite:PATH"), model, space, collector, policy, loop, rightsize,
    warm_up, torch_module, cache, secrets ({"mask": True, "files": [...]}: passwords, keys and tokens are masked).
    Raises ParseError, SchemaError, RulesError, ModelError, StoreError, FileError.

    A store in SQLite must not be opened by Python's `sqlite3` in the same process: where there are two copies of SQLite, as
    with the wheel, closing the file in one drops the other's locks (POSIX), and the store can be damaged.
    """

    def __init__(self, config: Optional[Mapping[str, Any]] = None, **members: Any) -> None:
        self._owner = None
        self._log_functions: list[Any] = []  # calls in flight may still use those replaced
        self._owner = Owner(
            library.jobmedic_engine_create,
            library.jobmedic_engine_free,
            EngineHandle,
            *document({**(config or {}), **members}),
        )

    def classify(self, logs: Logs, attempt: Optional[Document] = None) -> Document:
        """Which rule explains the failure? -> jobmedic.classification/1; "classified": False is an answer.

        `logs`: {name: bytes or path}, or a list of paths whose base names are the names; a name is ROLE[-N].STREAM,
        such as "executor-0.stderr". Files are read in pieces. Without `attempt`, rules with a condition never fire.
        """
        return answer(library.jobmedic_classify, self._handle(), *optional_document(attempt), *log_array(logs))

    def collect(self, attempt: Optional[Document] = None, collector: Optional[Document] = None) -> Document:
        """The logs that a collector finds, classified. -> {"classification": ..., "attempt": ...}.

        `collector`: jobmedic.collector/1, {"sources": [{"name": ..., "kind": "file", "path": ...}, ...]}; None: the
        engine's own. "attempt" is the one given, completed by what Spark event logs tell about the run: pass both to
        remediate_classified(). A source that cannot be read is reported in classification["sources"]; FileError is raised
        where it is required, or where none could be read.
        """
        return answer(
            library.jobmedic_collect, self._handle(), *optional_document(attempt), *optional_document(collector)
        )

    def recommend(self, attempt: Document, classification: Document) -> Document:
        """Is a retry worth its money, and with which configuration? -> jobmedic.recommendation/1.

        Costs are in US dollars, "elapsed_s" in seconds.
        """
        return answer(library.jobmedic_recommend, self._handle(), *document(attempt), *document(classification))

    def remediate(self, attempt: Document, logs: Logs) -> Document:
        """classify, recommend where it applies, save the patch, decide. -> jobmedic.remediation/1.

        "retry" says whether to restart, and after how many seconds. With a store, the same job, run and attempt get
        the answer that was saved first. `logs`: as for classify().
        """
        return answer(library.jobmedic_remediate, self._handle(), *document(attempt), *log_array(logs))

    def remediate_classified(self, attempt: Document, classification: Document) -> Document:
        """remediate() from a verdict already there: a scan's, or another classifier's."""
        return answer(
            library.jobmedic_remediate_classified, self._handle(), *document(attempt), *document(classification)
        )

    def get_config(self, attempt: Document) -> Document:
        """The configuration for an attempt about to start -> jobmedic.config/1: config, applied, skipped.

        Never writes. Needs a store.
        """
        return answer(library.jobmedic_get_config, self._handle(), *document(attempt))

    def record(self, attempt: Document) -> None:
        """What happened to an attempt; replaces an earlier record of the same job, run and attempt. Needs a store."""
        call(library.jobmedic_record, self._handle(), *document(attempt))

    def record_outcome(
        self, attempt: Document, correct: bool = False, by: str = "", reason: str = ""
    ) -> Document:
        """record(), and what it teaches -> jobmedic.outcome/1: "what" ("recorded", "known", "corrected") and "patches".

        Patches that remediate() made for the job and that the attempt ran with are kept where it succeeded, retired where
        it failed: each has "learnt" ("kept", "retired", "restored", "left"; "raised": right-sizing gives the next run
        more, as this one came close to its limit or failed for want of memory) and a "reason". "job", "run", "attempt" and
        "outcome" are enough. The same outcome again changes nothing; one that contradicts it raises InvalidArgumentError,
        unless it is to `correct` it, for a `reason`. Needs a store.
        """
        options = {"correct": correct, "by": by, "reason": reason}
        return answer(library.jobmedic_record_outcome, self._handle(), *document(attempt), *document(options))

    def explain_config(self, attempt: Document) -> Document:
        """get_config(), and how it came about -> jobmedic.explanation/1: each patch that matches, and what became of it."""
        return answer(library.jobmedic_explain_config, self._handle(), *document(attempt))

    def rightsize(self, attempt: Document, apply: bool = False) -> Document:
        """What an attempt about to start should get, from its job's finished runs -> jobmedic.rightsizing/1.

        "decision" is "patch" or "keep"; each of "settings" has "decision" ("shrink", "grow", "keep"), "before", "after",
        "peak" (in the parameter's unit), "failure_probability" (0 to 1), "runs" and a "reason". The attempt's metrics
        named input_* are used. `apply`: saves the patch, for get_config(). Needs a store.
        """
        return answer(library.jobmedic_rightsize, self._handle(), *document(attempt), int(apply))

    def put_patch(self, patch: Document, by: str = "", reason: str = "") -> Document:
        """Saves a jobmedic.patch/1, or replaces the one of its "id" ("disabled": True: kept, not applied). -> it, with "id".

        PatchError where it sets more than the parameter space permits. Needs a store.
        """
        author = {"by": by, "reason": reason}
        return answer(library.jobmedic_put_patch, self._handle(), *document(patch), *document(author))

    def changes(self, limit: int = 100, patch: str = "") -> list[Document]:
        """The audit trail, the newest change first: number, at, by, action, reason, patch, before, after."""
        options = {"limit": limit, "patch": patch}
        changes: list[Document] = answer(library.jobmedic_changes, self._handle(), *document(options))["changes"]
        return changes

    def stop_automation(self, by: str = "", reason: str = "") -> Document:
        """The kill switch: from now on no process that uses the store applies, saves or recommends a patch."""
        return self._switch(1, by, reason)

    def resume_automation(self, by: str = "", reason: str = "") -> Document:
        """Ends a stop. -> jobmedic.automation/1, as of stop_automation(): stopped, since, by, reason."""
        return self._switch(0, by, reason)

    def _switch(self, stop: int, by: str, reason: str) -> Document:
        author = {"by": by, "reason": reason}
        return answer(library.jobmedic_stop_automation, self._handle(), stop, *document(author))

    def import_history(self, history: Union[str, "os.PathLike[str]", Iterable[Document]]) -> Document:
        """Many attempts: a JSON Lines file, or documents. -> {"attempts": read, "changed": new or different}.

        Nothing is stored where one line is bad; the error's detail has its "line", counted from 1. Needs a store.
        """
        if isinstance(history, (str, os.PathLike)):
            lines = Path(history).read_bytes()
        else:
            lines = b"".join(json.dumps(attempt, allow_nan=False).encode() + b"\n" for attempt in history)
        return answer(library.jobmedic_import_history, self._handle(), lines, len(lines))

    def train(self, progress: Optional[Callable[[float, str], None]] = None, **options: Any) -> Document:
        """Trains a model from the store's attempts, saves it there and, where its audits let it, serves it. -> the report:
        "audits", whether it was "promoted", and what it is "blocked_by".

        `options`: seed, max_epochs, engine (whose parameter space), version (the new model's name).
        `progress(done, what)` is told from 0.0 to 1.0; an exception in it cancels the training and comes out here.
        """
        raised: list[BaseException] = []

        def told(done: float, what: int, size: int, _: Any) -> int:
            try:
                if progress is not None:
                    progress(done, ctypes.string_at(what, size).decode("utf-8", "replace"))
                return 0
            except BaseException as exception:  # KeyboardInterrupt, too: C must not be unwound
                raised.append(exception)
                return 1

        try:
            return answer(library.jobmedic_train, self._handle(), *document(options), ProgressFunction(told), None)
        except Exception:
            if raised:
                raise raised[0] from None
            raise

    def scan(self, attempt: Optional[Document] = None) -> Scan:
        """A classification of logs while they are being written."""
        return Scan(self._handle(), attempt)

    def warm_up(self) -> Document:
        """Loads libtorch and the model now (about a second, once in a process). -> {"libtorch": bool, "reason": str}.

        Where libtorch cannot be loaded, or another one is in the process, `reason` says why, and the built-in forward
        pass serves the same model.
        """
        return answer(library.jobmedic_engine_warm_up, self._handle())

    def reload(self) -> None:
        """Reads rules and model again; calls in flight finish with what they began with."""
        call(library.jobmedic_engine_reload, self._handle())

    def info(self) -> Document:
        """Version, rules, scanner, model, served_by and store in use, for people and bug reports."""
        return answer(library.jobmedic_engine_info, self._handle())

    def metrics(self) -> str:
        """What this engine did since it was made, in Prometheus' text exposition format 0.0.4."""
        return text_answer(library.jobmedic_metrics, self._handle())

    def set_log(self, log: Optional[Callable[[int, str], None]]) -> None:
        """From now on log(level, message) is told what the engine does; level: 0 error, 1 warning, 2 info, 3 debug.

        It is called on the thread of the call concerned. None: nobody is told.
        """

        def told(level: int, message: int, size: int, _: Any) -> None:
            assert log is not None
            log(level, ctypes.string_at(message, size).decode("utf-8", "replace"))

        function = LogFunction(told) if log is not None else LogFunction(0)
        self._log_functions.append(function)
        call(library.jobmedic_engine_set_log, self._handle(), function, None)

    def set_events(self, tell: Optional[Callable[[Document], None]], level: int = 2) -> None:
        """From now on tell(event) gets each jobmedic.event/1 up to `level` as a dict: at, level, event, message and fields.

        It is called on the thread of the call concerned, by several at once where several call. None: nobody is told.
        """

        def told(_level: int, event: int, size: int, _: Any) -> None:
            assert tell is not None
            tell(json.loads(ctypes.string_at(event, size)))

        function = EventFunction(told) if tell is not None else EventFunction(0)
        self._log_functions.append(function)
        call(library.jobmedic_engine_set_events, self._handle(), level, function, None)


class Scan(Closable):
    """A classification in progress. Belongs to one thread at a time; may outlive its engine.

    Any split of the same bytes gives the same answer as Engine.classify().
    """

    def __init__(self, engine: Owner, attempt: Optional[Document]) -> None:
        self._owner = None
        self._alone = OneThreadAtATime()
        self._owner = Owner(
            library.jobmedic_scan_create,
            library.jobmedic_scan_free,
            ScanHandle,
            engine,
            *optional_document(attempt),
        )

    def feed(self, name: str, data: bytes) -> None:
        """More bytes of the log `name`; logs count in the order of their first piece."""
        key, piece = name.encode("utf-8", "surrogateescape"), bytes(data)
        with self._alone("Scan"):
            call(library.jobmedic_scan_feed, self._handle(), key, len(key), piece, len(piece))

    def result(self) -> Document:
        """The verdict on what came so far, as if the logs ended here. Feeding may go on."""
        with self._alone("Scan"):
            return answer(library.jobmedic_scan_result, self._handle())
