"""How far each function is from the truth, measured and written down: certificates."""

from nonlin.certify.certificate import Certificate, certificates
from nonlin.certify.conducting import Progress, certify
from nonlin.certify.freshness import stale
from nonlin.certify.subject import Subject, elementwise_names, subject
from nonlin.certify.tally import Extreme, Tally

__all__ = [
    "Certificate",
    "Extreme",
    "Progress",
    "Subject",
    "Tally",
    "certificates",
    "certify",
    "elementwise_names",
    "stale",
    "subject",
]
