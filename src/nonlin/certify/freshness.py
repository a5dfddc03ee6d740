"""Whether a certificate still holds for the kernels of today."""

from __future__ import annotations

from nonlin.certify.certificate import Certificate, file_name
from nonlin.certify.conducting import command
from nonlin.certify.fingerprint import fingerprint
from nonlin.certify.subject import subject


def stale(certificate: Certificate) -> str | None:
    """Return a sentence that says what to type if the kernels have changed since; None if they have not."""
    now = subject(certificate.function, certificate.dtype, certificate.grade)
    if fingerprint(now) == certificate.fingerprint:
        return None
    again = command(
        now, tuple(certificate.measured), certificate.dtype == "float32" and certificate.exhaustive
    )
    return (
        f"{file_name(now)} was measured with other kernels ({certificate.fingerprint}, now {fingerprint(now)}); "
        f"make it anew: {again} --out nonlin-certify, then copy it to src/nonlin/certificates"
    )
