"""The product as granian serves it: `granian --interface asgi benchmarks.product:dispatcher`."""

import os
from pathlib import Path

import structlog

from benchmarks.ground import KEY
from spheres_core.app import assembly
from spheres_core.app.dispatcher import Dispatcher
from spheres_core.audit import operations as audit
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.staff.operations import authentication

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
dispatcher = Dispatcher(
    assembly.make_runtime(
        Database(os.environ["BENCH_URL"], most=10),
        Keyring(KEY),
        discover([Path(os.environ["BENCH_PLUGINS"])]),
        serves=True,
    ),
    authentication.authenticate,
    audit.record_refusal,
)
