"""Sealed pieces in a bucket of any S3-compatible service: an object each."""

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from minio import Minio
from minio.deleteobjects import DeleteObject
from minio.error import MinioException, S3Error
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from cloud.blobs.errors import Damaged, StoreAway

PATIENCE_S = 20.0
AWS = "https://s3.amazonaws.com"


class Bucket:
    """A store of sealed pieces; names are ``chain/place/number``, below the prefix of the address.

    Every method raises StoreAway where the service does not answer, or lets us in no more.
    """

    def __init__(self, url: str, user: str, secret: str) -> None:
        """``s3://bucket/prefix?endpoint=https://host:9000&region=eu-1``; without an endpoint it is Amazon's."""
        where = urlsplit(url)
        asked = {key: values[-1] for key, values in parse_qs(where.query).items()}
        endpoint = urlsplit(asked.get("endpoint", AWS))
        self._bucket, self._prefix = where.netloc, where.path.strip("/")
        self._client = Minio(
            endpoint.netloc,
            access_key=user,
            secret_key=secret,
            secure=endpoint.scheme == "https",
            region=asked.get("region", "us-east-1"),
            http_client=PoolManager(timeout=Timeout(PATIENCE_S), retries=Retry(total=2, backoff_factor=0.2), maxsize=8),
        )

    def put(self, name: str, sealed: bytes) -> None:
        """Keep a piece under this name; what was there is replaced."""
        _asked(self._client.put_object, self._bucket, self._named(name), io.BytesIO(sealed), len(sealed))

    def get(self, name: str) -> bytes:
        """The piece. Raises Damaged where there is none."""
        answer = _asked(self._client.get_object, self._bucket, self._named(name))
        try:
            return bytes(_asked(answer.read))
        finally:
            answer.close()
            answer.release_conn()

    def drop(self, place: str) -> None:
        """Remove every piece below ``chain/place``; none there is no trouble."""
        found = (DeleteObject(name) for name in list(self._below(f"{place}/", deep=True)))
        _asked(lambda: list(self._client.remove_objects(self._bucket, found)))

    def places(self, chain: str) -> Iterator[str]:
        """Every place of a chain."""
        return (name.rstrip("/").rpartition("/")[2] for name in list(self._below(f"{chain}/", deep=False)))

    def _below(self, prefix: str, *, deep: bool) -> Iterator[str]:
        listed = _asked(lambda: list(self._client.list_objects(self._bucket, self._named(prefix), recursive=deep)))
        return (one.object_name for one in listed)

    def _named(self, name: str) -> str:
        return f"{self._prefix}/{name}" if self._prefix else name


def _asked(deed: Any, *words: Any) -> Any:
    try:
        return deed(*words)
    except S3Error as refusal:
        if refusal.code == "NoSuchKey":
            raise Damaged("a piece is missing") from None
        raise StoreAway(f"the store of blobs refuses ({refusal.code})") from None
    except (MinioException, HTTPError, OSError) as trouble:
        raise StoreAway(f"the store of blobs does not answer ({type(trouble).__name__})") from None
