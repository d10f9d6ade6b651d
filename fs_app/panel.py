"""The panel's process: gunicorn with gevent workers around the Flask application. Owns no rule of the panel itself."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from werkzeug.middleware.proxy_fix import ProxyFix

from fs_app.setting_rules import parts
from fs_app.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONNECTIONS_PER_WORKER = 4000
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
GRACE_S = 1  # event streams never end by themselves, so every stop takes this long


class PanelLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's lines go where all others go, and requests are not logged."""

    def setup(self, cfg: Any) -> None:
        """Leave the handlers to :mod:`fs_app.logs`."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def plain_address(text: str) -> str:
    """An IPv4 address that a socket for both kinds writes as IPv6 (``::ffff:192.0.2.7``), as itself; else ``text``."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped) if mapped is not None else text


def _plain_network(network: Network) -> Network:
    mapped = network.network_address.ipv4_mapped if isinstance(network, ipaddress.IPv6Network) else None
    return ipaddress.ip_network((mapped, network.prefixlen - 96)) if mapped and network.prefixlen >= 96 else network


class BehindProxy:
    """Believes ``X-Forwarded-For``, ``-Proto`` and ``-Host`` when a trusted reverse proxy sent them, else removes them."""

    FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")

    def __init__(self, application: WSGIApplication, trusted: str) -> None:
        self._application = application
        self._believing = ProxyFix(self._plainly, x_for=1, x_proto=1, x_host=1)
        self._networks = [_plain_network(ipaddress.ip_network(part)) for part in parts(trusted)]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Handle one request."""
        if self._is_trusted(plain_address(environ.get("REMOTE_ADDR", ""))):
            return self._believing(environ, start_response)
        for name in self.FORWARDED:
            environ.pop(name, None)
        return self._plainly(environ, start_response)

    def _plainly(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The sender's address as the rest of the panel knows it, whether the socket or the proxy named it."""
        environ["REMOTE_ADDR"] = plain_address(environ.get("REMOTE_ADDR", ""))
        return self._application(environ, start_response)

    def _is_trusted(self, address: str) -> bool:
        try:
            sender = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(sender in network for network in self._networks)


class Panel(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn, configured by our settings only: no file and no variable of its own is read."""

    def __init__(self, settings: Settings, listener_fd: int) -> None:
        self._settings = settings
        self._listener_fd = listener_fd
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        for name, value in {
            "bind": f"fd://{self._listener_fd}",
            "workers": self._settings.panel_workers,
            "worker_class": "gevent",
            "worker_connections": CONNECTIONS_PER_WORKER,
            "graceful_timeout": GRACE_S,
            "keepalive": 30,
            "control_socket_disable": True,
            "logger_class": PanelLog,
            "loglevel": "warning",
            "proc_name": "sasayaki-panel",
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> BehindProxy:
        """Build the application, in each worker for itself: connections and greenlets do not survive a fork."""
        from fs_app.wiring.panel import build_panel  # noqa: PLC0415 - the master process needs none of it

        return BehindProxy(build_panel(self._settings).wsgi_app, self._settings.trusted_proxies)
