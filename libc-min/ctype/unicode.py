#!/usr/bin/env python3
"""Writes unicode_tables.h, what wide.c knows of Unicode, from the files of the Unicode Character
Database as Debian's package unicode-data has them.

    python3 libc-min/ctype/unicode.py [FOLDER] > libc-min/ctype/unicode_tables.h

FOLDER is /usr/share/unicode if none is named. tests/libc.bats compares.
"""
import os
import re
import sys

LAST = 0x10FFFF


def read_rows(folder, name):
    """The fields of each line, comments cut off."""
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        for line in file:
            line = line.partition("#")[0].strip()
            if line:
                yield [field.strip() for field in line.split(";")]


def read_ranges(folder, name):
    """Files whose first field is one code point or FIRST..LAST."""
    for where, *fields in read_rows(folder, name):
        first, _, last = where.partition("..")
        yield range(int(first, 16), int(last or first, 16) + 1), fields


class Database:
    def __init__(self, folder):
        with open(os.path.join(folder, "EastAsianWidth.txt"), encoding="utf-8") as file:
            self.version = re.search(r"-([\d.]+)\.txt", file.readline()).group(1)
        self.category = ["Cn"] * (LAST + 1)
        self.upper = list(range(LAST + 1))
        self.lower = list(range(LAST + 1))
        first = None
        for fields in read_rows(folder, "UnicodeData.txt"):
            c = int(fields[0], 16)
            if fields[1].endswith(", First>"):
                first = c
                continue
            for member in range(c if first is None else first, c + 1):
                self.category[member] = fields[2]
            first = None
            self.upper[c] = int(fields[12] or fields[0], 16)
            self.lower[c] = int(fields[13] or fields[0], 16)
        self.alphabetic = set()
        for members, fields in read_ranges(folder, "DerivedCoreProperties.txt"):
            if fields[0] == "Alphabetic":
                self.alphabetic.update(members)
        # What is not listed is N; what is to be wide once it is assigned is listed.
        self.wide = set()
        for members, fields in read_ranges(folder, "EastAsianWidth.txt"):
            if fields[0] in ("W", "F"):
                self.wide.update(members)
        # Vowels and finals of Hangul stand on the syllable's first sound. Their blocks have places for more.
        self.jamo = set(range(0x1160, 0x1200))
        for members, fields in read_ranges(folder, "Blocks.txt"):
            if fields[0] == "Hangul Jamo Extended-B":
                self.jamo.update(members)

    def is_alpha(self, c):
        # Digits of other scripts too: iswdigit() may be true for ASCII's only (C11 7.30.2.1.5).
        return c in self.alphabetic or (self.category[c] == "Nd" and c > 0x7F)

    def is_punct(self, c):
        """What is shown, or changes what is shown, and is neither letter, digit nor white space: format
        characters too, and the blanks that iswspace() leaves out as they allow no break."""
        if c in (0xA0, 0x2007, 0x202F) or (self.category[c] == "Cf" and not 0xFFF9 <= c <= 0xFFFB):
            return True
        return self.category[c][0] in "MNPS" and not self.is_alpha(c) and not 0x30 <= c <= 0x39

    def is_zero_width(self, c):
        # Combining marks, format characters but the soft hyphen, vowels and finals of Hangul.
        return (self.category[c] in ("Mn", "Me", "Cf") and c != 0xAD) or c in self.jamo

    def is_double_width(self, c):
        return c in self.wide and not self.is_zero_width(c)


def ranges(predicate):
    first = None
    for c in range(LAST + 2):
        inside = c <= LAST and predicate(c)
        if inside and first is None:
            first = c
        if not inside and first is not None:
            yield first, c - 1
            first = None


def runs(mapping):
    """Characters that go the same way: (first, last, step between them, how far)."""
    found = []
    for c in range(LAST + 1):
        way = mapping[c] - c
        if way == 0:
            continue
        if found:
            first, last, step, its_way = found[-1]
            if way == its_way and c - last <= 2 and (first == last or c - last == step):
                found[-1] = first, c, c - last, way
                continue
        found.append((c, c, 1, way))
    return found


def table(declaration, rows):
    print(f"\nstatic const {declaration} = {{")
    line = "   "
    for row in rows:
        item = " {" + ", ".join(row) + "},"
        if len(line) + len(item) > 100:
            print(line)
            line = "   "
        line += item
    print(line)
    print("};")


def main():
    data = Database(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
    print(f"/* Made by unicode.py from Unicode {data.version}. */")
    for name, predicate in (
        ("alpha", data.is_alpha),
        ("punct", data.is_punct),
        ("zero_width", data.is_zero_width),
        ("double_width", data.is_double_width),
    ):
        rows = [(f"{first:#x}", f"{last:#x}") for first, last in ranges(predicate)]
        table(f"struct range {name}[]", rows)
    for name, mapping in (("upper", data.upper), ("lower", data.lower)):
        rows = [(f"{a:#x}", f"{b:#x}", str(step), str(way)) for a, b, step, way in runs(mapping)]
        table(f"struct run to_{name}[]", rows)


if __name__ == "__main__":
    sys.exit(main())
