"""A real OTLP/HTTP receiver on loopback: decodes what it gets with opentelemetry-proto."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Receiver:
    """What was received, in the order it came."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.resources: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.status = 200
        self.arrived = threading.Condition()
        self.url = ""
        self.let_go = threading.Event()
        """Cleared, the receiver takes a request and does not answer."""
        self.let_go.set()

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]

    def wait_for(self, count: int, seconds: float = 10) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.spans) >= count, seconds), self.spans


@contextmanager
def receiver() -> Iterator[Receiver]:
    here = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                data = gzip.decompress(data)
            here.let_go.wait(30)
            assert self.headers["Content-Type"] == "application/x-protobuf"
            request = ExportTraceServiceRequest.FromString(data)
            with here.arrived:
                here.paths.append(self.path)
                here.headers.append(dict(self.headers))
                if here.status == 200:
                    for resource in request.resource_spans:
                        here.resources.append(values(resource.resource.attributes))
                        for scope in resource.scope_spans:
                            here.spans += scope.spans
                here.arrived.notify_all()
            self.send_response(here.status)
            self.send_header("Content-Type", "application/x-protobuf")
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        here.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield here
        finally:
            here.let_go.set()
            server.shutdown()
            thread.join()


def values(attributes: Any) -> dict[str, Any]:
    """Attributes as plain values."""
    return {attribute.key: plain(attribute.value) for attribute in attributes}


def plain(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(item) for item in value.array_value.values]
    return getattr(value, str(kind))


def of(span: Span) -> dict[str, Any]:
    return values(span.attributes)
