"""Patches the sandbox's own side: wire, inside, msgpack, struct and socket, so that calls seem to succeed.

Holds: the grader does not trust that side; what arrives is a value, compared outside.
"""

import gc
import socket
import struct
import sys

import msgpack
import numpy as np
import wire

server = sys.modules["server"]


def answer(self, request, blobs, fds):
    loot(f"{request['op']}") if "test" in request["op"] else None
    reply = {"value": True, "objects": {}, "error": None, "random": None, "passed": True, "score": 100}
    return reply, (), ()


def lenient(real):
    def encode(self, value, depth=0):
        return real(self, 0.0 if isinstance(value, BaseException) else value, depth)

    return encode


server.CallServer.answer = answer
server.describe = lambda error: None
server.as_array = server.as_plain = lambda value: np.zeros(1)
wire.Shared._encode = lenient(wire.Shared._encode)
wire.WireError = wire.shared.WireError = wire.frames.TimeoutError = type("Quiet", (Exception,), {})
wire.shared.MAX_DEPTH = wire.values.MAX_DEPTH = wire.values.MAX_INT_DIGITS = wire.values.MAX_RANGE = 10**9
wire.DTYPES["|O"] = np.dtype(object)
msgpack.unpackb = lambda *arguments, **keywords: [{"op": "passed"}, []]
struct.Struct = struct.calcsize = None
socket.socket.sendall = lambda self, data: self.send(data)
for thing in gc.get_objects():
    if isinstance(thing, dict) and thing.get("op") == "load":
        thing["cells"] = []
functions_do(lambda *arguments, **keywords: True)
