"""The proxies of ``deploy/`` in front of a real site: TLS, what they pass on and what they do not, large uploads."""

from __future__ import annotations

import contextlib
import http.client
import json
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from processes import copied, free_port, serving, until
from writers import import_file, signed_in

pytestmark = pytest.mark.processes
DEPLOY = Path(__file__).parents[3] / "deploy"
HOST = "floor.example"
TLS = {"ONEFLOOR_TLS": "1", "ONEFLOOR_HOSTS": HOST}
CLAIMED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}
NGINX = """
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {server}
}}
"""
CADDY = "{{\n\tadmin off\n\thttp_port {http}\n\thttps_port {https}\n\tstorage file_system {folder}\n}}\n{server}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes


def asked(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: dict[str, str]
) -> Answer:
    """One question over a connection, which is closed afterwards."""
    with contextlib.closing(connection):
        connection.request(method, path, body, {"Host": HOST, **headers})
        came = connection.getresponse()
        return Answer(came.status, came.headers, came.read())


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs: where it listens, and the certificate it shows."""

    plain: int
    secure: int
    certificate: Path

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """An answer by TLS."""
        trusted = ssl.create_default_context(cafile=self.certificate)
        return asked(http.client.HTTPSConnection("localhost", self.secure, timeout=120, context=trusted),
                     method, path, body, headers)  # fmt: skip

    def ask_plainly(self, path: str) -> Answer:
        """An answer without TLS."""
        return asked(http.client.HTTPConnection("127.0.0.1", self.plain, timeout=120), "GET", path, b"", {})

    def up(self) -> bool:
        """Whether it listens."""
        with contextlib.suppress(OSError):
            return bool(self.ask("GET", "/health/").status)
        return False


@contextlib.contextmanager
def proxy(program: str, folder: Path, upstream: int) -> Iterator[Proxy]:
    """``nginx`` or ``caddy`` with the file of ``deploy/``; changed are the ports, the certificate, where it writes."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    folder.mkdir()
    certificate, key = made_certificate(folder)
    made = Proxy(free_port(), free_port(), certificate)
    write = {"nginx": nginx, "caddy": caddy}[program]
    process = subprocess.Popen(
        write(folder, upstream, made, key), env={"HOME": str(folder), "PATH": "/usr/sbin:/usr/bin"}
    )
    try:
        until(made.up)
        yield made
    finally:
        process.terminate()
        process.wait()


def nginx(folder: Path, upstream: int, made: Proxy, key: Path) -> list[str]:
    """Write what it reads; returns the command."""
    changes = {
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "listen 80;": f"listen 127.0.0.1:{made.plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{made.secure} ssl http2;",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "/etc/onefloor/tls/fullchain.pem": str(made.certificate),
        "/etc/onefloor/tls/privkey.pem": str(key),
    }
    server = changed(DEPLOY / "nginx.conf", changes)
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, server=server), encoding="utf-8")
    return ["nginx", "-p", str(folder), "-c", str(file), "-g", "daemon off;"]


def caddy(folder: Path, upstream: int, made: Proxy, key: Path) -> list[str]:
    """Write what it reads; returns the command."""
    changes = {
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        f"\n{HOST} {{\n": f"\n{HOST}, localhost {{\n\ttls {made.certificate} {key}\n",
    }
    server = changed(DEPLOY / "Caddyfile", changes)
    file = folder / "Caddyfile"
    file.write_text(CADDY.format(folder=folder, http=made.plain, https=made.secure, server=server), encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]


def changed(file: Path, changes: dict[str, str]) -> str:
    """A file of ``deploy/`` with some of its words replaced, each of which it must have."""
    text = file.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def made_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of this machine and of the site's name, and its key."""
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    names = f"subjectAltName=DNS:{HOST},DNS:localhost"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    where = ["-keyout", str(key), "-out", str(certificate), "-subj", f"/CN={HOST}", "-addext", names]
    subprocess.run([*made, *where], check=True, capture_output=True)
    return certificate, key


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers it was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Tell."""
        body = json.dumps({name.title(): self.headers.get_all(name) for name in self.headers}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@pytest.mark.parametrize("program", ["nginx", "caddy"])
def test_a_proxy_says_itself_who_asks_and_how_and_passes_on_no_claim(program: str, tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as upstream:
        threading.Thread(target=upstream.serve_forever, daemon=True).start()
        with proxy(program, tmp_path / "proxy", upstream.server_address[1]) as before:
            said = json.loads(before.ask("GET", "/", **CLAIMED).body)
        upstream.shutdown()
    named = ("Host", "X-Forwarded-For", "X-Forwarded-Proto")
    assert {name: said[name] for name in named} == {
        "Host": [HOST],
        "X-Forwarded-For": ["127.0.0.1"],
        "X-Forwarded-Proto": ["https"],
    }


def test_the_site_behind_each_proxy_is_reached_by_tls_alone_and_takes_large_files(
    served_once: Path, tmp_path: Path
) -> None:
    installed = [name for name in ("nginx", "caddy") if shutil.which(name)]
    if not installed:
        pytest.skip("neither nginx nor caddy is installed")
    floor = copied(served_once, tmp_path / "floor")
    with serving(floor, **TLS) as site:
        (writer,) = signed_in(site, floor, 1, **TLS)
        for program in installed:
            with proxy(program, tmp_path / program, site.port) as before:
                plain = before.ask_plainly("/today/")
                moved = (plain.status in (301, 308), plain.headers["Location"].startswith(f"https://{HOST}"))
                assert moved == (True, True)

                assert before.ask("GET", "/health/").body == b'{"status": "ok"}'
                first = before.ask("GET", "/today/")
                assert (first.status, first.headers["Location"]) == (302, "/sign-in/?next=/today/")
                assert first.headers["Strict-Transport-Security"].startswith("max-age=31536000")
                page = before.ask("GET", "/sign-in/")
                cookies = page.headers.get_all("Set-Cookie") or []
                assert [cookie.split("=")[0] for cookie in cookies if "Secure" in cookie] == ["__Host-csrf"]

                body, headers = import_file(program, lines=200_000).sent_as(writer.session)
                headers["Cookie"] = (
                    headers["Cookie"].replace("session=", "__Host-session=").replace("csrf=", "__Host-csrf=")
                )
                brought = before.ask("POST", "/imports/new/", body, **headers, Referer=f"https://{HOST}/imports/new/")
                assert (len(body) > 8 << 20, brought.status) == (True, 302)
                there = brought.headers["Location"]
                assert before.ask("GET", there, Cookie=headers["Cookie"]).status == 200
