"""Send text compressed: pages, scripts, styles and the model."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

SMALLEST = 1000
"""Bytes below which compressing wins nothing."""

KINDS = ("text/", "application/json", "application/javascript", "image/svg+xml")


def compress_responses(server: Flask) -> None:
    """Compress what browsers that accept gzip get; what never changes is compressed once."""

    @server.after_request
    def compress(response: Response) -> Response:
        response.vary.add("Accept-Encoding")
        if not _worth_it(response):
            return response
        response.direct_passthrough = False
        content = response.get_data()
        if len(content) < SMALLEST:
            return response
        lasting = request.method == "GET" and "_dash-layout" not in request.path
        response.set_data(_packed_once(content) if lasting else gzip.compress(content, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        etag, _ = response.get_etag()
        if etag:
            response.set_etag(f"{etag}-gzip")
            response.make_conditional(request.environ)
        return response


def _worth_it(response: Response) -> bool:
    return (
        response.status_code == 200
        and "gzip" in request.headers.get("Accept-Encoding", "").lower()
        and "Content-Encoding" not in response.headers
        and (response.mimetype or "").startswith(KINDS)
    )


@lru_cache(maxsize=96)
def _packed_once(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
