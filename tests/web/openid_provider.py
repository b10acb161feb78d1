"""A small OpenID provider on loopback: discovery, authorisation code with PKCE (S256), token, user info, keys."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT = "onefloor"
SECRET = "a secret that the client and the provider share"


@dataclass
class Provider:
    """Whoever comes is ``person``; ``token`` overrides what the signed token says. ``asked`` keeps all requests."""

    address: str
    person: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def discovery(self) -> dict[str, Any]:
        """What a client learns first."""
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        return {
            "issuer": self.address,
            **{name: f"{self.address}/{path}" for name, path in ends.items()},
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes on to, with a code for who asked."""
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, asked: dict[str, str]) -> dict[str, Any] | None:
        """Tokens for a code, once, for whoever began it."""
        begun = self.codes.pop(asked.get("code", ""), None)
        if begun is None or (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
            return None
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != begun["code_challenge"]:
            return None
        now = int(time.time())
        says = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person, **self.token}
        signed = jwt.encode(says, self.key, "ES256", headers={"kid": "1"})
        return {"access_token": "of this test", "token_type": "Bearer", "expires_in": 300, "id_token": signed}


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider that runs during the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    made = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    server.provider = made  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Answers(BaseHTTPRequestHandler):
    @property
    def provider(self) -> Provider:
        return self.server.provider  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, _first(urlsplit(self.path).query)
        self.provider.asked.append(path)
        if path == "/.well-known/openid-configuration":
            self._say(200, self.provider.discovery())
        elif path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(asked))
            self.end_headers()
        elif path == "/userinfo" and self.headers["Authorization"] == "Bearer of this test":
            self._say(200, self.provider.person)
        else:
            self._say(404, {})

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        tokens = self.provider.exchange(_first(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self._say(200, tokens) if tokens else self._say(400, {"error": "invalid_grant"})

    def _say(self, status: int, what: dict[str, Any]) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Silent."""


def _first(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
