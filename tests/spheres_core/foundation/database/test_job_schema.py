"""The job queue's tables: the function we call keeps its signature, and older databases are migrated."""

from __future__ import annotations

from typing import Any

import psycopg

from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.components import JOBS
from spheres_core.foundation.database.job_schema import JobSchema
from spheres_core.foundation.database.migrations import migrate


def test_the_application_defers_a_job_by_the_function_whose_signature_we_pin(
    fresh_database_each: Any,
) -> None:
    urls = fresh_database_each("jobs")
    migrate(urls.owner, [JOBS])

    with psycopg.connect(urls.owner) as db:
        signature = db.execute(
            "SELECT pg_get_function_arguments(oid), pg_get_function_result(oid) FROM pg_proc "
            "WHERE proname = 'procrastinate_defer_jobs_v1'"
        ).fetchall()
        fields = db.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = 'procrastinate_job_to_defer_v1'::regclass ORDER BY attnum"
        ).fetchall()
    assert signature == [("jobs procrastinate_job_to_defer_v1[]", "bigint[]")]
    assert fields == [
        ("queue_name", "character varying"),
        ("task_name", "character varying"),
        ("priority", "integer"),
        ("lock", "text"),
        ("queueing_lock", "text"),
        ("args", "jsonb"),
        ("scheduled_at", "timestamp with time zone"),
    ]
    with psycopg.connect(urls.app) as db:
        ids = db.execute(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('q', 'deliver', 0, NULL, NULL, "
            "'{\"id\": 1}'::jsonb, NULL)::procrastinate_job_to_defer_v1])"
        ).fetchone()
        worker = db.execute("SELECT worker_id FROM procrastinate_register_worker_v1()").fetchone()
        assert ids == ([1],) and worker is not None
        fetched = db.execute("SELECT task_name FROM procrastinate_fetch_job_v2(NULL, %s)", [worker[0]]).fetchone()
        assert fetched == ("deliver",)
        db.execute("SELECT procrastinate_finish_job_v1(1, 'succeeded', true)")


def test_the_job_schema_is_brought_on_from_an_older_version(fresh_database: Any) -> None:
    """An older database: the files up to one version, then the runner applies the rest."""
    urls = fresh_database("older_jobs")
    schema = JobSchema()
    files = schema._files()
    older = next(file for file in reversed(files) if file.stem < "03.02")
    with psycopg.connect(urls.owner) as db:
        for file in files[: files.index(older) + 1]:
            db.execute(file.read_bytes())
            db.commit()
        db.execute("CREATE TABLE jobs_version (version_num text PRIMARY KEY)")
        db.execute("INSERT INTO jobs_version VALUES (%s)", [older.stem])

    applied = migrate(urls.owner, [JOBS])

    assert applied[0].steps == tuple(file.stem for file in files if file.stem > older.stem)
    assert migrations.status(urls.owner, [JOBS])[0].current == schema.head()
    new = fresh_database("new_jobs")
    migrate(new.owner, [JOBS])
    assert job_functions(urls.owner) == job_functions(new.owner)


def job_functions(url: str) -> set[str]:
    query = "SELECT proname || pg_get_function_arguments(oid) FROM pg_proc WHERE proname LIKE 'procr%'"
    with psycopg.connect(url) as db:
        return {row[0] for row in db.execute(query)}
