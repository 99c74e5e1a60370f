"""Replays a recording: applies each event's changes to the layout of the entry point, page range by page range, and
compares the result with each layout that the recorder read from the kernel.

    replay.py RECORDING [--print]     0: all agree, and prints one line of counts
"""
import json
import sys


class Space:
    """Ranges of pages: a dictionary would do, but not for terabytes."""

    def __init__(self):
        self.parts = []  # (start, end, attributes), ascending; attributes have offset - start for files

    @staticmethod
    def key(region):
        file = int(region["inode"])
        delta = int(region["offset"], 16) - int(region["start"], 16) if file else 0
        return (region["permissions"], delta, region["device"] if file else "", file, region["name"])

    def cut(self, start, end):
        """Removes a range; returns what was there."""
        kept, gone = [], []
        for s, e, key in self.parts:
            if e <= start or s >= end:
                kept.append((s, e, key))
                continue
            if s < start:
                kept.append((s, start, key))
            if e > end:
                kept.append((end, e, key))
            gone.append((max(s, start), min(e, end), key))
        self.parts = kept
        return gone

    def add(self, start, end, key):
        self.cut(start, end)
        self.parts.append((start, end, key))
        self.parts.sort()

    def apply(self, change):
        start, end = int(change["start"], 16), int(change["end"], 16)
        if change["change"] == "unmap":
            self.cut(start, end)
        elif change["change"] == "map":
            self.add(start, end, self.key(change))
        else:
            assert change["change"] == "protect"
            for s, e, key in self.cut(start, end):
                self.parts.append((s, e, (change["permissions"] + key[0][3],) + key[1:]))
            self.parts.sort()

    def joined(self):
        out = []
        for s, e, key in sorted(self.parts):
            if out and out[-1][1] == s and out[-1][2] == key:
                out[-1] = (out[-1][0], e, key)
            else:
                out.append((s, e, key))
        return out


def layout(event):
    space = Space()
    for m in event["mappings"]:
        space.parts.append((int(m["start"], 16), int(m["end"], 16), Space.key(m)))
    return space


def main():
    spaces, counts, compared = {}, {}, 0
    lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
    head = json.loads(lines[0])
    assert head["schema"] == "umaps-recording" and head["version"] == 1
    last = 0
    for number, line in enumerate(lines[1:], 2):
        event = json.loads(line)
        name, process = event["event"], event["process"]
        counts[name] = counts.get(name, 0) + 1
        if name == "layout" and event["when"] in ("entry", "fork"):
            spaces[process] = layout(event)
        elif name == "layout":
            ours, kernel = spaces[process].joined(), layout(event).joined()
            if ours != kernel:
                for part in sorted(set(ours) ^ set(kernel)):
                    print("replayed" if part in ours else "kernel  ", *map(str, part))
                sys.exit(f"line {number}: the replay is not the layout ({event['when']})")
            compared += 1
        for change in event.get("changes", []):
            spaces[process].apply(change)
    assert compared > 0, "no layout to compare with"
    print("compared", compared, " ".join(f"{name}={counts[name]}" for name in sorted(counts)))


main()
