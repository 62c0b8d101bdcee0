"""The container of the data packs that are embedded in the binary: named by position, little-endian.

A pack is: magic (8 bytes), section count (u32), then per section offset and size (u32 each), then
the sections, each starting at a multiple of 4. src/previz/data/pack.h reads it in place.
"""

import struct


class Pack:
    def __init__(self, magic):
        assert len(magic) == 8
        self.magic = magic
        self.sections = []

    def add_bytes(self, content):
        self.sections.append(bytes(content))

    def add_numbers(self, numbers):
        numbers = list(numbers)
        assert all(0 <= n < 2**32 for n in numbers)
        self.sections.append(struct.pack(f"<{len(numbers)}I", *numbers))

    def add_texts(self, texts):
        """Two sections: n + 1 offsets, and the characters."""
        offsets, blob = [0], bytearray()
        for text in texts:
            blob += text.encode()
            offsets.append(len(blob))
        self.add_numbers(offsets)
        self.add_bytes(blob)

    def add_lists(self, lists):
        """Two sections: n + 1 starts, and all elements."""
        starts, elements = [0], []
        for items in lists:
            elements += items
            starts.append(len(elements))
        self.add_numbers(starts)
        self.add_numbers(elements)

    def write(self, path):
        at = 8 + 4 + 8 * len(self.sections)
        head, body = struct.pack("<8sI", self.magic, len(self.sections)), bytearray()
        for section in self.sections:
            head += struct.pack("<2I", at + len(body), len(section))
            body += section + b"\0" * (-len(section) % 4)
        with open(path, "wb") as out:
            out.write(head + body)
