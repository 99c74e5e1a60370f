include tests/elfgen/rules.mk
