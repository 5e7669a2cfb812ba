"""The certificate of the local cloud."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509

from localcloud.certificate import NAMES, Certificate


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate.in_directory(tmp_path / "certificate")


def test_certificate_names_every_host_of_the_local_cloud(certificate: Certificate) -> None:
    served = x509.load_pem_x509_certificate(certificate.chain.read_bytes())

    names = served.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert {str(name.value) for name in names} == set(NAMES)


def test_certificate_is_reused_while_it_is_valid(certificate: Certificate) -> None:
    before = certificate.chain.read_bytes()

    again = Certificate.in_directory(certificate.chain.parent)

    assert again.chain.read_bytes() == before


@pytest.mark.parametrize("lost", ["ca", "chain", "key", "bundle"])
def test_certificate_is_made_anew_when_a_file_is_lost(certificate: Certificate, lost: str) -> None:
    getattr(certificate, lost).unlink()

    Certificate.in_directory(certificate.chain.parent)

    assert getattr(certificate, lost).is_file()


def test_certificate_is_made_anew_when_it_has_run_out(certificate: Certificate) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    expired = trustme.CA().issue_cert("localhost", not_after=yesterday)
    certificate.chain.write_bytes(expired.cert_chain_pems[0].bytes())

    Certificate.in_directory(certificate.chain.parent)

    served = x509.load_pem_x509_certificate(certificate.chain.read_bytes())
    assert served.not_valid_after_utc > datetime.now(UTC)


def test_certificate_is_made_anew_when_it_cannot_be_read(certificate: Certificate) -> None:
    certificate.chain.write_text("no certificate")

    Certificate.in_directory(certificate.chain.parent)

    assert x509.load_pem_x509_certificate(certificate.chain.read_bytes())


def test_private_key_is_readable_by_its_owner_only(certificate: Certificate) -> None:
    assert certificate.key.stat().st_mode & 0o077 == 0


def test_bundle_holds_the_authority_too(certificate: Certificate) -> None:
    assert certificate.ca.read_text() in certificate.bundle.read_text()
