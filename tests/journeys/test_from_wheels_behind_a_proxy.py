"""An installation as a region has it: wheels in an environment of their own, hosts of tenants, nginx with TLS."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import socket
import ssl
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from spheres_core.authoring import wheels
from spheres_core.cli.output import CommandError
from spheres_core.cli.server import web_server
from spheres_core.foundation.postgres.cluster import Cluster
from tests.homes import lay_home
from tests.wait import LIMIT, wait_for_answer, wait_until
from tests.wheels import PLUGINS, built_wheels
from tests.wheels import installed as installed_wheels

ROOT: Final = Path(__file__).parents[2]
EAST: Final = """
slug = "east"
name = {fr = "L'Est", en = "The East"}
languages = ["fr-CA", "en-CA"]
time_zone = "America/Toronto"
plugins = ["quebec", "montreal", "regional_intake"]
hosts = ["east.example.org:PORT"]
"""
WEST: Final = """
slug = "west"
name = {fr = "L'Ouest", en = "The West"}
languages = ["fr-CA", "en-CA"]
time_zone = "America/Toronto"
plugins = ["quebec"]
hosts = ["west.example.org:PORT"]
"""


BETWEEN: Final = "\0"
COMMANDS: Final = """
import shlex, sys
from spheres_core.cli import main
for number, line in enumerate(sys.argv[1:]):
    print(end="\\0" if number else "")
    if code := main.run(shlex.split(line)):
        sys.exit(code)
"""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheels of the core and of some plugins, which another file uses as well."""
    return built_wheels(tmp_path_factory)


class Installation:
    """A virtual environment with these wheels, a folder to work in, and what runs there."""

    def __init__(self, folder: Path, bin_: Path) -> None:
        self.folder = folder
        self.bin = bin_
        (self.site,) = bin_.parent.glob("lib/python*/site-packages")
        self.port, self.tls_port = _free_port(), _free_port()
        self.listed = ""
        """The plugins that are found there."""
        self.password = ""
        """That of an administrator of the east, `a@example.org`."""
        self._running: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
            "LANG": "en_CA.UTF-8",
            "SPHERES_HOME": str(self.folder / "home"),
            "SPHERES_PUBLIC_URL": f"https://east.example.org:{self.tls_port}",
        }

    def spheres(self, *commands: str) -> list[str]:
        """What these commands say, one after the other in one process: each would import the core anew."""
        done = subprocess.run(
            [str(self.bin / "python"), "-c", COMMANDS, *commands],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.split(BETWEEN)

    def serve(self, **environment: str) -> None:
        """Start the server and wait until it answers."""
        command = [str(self.bin / "spheres"), "serve", "--port", str(self.port)]
        self.start(command, **environment)
        wait_until(lambda: wait_for_answer(f"http://127.0.0.1:{self.port}/health").status_code == 200)

    def start(self, command: list[str], **environment: str) -> None:
        seen = {**self.environment, **environment}
        with open(self.folder / "log", "ab") as log:
            self._running.append(subprocess.Popen(command, cwd=self.folder, env=seen, stdout=log, stderr=log))

    def end(self) -> None:
        for each in self._running:
            each.terminate()
        for each in self._running:
            each.wait(timeout=LIMIT)
        Cluster(self.folder / "home").stop()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, nginx: Path) -> Iterator[Installation]:
    """Two regions in it, behind nginx as docs/run-it.md says."""
    made = Installation(tmp_path_factory.mktemp("elsewhere"), installed_wheels(tmp_path_factory))
    for slug, text in (("east", EAST), ("west", WEST)):
        (made.folder / f"{slug}.toml").write_text(text.replace("PORT", str(made.tls_port)))
    lay_home(made.folder / "home")  # the core's own migrations are in its wheel, as each file of it
    person = "--role administrator --email a@example.org --name A --json"
    *_, listed, account = made.spheres(
        "migrate", "tenant apply east.toml west.toml --yes", "plugin list --json",
        f"staff create --tenant east {person}",
    )  # fmt: skip
    made.listed, made.password = listed, json.loads(account)["password"]
    made.start([str(nginx), "-c", str(_nginx(made)), "-g", "daemon off;"])
    made.serve(SPHERES_TRUSTED_PROXIES="127.0.0.1")
    yield made
    made.end()


@pytest.fixture(scope="module")
def visitor(installed: Installation) -> Iterator[httpx.Client]:
    """Somebody who reaches it from outside: every host is this machine, its certificate is trusted."""
    with _visitor(installed) as client:
        yield client


def _visitor(installed: Installation) -> httpx.Client:
    trusted = ssl.create_default_context(cafile=str(installed.folder / "fullchain.pem"))
    return httpx.Client(transport=_ToThisMachine(trusted, installed.tls_port), timeout=LIMIT)


class _ToThisMachine(httpx.HTTPTransport):
    """Names are resolved to the loopback; the certificate is still checked against the name."""

    def __init__(self, trusted: Any, port: int) -> None:
        super().__init__(verify=trusted)
        self._port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        there = request.url.copy_with(host="127.0.0.1", port=self._port)
        headers = [(name, value) for name, value in request.headers.multi_items() if name != "host"]
        headers.append(("host", f"{request.url.host}:{self._port}"))
        extensions = {**request.extensions, "sni_hostname": request.url.host}
        sent = httpx.Request(request.method, there, headers=headers, stream=request.stream, extensions=extensions)
        return super().handle_request(sent)


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


def _nginx(made: Installation) -> Path:
    """The page's own server block, with this machine's ports and a certificate of our own."""
    page = (ROOT / "docs" / "run-it.md").read_text()
    (block,) = re.findall(r"^```nginx\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    _certify(made.folder)
    for said, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{made.tls_port} ssl"),
        ("http://127.0.0.1:8080", f"http://127.0.0.1:{made.port}"),
        ("/etc/ssl/spheres/", f"{made.folder}/"),
    ):
        assert said in block
        block = block.replace(said, here)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {made.folder}/{kind};" for kind in kinds)
    path = made.folder / "nginx.conf"
    path.write_text(
        f"pid {made.folder}/nginx.pid; error_log {made.folder}/nginx.log; events {{}}\nhttp {{ {folders}\n{block}}}\n"
    )
    return path


def _certify(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "SPHERES tests")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("east.example.org"), x509.DNSName("west.example.org")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    no_secret = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_secret)
    (folder / "privkey.pem").write_bytes(private)


def test_the_cores_wheel_carries_every_file_of_the_package_and_the_catalogs(dist: Path) -> None:
    (wheel,) = dist.glob("spheres-*.whl")
    carried = {each for each in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in each}
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "spheres_core", "locales"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    here = {each for each in tracked if (ROOT / each).is_file()}

    assert here == {re.sub(r"^spheres_core/locales/", "locales/", each) for each in carried}


def test_the_same_plugin_makes_the_same_wheel_byte_for_byte(dist: Path, tmp_path: Path) -> None:
    (first,) = dist.glob("spheres_plugin_regional_intake-*.whl")

    again = wheels.build(ROOT / "plugins" / "regional_intake", tmp_path)

    assert again.read_bytes() == first.read_bytes()
    assert "spheres_plugins/regional_intake/migrations/0001_travel_questions.py" in zipfile.ZipFile(again).namelist()


def test_outside_the_checkout_everything_comes_from_the_wheels(installed: Installation) -> None:
    where = subprocess.run(
        [str(installed.bin / "python"), "-c", "import spheres_core; print(spheres_core.__file__)"],
        cwd=installed.folder, env=installed.environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    listed = installed.listed

    assert where.startswith(str(installed.site))
    assert all(f"{installed.site}/spheres_plugins/{id_}" in listed for id_ in PLUGINS)
    assert str(ROOT) not in listed


def test_each_host_is_its_tenant_and_no_other(visitor: httpx.Client) -> None:
    east = visitor.get("https://east.example.org/fr/")
    west = visitor.get("https://west.example.org/fr/")
    style = re.search(r'href="(/static/[^"]+\.css[^"]*)"', east.text)
    own = "/api/x/regional_intake/travel-questions"

    assert (east.status_code, west.status_code) == (200, 200)
    assert 'href="/fr/refer"' in east.text
    assert "/t/east" not in east.text
    assert style is not None
    assert visitor.get(f"https://east.example.org{style[1]}").status_code == 200
    assert [visitor.get(f"https://{name}.example.org{own}").status_code for name in ("east", "west")] == [401, 404]


def test_what_follows_from_tls_is_said_and_a_person_signs_in(installed: Installation, visitor: httpx.Client) -> None:
    home = visitor.get("https://east.example.org/fr/")
    origin = {"origin": f"https://east.example.org:{installed.tls_port}"}
    given = {"email": "a@example.org", "password": installed.password}

    entered = visitor.post("https://east.example.org/fr/sign-in", data=given, headers=origin)

    assert home.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert (entered.status_code, entered.headers["location"]) == (303, "/fr/directory")
    assert "Secure" in entered.headers["set-cookie"]
    assert visitor.get("https://east.example.org/fr/account").status_code == 200


def test_a_referral_through_the_proxy_is_refused_with_its_reasons(visitor: httpx.Client) -> None:
    form = visitor.get("https://east.example.org/api/forms/referral")
    refused = visitor.post("https://east.example.org/api/referrals", json={"answers": {}, "language": "fr"})

    assert form.status_code == 200
    assert refused.status_code == 422
    assert refused.headers["content-type"].startswith("application/problem+json")


def seen_through(proxies: list[str]) -> tuple[str, str]:
    """The scheme and the caller that the server sees when 192.0.2.1 says that it forwards for 203.0.113.9."""
    seen: list[Any] = []

    async def world(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    headers = [(b"x-forwarded-proto", b"https"), (b"x-forwarded-for", b"198.51.100.1, 203.0.113.9")]
    scope = {"type": "http", "scheme": "http", "client": ("192.0.2.1", 1), "headers": headers}
    asyncio.run(web_server.with_proxy_headers(world, proxies)(scope, None, None))  # type: ignore[arg-type]
    return seen[0]["scheme"], seen[0]["client"][0]


def test_only_a_proxy_that_is_named_is_believed_and_only_on_its_own_neighbour() -> None:
    assert seen_through(["192.0.2.0/24"]) == ("https", "203.0.113.9")
    assert seen_through(["192.0.2.7"]) == ("http", "192.0.2.1")
    assert seen_through([]) == ("http", "192.0.2.1")


@pytest.mark.parametrize("value", ["*", "proxy.example.org", "10.0.0.0/8,everybody"])
def test_trusting_everybody_or_a_name_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPHERES_TRUSTED_PROXIES", value)

    with pytest.raises(CommandError):
        web_server.trusted_proxies()
