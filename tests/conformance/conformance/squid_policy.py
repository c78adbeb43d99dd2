"""A realistic Squid configuration around an artifact, as docs/targets/squid.md says to load it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .corpus import Artifact

#: Ports of the configuration that Debian ships.
SAFE_PORTS = {80, 21, 443, 70, 210, 280, 488, 591, 777, *range(1025, 65536)}
SSL_PORTS = {443}
LIBRARY = Path("/usr/lib/squid")

#: For live ones only: where Squid puts its things, and where names lead. No line of it decides who may what.
PLACES = """\
pid_filename {folder}/pid
cache_log {folder}/cache.log
access_log stdio:{folder}/access.log
coredump_dir {folder}
hosts_file {folder}/hosts
pinger_enable off
visible_hostname proxy.example
cache deny all
dns_nameservers 127.0.0.1
dns_timeout 1 seconds
connect_timeout 2 seconds
shutdown_lifetime 0 seconds
tcp_outgoing_address 10.30.0.5
max_filedescriptors 4096
"""
#: What stands behind the fragment: authentication, the ports of the shipped configuration, the final denial.
BEHIND = """\
auth_param basic program {library}/basic_ncsa_auth {folder}/passwords
auth_param basic children 2 startup=1 idle=1
auth_param basic realm proxy
acl SSL_ports port 443
acl Safe_ports port 80 21 443 70 210 1025-65535 280 488 591 777
acl staff proxy_auth REQUIRED
http_access deny !Safe_ports
http_access deny CONNECT !SSL_ports
http_access allow staff
http_access deny all
"""
#: What somebody may add behind a policy of its own: its final denial has to stand before it. Without one, Squid would do
#: the opposite of the last line, so that a lost denial would not show in a policy that ends in allow lines.
BEHIND_STANDALONE = "\nhttp_access allow all\n"
#: The same of a proxy that inspects TLS; tunnels to 80 and 8443 too, so that the ports of a `splice` line are seen to count.
INSPECTION = """\
http_port {port} ssl-bump cert={folder}/bump.pem generate-host-certificates=on dynamic_cert_mem_cache_size=4MB
sslcrtd_program {library}/security_file_certgen -s {folder}/certificates -M 4MB
sslcrtd_children 2 startup=1 idle=1
tls_outgoing_options cafile={folder}/origin.crt
sslproxy_cert_error allow all
"""
BUMP = "acl step1 at_step SslBump1\nssl_bump peek step1\nssl_bump bump all\n"


@dataclass(frozen=True)
class Policy:
    """The whole configuration and how it listens."""

    text: str
    port: int
    standalone: bool
    inspects: bool


def policy(artifact: Artifact, text: str, folder: Path, live: bool) -> Policy:
    """`text` (of the artifact) alone if it is a policy of its own, else included first in a usual one."""
    values = {"folder": folder, "library": LIBRARY, "port": 3128}
    places = PLACES.format(**values) if live else ""
    if artifact.settings.get("form") == "standalone":
        behind = BEHIND_STANDALONE if live else ""
        return Policy(places + text + behind, int(artifact.settings.get("port", "3128")), True, False)
    inspects = "ssl_bump " in "".join(line for line in text.splitlines(True) if not line.startswith("#"))
    listens = (INSPECTION if inspects else "http_port {port}\n").format(**values)
    behind = BEHIND.format(**values)
    if inspects:
        behind = behind.replace("SSL_ports port 443", "SSL_ports port 443 80 8443") + BUMP
    fragment = folder / "portbook.conf"
    fragment.write_text(text)
    return Policy(f"{places}{listens}include {fragment}\n{behind}", 3128, False, inspects)


def refusal(policy: Policy, method: str, port: int) -> str:
    """The status of what the artifact does not allow. A fragment lets it fall to what stands behind: the two port lists
    forbid (403), else Squid asks who it is (407)."""
    tunnel = method in ("CONNECT", "HTTPS")
    ssl_ports = SSL_PORTS | {80, 8443} if policy.inspects else SSL_PORTS
    forbidden = port not in SAFE_PORTS or (tunnel and port not in ssl_ports)
    return "403" if policy.standalone or forbidden else "407"
