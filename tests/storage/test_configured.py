"""The storage that the environment asks for."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from mentoring import files

KEYS = {"S3_BUCKET": "bangdai", "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "b"}


def test_files_are_kept_on_this_machine_where_nothing_is_said():
    assert files.storage({}) == {"BACKEND": "django.core.files.storage.FileSystemStorage"}


def test_a_bucket_asks_for_both_keys():
    with pytest.raises(ImproperlyConfigured, match="S3_ACCESS_KEY, S3_SECRET_KEY must"):
        files.storage({"S3_BUCKET": "bangdai"})


def test_an_endpoint_is_an_address():
    with pytest.raises(ImproperlyConfigured, match="S3_ENDPOINT"):
        files.storage({**KEYS, "S3_ENDPOINT": "minio:9000"})


def test_without_the_optional_packages_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(files, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-s3\.txt"):
        files.storage(KEYS)


def test_a_file_is_never_overwritten_and_the_bucket_is_told_nothing_public():
    options = files.storage({**KEYS, "S3_ENDPOINT": "http://127.0.0.1:9000"})["OPTIONS"]
    assert (options["file_overwrite"], options["addressing_style"]) == (False, "path")
    assert "default_acl" not in options
    assert "custom_domain" not in options
