"""Where uploaded and printed files are kept: on this machine, or in an S3-compatible storage."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

_NEEDED = ("S3_ACCESS_KEY", "S3_SECRET_KEY")
# A file that is read is held in memory up to this size and on the disk beyond.
_IN_MEMORY = 8 * 1024 * 1024


def storage(given: Mapping[str, str]) -> dict[str, Any]:
    """The default of STORAGES by the environment; ImproperlyConfigured where it is half told.

    Nothing is ever served from there: every file goes through the view that knows who may see it,
    so the bucket stays private and no address of it is handed out.
    """
    bucket = given.get("S3_BUCKET", "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    if missing := [name for name in _NEEDED if not given.get(name)]:
        raise ImproperlyConfigured(f"S3_BUCKET is set, so {', '.join(missing)} must be as well")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured("S3_BUCKET is set: pip install -r requirements-s3.txt")
    endpoint = given.get("S3_ENDPOINT") or None
    if endpoint is not None and not endpoint.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"S3_ENDPOINT={endpoint!r}: expected https://host")
    options = {
        "bucket_name": bucket,
        "access_key": given["S3_ACCESS_KEY"],
        "secret_key": given["S3_SECRET_KEY"],
        "endpoint_url": endpoint,
        "region_name": given.get("S3_REGION") or None,
        # Servers of one's own seldom have a host name for each bucket.
        "addressing_style": "path" if endpoint else "auto",
        "signature_version": "s3v4",
        "file_overwrite": False,
        "querystring_auth": True,
        "max_memory_size": _IN_MEMORY,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
