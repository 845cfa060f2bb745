"""Logs: one JSON object a line on stderr, holding only what is on the list.

Whatever is logged under another name is dropped, and an error is its kind and place, never its text: texts carry words
of people. What other libraries log is reduced to the same, except for those that know nothing of requests.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

ALLOWED: Final = frozenset(
    {
        *("time", "level", "logger", "event", "error", "at", "incident", "keys"),
        *("plugin", "plugins", "hook", "owner", "reason", "version", "component", "tenant", "kind", "code", "status"),
        *("recipient", "verb", "tries", "parked", "job", "task", "was", "seconds", "count", "entry", "topic"),
        *("address", "workers", "request_id", "file", "rule", "part", "resting", "what"),
        *("argument", "successor", "removed_in"),
    }
)
SPEAKS_PLAINLY: Final = ("_granian",)
"""Loggers of others whose messages are shown: they speak of addresses and processes only."""


def configure(level: int = logging.INFO) -> None:
    """Sets up logging of this process. Calling it again changes nothing."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            _reduce,
            structlog.processors.JSONRenderer(serializer=_encode),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Reduced())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(level, logging.WARNING))
    logging.captureWarnings(True)
    sys.excepthook = lambda _kind, error, _trace: _log_uncaught(error)
    threading.excepthook = lambda raised: _log_uncaught(raised.exc_value)
    sys.unraisablehook = lambda raised: _log_uncaught(raised.exc_value)


def silence() -> None:
    """Silences the log for commands that report errors themselves, so that only their answer stands on stdout."""
    quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=quiet, logger_factory=structlog.WriteLoggerFactory(sys.stderr))


def for_granian(level: int = logging.WARNING) -> dict[str, Any]:
    """Returns the web server's logging configuration: no handlers of its own, so that those of `configure` get all."""
    own = {"handlers": [], "level": level, "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {},
        "handlers": {},
        "loggers": {"_granian": own, "granian.access": {**own, "level": logging.CRITICAL}},
    }


def _log_uncaught(error: BaseException | None) -> None:
    """Logs what nobody caught; Python itself would print its text and the lines around it."""
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return
    structlog.get_logger("spheres.process").error("process.uncaught", **_error(error))


def _reduce(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    raised = event.pop("exc_info", None)
    kept = {name: value for name, value in event.items() if name in ALLOWED}
    if raised:
        error = raised if isinstance(raised, BaseException) else sys.exc_info()[1]
        kept |= _error(error)
    return {"time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"), **kept}


class _Reduced(logging.Formatter):
    """Formats what libraries log, through the same list."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.startswith(SPEAKS_PLAINLY):
            event["event"] = record.getMessage().partition("\n")[0]  # what follows would be a traceback
        else:
            event["event"] = "library.said"
            event["at"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[1] is not None:
            event |= _error(record.exc_info[1])
        return _encode(event)


def _error(error: BaseException | None) -> Mapping[str, str]:
    if error is None:
        return {}
    steps = traceback.extract_tb(error.__traceback__)
    last = steps[-1] if steps else None
    return {"error": type(error).__name__, **({"at": f"{last.name}:{last.lineno}"} if last else {})}


def _encode(event: Any, **_options: Any) -> str:
    return json.dumps(event, ensure_ascii=False, default=str)
