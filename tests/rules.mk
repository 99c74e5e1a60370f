# Test programs and tools. The mutants come last: they build with all of TEST_BINS.
include tests/elfgen/rules.mk
include tests/fidelity/rules.mk
include tests/executed/rules.mk
include tests/unit/rules.mk
include tests/fuzz/rules.mk
include tests/kernels/rules.mk
include tests/libc/rules.mk
include tests/threads/rules.mk
include tests/malloc/rules.mk
include tests/umaps/rules.mk
include tests/mutants/rules.mk
