#!/usr/bin/env python3
"""Turns the relocation tables of a 64-bit little-endian ELF file, DT_RELA and DT_JMPREL, into those without
addends (gABI, "Relocation"): DT_REL, and DT_PLTREL that says so. Each addend goes where it is to be added.

    to_rel.py FILE
"""
import struct
import sys

PT_LOAD, PT_DYNAMIC = 1, 2
DT_PLTRELSZ, DT_RELA, DT_RELASZ, DT_RELAENT, DT_PLTREL, DT_JMPREL = 2, 7, 8, 9, 20, 23
DT_REL, DT_RELSZ, DT_RELENT, DT_RELACOUNT, DT_RELCOUNT = 17, 18, 19, 0x6FFFFFF9, 0x6FFFFFFA
COPY, GLOB_DAT, JUMP_SLOT = 5, 6, 7
FOUR_BYTES = (2, 10, 32)  # PC32, 32, SIZE32

path = sys.argv[1]
with open(path, "rb") as file:
    data = bytearray(file.read())
(phoff,) = struct.unpack_from("<Q", data, 32)
(phnum,) = struct.unpack_from("<H", data, 56)
headers = [struct.unpack_from("<IIQQQQQQ", data, phoff + 56 * i) for i in range(phnum)]


def file_offset(address):
    for kind, _, offset, vaddr, _, filesz, _, _ in headers:
        if kind == PT_LOAD and vaddr <= address < vaddr + filesz:
            return offset + address - vaddr
    raise SystemExit(f"{path}: nothing in the file is for 0x{address:x}")


dynamic = next(header for header in headers if header[0] == PT_DYNAMIC)
places = {}
for at in range(dynamic[2], dynamic[2] + dynamic[5], 16):
    tag, value = struct.unpack_from("<QQ", data, at)
    if tag == 0:
        break
    places[tag] = (at, value)


def convert(table, size_tag):
    address, size = places[table][1], places[size_tag][1]
    start = file_offset(address)
    entries = [struct.unpack_from("<QQq", data, start + 24 * i) for i in range(size // 24)]
    for i, (offset, info, addend) in enumerate(entries):
        struct.pack_into("<QQ", data, start + 16 * i, offset, info)
        kind = info & 0xFFFFFFFF
        if kind in (COPY, GLOB_DAT, JUMP_SLOT):
            continue
        struct.pack_into("<i" if kind in FOUR_BYTES else "<q", data, file_offset(offset), addend)
    struct.pack_into("<Q", data, places[size_tag][0] + 8, 16 * len(entries))


if DT_RELA in places:
    convert(DT_RELA, DT_RELASZ)
    for old, new in ((DT_RELA, DT_REL), (DT_RELASZ, DT_RELSZ), (DT_RELAENT, DT_RELENT), (DT_RELACOUNT, DT_RELCOUNT)):
        if old in places:
            struct.pack_into("<Q", data, places[old][0], new)
    struct.pack_into("<Q", data, places[DT_RELAENT][0] + 8, 16)
if DT_JMPREL in places:
    convert(DT_JMPREL, DT_PLTRELSZ)
    struct.pack_into("<Q", data, places[DT_PLTREL][0] + 8, DT_REL)
with open(path, "wb") as file:
    file.write(data)
