"""Damages a file in random places, and runs commands on it: mutate.py SEED ROUNDS FILE COMMAND... with {} for the file.

Each command has to end by itself with 0, 1 or 126, and print one line at most to standard error."""
import random
import subprocess
import sys

seed, rounds, name = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
commands = [command.split() for command in sys.argv[4:]]
random.seed(seed)
original = open(name, "rb").read()
words = [b"0x0", b"0xffffffffffffffff", b"-1", b"null", b"[]", b"{}", b'""', b"1e99", b"18446744073709551615", b"\xff\xfe", b"\n"]
results = {}
for number in range(rounds):
    data = bytearray(original)
    for _ in range(random.choice([1, 1, 2, 5, 20])):
        at = random.randrange(len(data))
        kind = random.randrange(4)
        if kind == 0:
            data[at] = random.randrange(256)
        elif kind == 1:
            del data[at:at + random.randrange(1, 200)]
        elif kind == 2:
            data[at:at] = random.choice(words)
        else:
            end = data.find(b'"', at)
            data[at:max(at, end)] = random.choice(words)
    open("damaged", "wb").write(data)
    for command in commands:
        done = subprocess.run([word.replace("{}", "damaged") for word in command], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=60, check=False)
        results[done.returncode] = results.get(done.returncode, 0) + 1
        if done.returncode not in (0, 1, 126) or done.stderr.count(b"\n") > 1 or b"runtime error" in done.stderr:
            open("found", "wb").write(data)
            sys.exit(f"round {number} of seed {seed}: {command}: {done.returncode} {done.stderr!r}")
assert len(results) > 1, results
print(results)
