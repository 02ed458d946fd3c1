"""Receives traces by OTLP/HTTP, in protobuf or JSON, as OpenTelemetry's own classes read them. What does not follow the protocol is refused with 400 and remembered.

POST /v1/traces takes them; GET /spans gives {"spans": [...], "refused": [...]}, ids in hexadecimal digits. The first line of output is the port.

JSON is protobuf's, with the protocol's exceptions: ids are hexadecimal digits, enums are numbers only, names are in lowerCamelCase. protobuf's parser refuses fields and
types that are not the schema's; beside it stand the words of trace.proto that a schema cannot hold.
"""
import base64
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse

ID_FIELDS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}
ENUM_FIELDS = {"kind", "code"}
spans, refused = [], []


def from_json(value, field=""):
    """What protobuf's parser wants for the protocol's exceptions."""
    if isinstance(value, dict):
        for name in value:
            if not re.fullmatch("[a-z][a-zA-Z0-9]*", name):
                raise ValueError(f"{name} is not in lowerCamelCase")
        return {name: from_json(v, name) for name, v in value.items()}
    if isinstance(value, list):
        return [from_json(v, field) for v in value]
    if field in ID_FIELDS and value != "":
        if not isinstance(value, str) or not re.fullmatch("[0-9a-fA-F]{%d}" % (2 * ID_FIELDS[field]), value):
            raise ValueError(f"{field} {value!r} is not {ID_FIELDS[field]} bytes in hexadecimal digits")
        return base64.b64encode(bytes.fromhex(value)).decode()
    if field in ENUM_FIELDS and not isinstance(value, int):
        raise ValueError(f"{field} {value!r} is not a number")
    return value


def check(span):
    """What trace.proto says of a span in words."""
    if len(span.trace_id) != 16 or not any(span.trace_id):
        raise ValueError("a trace id must have 16 bytes that are not all zero")
    if len(span.span_id) != 8 or not any(span.span_id):
        raise ValueError("a span id must have 8 bytes that are not all zero")
    if span.parent_span_id and (len(span.parent_span_id) != 8 or not any(span.parent_span_id)):
        raise ValueError("a parent's span id must have 8 bytes that are not all zero, or be absent")
    if not span.name or not span.start_time_unix_nano or span.end_time_unix_nano < span.start_time_unix_nano:
        raise ValueError("a span must have a name, a start and an end behind it")
    keys = [a.key for a in span.attributes]
    if len(set(keys)) != len(keys) or "" in keys:
        raise ValueError("attribute keys must be unique and not empty")


def read(kind, body):
    request = ExportTraceServiceRequest()
    if kind == "application/json":
        json_format.ParseDict(from_json(json.loads(body)), request)
    elif kind == "application/x-protobuf":
        request.ParseFromString(body)
    else:
        raise ValueError(f"a content type of {kind!r}")
    found = []
    for resource in request.resource_spans:
        names = [a.value.string_value for a in resource.resource.attributes if a.key == "service.name"]
        if len(names) != 1 or not names[0]:
            raise ValueError("a resource must have one service.name")
        for scope in resource.scope_spans:
            for span in scope.spans:
                check(span)
                found.append({"service": names[0], "name": span.name, "trace": span.trace_id.hex(), "span": span.span_id.hex(), "parent": span.parent_span_id.hex(),
                              "began_ns": span.start_time_unix_nano, "ended_ns": span.end_time_unix_nano})
    return found


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            if self.path != "/v1/traces":
                raise ValueError(f"an address of {self.path}")
            spans.extend(read(self.headers.get("Content-Type", "").split(";")[0], body))
            self.answer(200, json_format.MessageToDict(ExportTraceServiceResponse()))
        except Exception as why:  # whatever the classes raise, it is not OTLP
            refused.append(f"{type(why).__name__}: {why}"[:500])
            self.answer(400, {"code": 3, "message": refused[-1]})

    def do_GET(self):
        self.answer(200, {"spans": spans, "refused": refused})

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
sys.stdout.close()
server.serve_forever()
