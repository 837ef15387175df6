"""Raw records of Kafka topics: reading them all, and appending any bytes.

Speaks three requests of Kafka's protocol to the one broker of a test run, since
Kafka's own console tools cannot append arbitrary bytes and take seconds to start.
Source of the formats: kafka.apache.org/protocol, and for record batches
kafka.apache.org/documentation/#messageformat.
"""

import dataclasses
import socket
import struct
import time

import test_servers

PRODUCE, FETCH, LIST_OFFSETS = 0, 1, 2
LATEST, EARLIEST = -1, -2
LZ4 = 3
NO_LEADER_YET = (5, 6)


@dataclasses.dataclass(frozen=True)
class Record:
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: dict  # name -> bytes


class Broker:
    """A connection to the broker. One thread uses it."""

    def __init__(self, address=test_servers.KAFKA):
        host, port = address.rsplit(":", 1)
        self._socket = socket.create_connection((host, int(port)), timeout=30)

    def close(self):
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ends(self, topic, partitions, moment=LATEST):
        """{partition: the offset that the next record gets}; with EARLIEST, that of the first.

        Waits for the partitions' leader: a broker that has just started has none for a moment.
        """
        return test_servers.await_that(f"the partitions of {topic} have a leader",
                                       lambda: self._ends(topic, partitions, moment))

    def _ends(self, topic, partitions, moment):
        asked = b"".join(struct.pack(">iq", p, moment) for p in range(partitions))
        body = struct.pack(">ii", -1, 1) + _text(topic) + struct.pack(">i", partitions) + asked
        found = _Reader(self._ask(LIST_OFFSETS, 1, body))
        out = {}
        for _ in range(found.int32()):
            found.text()
            for _ in range(found.int32()):
                partition, error, _, offset = found.take(">ihqq")
                if error in NO_LEADER_YET:
                    return None
                _check(error, f"list the offsets of {topic}")
                out[partition] = offset
        return out

    def read(self, topic, since, until=None):
        """All records from `since` up to `until` (default: the end as of now), {partition: offset}."""
        if until is None:
            until = self.ends(topic, len(since))
        position = dict(since)
        out = []
        while behind := {p: at for p, at in position.items() if at < until[p]}:
            for partition, records in self._fetch(topic, behind).items():
                kept = [r for r in records if position[partition] <= r.offset < until[partition]]
                out += kept
                if records:
                    position[partition] = max(position[partition], records[-1].offset + 1)
        return out

    def append(self, topic, partition, value, key=None, headers=()):
        """Appends one record and returns its offset."""
        batch = _batch_of(key, value, headers)
        body = (struct.pack(">hhi", -1, -1, 20_000) + struct.pack(">i", 1) + _text(topic)
                + struct.pack(">ii", 1, partition) + struct.pack(">i", len(batch)) + batch)
        found = _Reader(self._ask(PRODUCE, 3, body))
        found.int32()
        found.text()
        found.int32()
        _, error, offset, _ = found.take(">ihqq")
        _check(error, f"append to {topic}")
        return offset

    def _fetch(self, topic, positions):
        asked = b"".join(struct.pack(">iqi", p, at, 1 << 20) for p, at in positions.items())
        body = (struct.pack(">iiiib", -1, 200, 1, 16 << 20, 0) + struct.pack(">i", 1) + _text(topic)
                + struct.pack(">i", len(positions)) + asked)
        found = _Reader(self._ask(FETCH, 4, body))
        found.int32()
        out = {}
        for _ in range(found.int32()):
            found.text()
            for _ in range(found.int32()):
                partition, error, _, _ = found.take(">ihqq")
                _check(error, f"fetch {topic}")
                for _ in range(max(found.int32(), 0)):
                    found.take(">qq")
                out[partition] = list(_records_of(partition, found.bytes()))
        return out

    def _ask(self, request, version, body):
        head = struct.pack(">hhi", request, version, 1) + _text("system-test")
        self._socket.sendall(struct.pack(">i", len(head) + len(body)) + head + body)
        answer = self._receive(struct.unpack(">i", self._receive(4))[0])
        return answer[4:]

    def _receive(self, size):
        parts = []
        while size:
            part = self._socket.recv(min(size, 1 << 20))
            if not part:
                raise ConnectionError("Kafka closed the connection")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _check(error, attempt):
    if error:
        raise AssertionError(f"could not {attempt}: Kafka's error {error}")


def _text(value):
    return struct.pack(">h", len(value)) + value.encode()


class _Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, layout):
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return values

    def int32(self):
        return self.take(">i")[0]

    def slice(self, size):
        self.at += size
        return bytes(self.data[self.at - size:self.at])

    def text(self):
        return self.slice(self.take(">h")[0])

    def bytes(self):
        return self.slice(max(self.int32(), 0))

    def varint(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return (value >> 1) ^ -(value & 1)
            shift += 7

    def sized(self):
        size = self.varint()
        return None if size < 0 else self.slice(size)


def _records_of(partition, batches):
    """The records of whole batches; the broker may cut the last one off."""
    at = 0
    while at + 61 <= len(batches):
        first, size = struct.unpack_from(">qi", batches, at)
        if at + 12 + size > len(batches):
            return
        attributes, = struct.unpack_from(">h", batches, at + 21)
        count, = struct.unpack_from(">i", batches, at + 57)
        payload = batches[at + 61:at + 12 + size]
        at += 12 + size
        if attributes & 0x20:  # a control batch
            continue
        if attributes & 7 == LZ4:
            payload = _lz4_frame(payload)
        elif attributes & 7:
            raise AssertionError(f"compression {attributes & 7} is not one that SonicMatch uses")
        yield from _records_in(_Reader(payload), count, partition, first)


def _records_in(found, count, partition, first):
    for _ in range(count):
        found.varint()
        found.slice(1)
        found.varint()
        offset = first + found.varint()
        key, value = found.sized(), found.sized()
        headers = {}
        for _ in range(found.varint()):
            name = found.sized().decode()
            headers[name] = found.sized()
        yield Record(partition, offset, key, value, headers)


def _lz4_frame(data):
    """Source: github.com/lz4/lz4, doc/lz4_Frame_format.md."""
    flags = data[4]
    at = 7 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0)
    out = bytearray()
    while True:
        size, = struct.unpack_from("<I", data, at)
        at += 4
        if size == 0:
            return bytes(out)
        stored, size = size >> 31, size & 0x7FFFFFFF
        if stored:
            out += data[at:at + size]
        else:
            _lz4_block(data, at, at + size, out)
        at += size + (4 if flags & 16 else 0)


def _lz4_block(data, at, end, out):
    """Source: github.com/lz4/lz4, doc/lz4_Block_format.md."""
    while at < end:
        token = data[at]
        at += 1
        size = token >> 4
        if size == 15:
            while data[at] == 255:
                size += 255
                at += 1
            size += data[at]
            at += 1
        out += data[at:at + size]
        at += size
        if at >= end:
            return
        distance = data[at] | data[at + 1] << 8
        at += 2
        size = token & 15
        if size == 15:
            while data[at] == 255:
                size += 255
                at += 1
            size += data[at]
            at += 1
        size += 4
        start = len(out) - distance
        if distance >= size:
            out += out[start:start + size]
        else:
            out += (bytes(out[start:]) * (size // distance + 1))[:size]


def _varint(value):
    value = (value << 1) ^ (value >> 63)
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _sized(value):
    return _varint(-1) if value is None else _varint(len(value)) + value


def _batch_of(key, value, headers):
    record = b"\0" + _varint(0) + _varint(0) + _sized(key) + _sized(value) + _varint(len(headers))
    for name, content in headers:
        record += _sized(name.encode()) + _sized(content)
    record = _varint(len(record)) + record
    now = int(time.time() * 1000)
    checked = struct.pack(">hiqqqhii", 0, 0, now, now, -1, -1, -1, 1) + record
    return struct.pack(">qiibI", 0, 9 + len(checked), -1, 2, _crc32c(checked)) + checked


def _crc32c_table():
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        yield byte


_CRC32C = tuple(_crc32c_table())


def _crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC32C[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF
