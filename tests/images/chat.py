"""chat.py PORT: a guest of The Cookie Jar talks to the assistant through the gateway, over a WebSocket, with nothing but Python's own library."""
import base64
import json
import os
import socket
import struct
import sys
import uuid


class Socket:
    def __init__(self, port, path):
        self.wire = socket.create_connection(("127.0.0.1", port), 10)
        self.wire.settimeout(60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.wire.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.exactly(1)
        assert head.startswith(b"HTTP/1.1 101"), head

    def exactly(self, n):
        data = b""
        while len(data) < n:
            part = self.wire.recv(n - len(data))
            assert part, "the server closed"
            data += part
        return data

    def send(self, frame, opcode=1):
        data, mask = (frame if opcode != 1 else json.dumps(frame).encode()), os.urandom(4)
        size = struct.pack("!B", 0x80 | len(data)) if len(data) < 126 else struct.pack("!BH", 0xFE, len(data))
        self.wire.sendall(bytes([0x80 | opcode]) + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def read(self):
        while True:
            first, size = self.exactly(2)
            if size == 126:
                (size,) = struct.unpack("!H", self.exactly(2))
            data = self.exactly(size)
            if first & 15 == 9:
                self.send(data, opcode=10)
            elif first & 15 == 1:
                return json.loads(data)
            else:
                raise AssertionError(f"frame {first}: {data}")


def main():
    ws = Socket(int(sys.argv[1]), "/ws/the-cookie-jar")
    asked, session, pieces = str(uuid.uuid4()), uuid.uuid4().hex, []
    assert ws.read()["type"] == "welcome"
    ws.send({"type": "chat_message", "message": "Which cookies have no nuts?", "session_id": session, "message_id": asked})
    while True:
        frame = ws.read()
        if frame["type"] == "token":
            pieces.append(frame["text"])
        assert frame["type"] != "error", frame
        if frame["type"] == "ai_message":
            assert frame["content"] == "".join(pieces), "the whole is its pieces"
            assert frame["message_id"] == asked and frame["status"] == "complete", frame
            print(f"answered in {len(pieces)} pieces: {frame['content'][:90]}")
            return


main()
