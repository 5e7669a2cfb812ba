"""The certificate the local cloud serves TLS with: made once, reused while it is valid."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography import x509

# Both names appear in addresses that MiniStack hands out (queue URLs, response URLs).
NAMES = ("localhost", "127.0.0.1", "::1")
LIFETIME = timedelta(days=365)
RENEW_BEFORE = timedelta(days=1)


@dataclass(frozen=True)
class Certificate:
    """Where the certificate lies: every file is PEM.

    :param ca: the authority clients have to trust.
    :param chain: the server's certificate.
    :param key: the server's private key.
    :param bundle: the system's authorities and ours, for a function that also calls elsewhere.
    """

    ca: Path
    chain: Path
    key: Path
    bundle: Path

    @classmethod
    def in_directory(cls, directory: Path) -> "Certificate":
        """The certificate in ``directory``, made anew when there is none or it has run out."""
        names = ("ca.pem", "server.pem", "server.key", "bundle.pem")
        certificate = cls(*(directory / name for name in names))
        if not certificate._is_valid():
            certificate._make()
        return certificate

    def _is_valid(self) -> bool:
        if not all(path.is_file() for path in (self.ca, self.chain, self.key, self.bundle)):
            return False
        try:
            served = x509.load_pem_x509_certificate(self.chain.read_bytes())
        except ValueError:
            return False
        return served.not_valid_after_utc - RENEW_BEFORE > datetime.now(UTC)

    def _make(self) -> None:
        self.ca.parent.mkdir(parents=True, exist_ok=True)
        authority = trustme.CA(organization_name="cdk-human-review local cloud")
        server = authority.issue_cert(*NAMES, not_after=datetime.now(UTC) + LIFETIME)
        self.key.touch(mode=0o600)
        self.key.write_bytes(server.private_key_pem.bytes())
        self.chain.write_bytes(b"".join(blob.bytes() for blob in server.cert_chain_pems))
        self.ca.write_bytes(authority.cert_pem.bytes())
        self.bundle.write_bytes(_system_authorities() + authority.cert_pem.bytes())


def _system_authorities() -> bytes:
    """The authorities the system trusts, or nothing where it keeps no such file."""
    cafile = ssl.get_default_verify_paths().cafile
    return Path(cafile).read_bytes() + b"\n" if cafile else b""
