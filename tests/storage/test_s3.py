"""Files in an S3-compatible storage: a real server of that kind, spoken to over HTTP."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
import zipfile

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from moto.server import ThreadedMotoServer
from storages.backends.s3 import S3Storage

from activities.models import Attachment
from handbooks.sweeping import KEPT, remove_old
from mentoring import files
from tests.activities.making import make_session, photo
from tests.handbooks.made import ran

KEYS = {"S3_BUCKET": "bangdai", "S3_ACCESS_KEY": "access", "S3_SECRET_KEY": "secret",
        "S3_REGION": "us-east-1"}  # fmt: skip


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server, settings, tmp_path):
    """An empty bucket, and the settings that a deployment with S3 has."""
    link = boto3.resource(
        "s3", endpoint_url=server, region_name="us-east-1",
        aws_access_key_id="access", aws_secret_access_key="secret",
    )  # fmt: skip
    bucket = link.Bucket("bangdai")
    bucket.create()
    settings.MEDIA_ROOT = tmp_path
    given = {**KEYS, "S3_ENDPOINT": server}
    settings.STORAGES = {**settings.STORAGES, "default": files.storage(given)}
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()


def keys(bucket) -> list[str]:
    return [row.key for row in bucket.objects.all()]


def attach(cast):
    session, content = make_session(pairing=cast.pairing), photo().read()
    made = Attachment(
        session=session, name="合影.jpg", mime="image/jpeg", size=len(content),
        uploaded_by=cast.mentee,
    )  # fmt: skip
    made.file.save("", ContentFile(content, name="file"))
    return made, content


def test_the_storage_is_that_of_the_settings(bucket):
    default_storage.exists("nothing")
    assert isinstance(default_storage._wrapped, S3Storage)


def test_an_uploaded_file_lies_in_the_bucket_and_not_on_the_machine(
    cast, bucket, signed_in, tmp_path
):
    client = signed_in(cast.mentee)
    address = reverse("activities:session_create", args=[cast.pairing.pk])
    form = {"method": "on_site", "topic": "村务公开", "content": "一同走了流程",
            "happened_on": timezone.localdate().isoformat(), "uploads": photo()}  # fmt: skip
    assert client.post(address, form).status_code == 302
    made = Attachment.objects.get()
    assert keys(bucket) == [made.file.name]
    assert list(tmp_path.rglob("*")) == []


def test_it_is_served_by_our_view_and_by_no_address_of_the_bucket(cast, bucket, server, signed_in):
    made, content = attach(cast)
    address = reverse("activities:file", args=[made.pk])
    response = signed_in(cast.mentor).get(address)
    assert b"".join(response.streaming_content) == content
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert signed_in(cast.stranger).get(address).status_code == 404
    page = signed_in(cast.mentor).get(reverse("activities:session_detail", args=[made.session_id]))
    assert address in page.text
    assert server not in page.text
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server}/bangdai/{made.file.name}")  # noqa: S310
    assert refused.value.code == 403


def test_a_file_that_is_gone_from_the_bucket_is_not_found(cast, bucket, signed_in):
    made, _content = attach(cast)
    bucket.objects.all().delete()
    assert signed_in(cast.mentor).get(reverse("activities:file", args=[made.pk])).status_code == 404


def test_handbooks_go_into_the_bucket_with_photos_out_of_it_and_are_removed(
    cast, tree, bucket, signed_in
):
    made, _content = attach(cast)
    run = ran(cast.county, tree.anji, with_photos=True)
    assert (run.state, run.made) == ("done", 1)
    assert sorted(keys(bucket)) == sorted([made.file.name, run.file.name])
    response = signed_in(cast.county).post(reverse("handbooks:download", args=[run.pk]))
    content = b"".join(response.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = archive.namelist()
        assert b"/Image" in archive.read(name)
    assert remove_old(run.ended_at + KEPT) == 1
    assert keys(bucket) == [made.file.name]
