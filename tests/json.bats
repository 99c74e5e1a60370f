#!/usr/bin/env bats
# The output of --json against docs/schema/ (docs/json.md): every object of a document, every line of a trace.

load helper

setup() {
    need_command python3
    python3 -c 'import jsonschema' 2>/dev/null || skip "there is no python3-jsonschema"
    cd "$BATS_TEST_TMPDIR"
}

# valid SCHEMA FILE [EVENT...]: the document, or each line, is valid, and each of the events (STEP/EVENT) occurs
valid() {
    python3 - "$root/docs/schema/$1.json" "$@" <<'P'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
text = open(sys.argv[3]).read()
documents = [json.loads(line) for line in text.splitlines()] if sys.argv[2] in ("uexec-trace", "umaps-recording") else [json.loads(text)]
assert documents
for document in documents:
    errors = list(validator.iter_errors(document))
    assert not errors, (document, errors[0].message)
seen = {document.get("step", "") + "/" + document.get("event", "") for document in documents}
assert set(sys.argv[4:]) <= seen, set(sys.argv[4:]) - seen
P
}

@test "--dry-run --json: static, PIE, script, with holes" {
    printf '#!%s\n' "$BUILD/samples/hello.static" >script
    chmod +x script
    local image
    for image in "$BUILD/samples/hello" "$BUILD/samples/hello.static" "$BUILD/samples/hello.glibc" ./script \
        "$BUILD/samples/bss.static-pie"; do
        "$UEXEC" --json --dry-run "$image" >plan
        valid uexec-plan plan
    done
}

@test "--maps --json: at hand-over, and when rt has linked" {
    local image
    for image in "$BUILD/samples/hello.glibc" "$BUILD/samples/hello.static" "$BUILD/samples/libraries"; do
        "$UEXEC" --json --maps -o maps "$image" >/dev/null
        valid uexec-maps maps
    done
}

@test "--compare --json: without and with differences" {
    "$UEXEC" --json --compare "$BUILD/samples/hello.static" >compare || true
    valid uexec-compare compare
    "$UEXEC" --json --compare "$BUILD/samples/hello" >compare || true
    valid uexec-compare compare
}

@test "--trace=all --json: each line of programs that search, bind, copy, open, close and unload" {
    "$UEXEC" --json --trace=all -o trace "$BUILD/samples/libraries.ucc" >/dev/null
    valid uexec-trace trace load/file load/map load/stack load/kernel load/hand-over search/name search/tried \
        search/libc search/mapped reloc/relocated bind/bind tls/module tls/first-thread init/construct \
        init/destruct
    "$UEXEC" --json --trace=all -o trace "$BUILD/samples/plugin.ucc" >/dev/null
    valid uexec-trace trace dl/call dl/result init/unload
    "$UEXEC" --json --trace=all -o trace "$BUILD/samples/plugin" >/dev/null
    valid uexec-trace trace dl/call dl/result
    "$UEXEC" --json --trace=malloc -o trace "$BUILD/samples/malloc-cache.ucc" >/dev/null
    valid uexec-trace trace malloc/break malloc/run malloc/trim malloc/release
    "$UEXEC" --json --trace=malloc -o trace "$BUILD/samples/mmap-132k.ucc" >/dev/null
    valid uexec-trace trace malloc/map malloc/keep malloc/unmap
    "$UEXEC" --json --trace=load -o trace "$BUILD/samples/hello.glibc.static" >/dev/null
    valid uexec-trace trace load/file load/map load/hand-over
}

@test "--trace=bind --json: how, relocation, and what is copied" {
    "$UEXEC" --json --trace=bind -o trace "$BUILD/samples/libraries.ucc" >/dev/null
    python3 - <<'P'
import json
lines = [json.loads(line) for line in open("trace")]
lazy = [line for line in lines if line["how"] == "lazy"]
copies = [line for line in lines if line["relocation"] == "COPY"]
weak = [line for line in lines if line["definer"] is None]
assert lazy and all(line["relocation"] == "JUMP_SLOT" for line in lazy)
assert copies and all(line["bytes"] > 0 and int(line["from"], 16) > 0 for line in copies)
assert weak and all(line["after"] == "0x0" for line in weak)
assert all("bytes" not in line for line in lines if line not in copies)
P
}

@test "umaps: a layout, a recording of threads, children and a killed program, a diff" {
    sleep 100 3>&- &
    local subject=$!
    "$root/umaps" --json "$subject" >layout
    timeout 1 "$root/umaps" --json --watch=10 "$subject" >watched || true
    kill "$subject"
    valid umaps-layout layout
    valid umaps-layout watched
    "$root/umaps" diff --json layout "$$" >differences || true
    valid umaps-diff differences
    "$root/umaps" record -o probe -- /bin/true 2>probe.err || { grep -q 'cannot install a seccomp filter' probe.err && skip "$(cat probe.err)"; }
    "$root/umaps" record --resident=20 -o recording -- "$BUILD/samples/thread-stack" >/dev/null
    valid umaps-recording recording /layout /mmap /munmap /mprotect /clone /thread /exit /exit_group /resident /end
    # shellcheck disable=SC2016
    "$root/umaps" record --follow -o recording -- sh -c 'true | cat; kill -9 $$' || true
    valid umaps-recording recording /process /execve /end
    "$root/umaps" record --trace=bind,dl,malloc -o recording -- "$BUILD/samples/plugin" >/dev/null
    valid umaps-recording recording /initial-stack /rt
    jq -c 'select(.event == "rt").rt' recording >lines
    valid uexec-trace lines bind/bind dl/call
}
