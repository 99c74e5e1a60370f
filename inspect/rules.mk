# Address spaces: what reads, names and draws them; and umaps, a program of the system (glibc, dynamic).

INSPECT_C := $(wildcard inspect/*.c) $(wildcard inspect/arch/$(ARCH)/*.c)

UMAPS_C := $(wildcard inspect/umaps/*.c) $(BASE_C) $(ELF_C) $(INSPECT_C)
UMAPS_O := $(UMAPS_C:%.c=$(BUILD)/umaps.d/%.o) $(BUILD)/umaps.d/inspect/umaps/page.o
UMAPS_CFLAGS := -std=gnu11 -O2 -g -fPIE -D_GNU_SOURCE -DUEXEC_VERSION='"$(VERSION)"' \
                $(BASE_INCLUDES) $(WARN)

$(BUILD)/umaps.d/%.o: %.c inspect/rules.mk
	@$(SAY) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(UMAPS_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/umaps.d/inspect/umaps/page.o: inspect/umaps/page.S $(wildcard inspect/umaps/page/*)
	@$(SAY) AS $<
	@mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ $<

umaps: $(UMAPS_O)
	@$(SAY) LD $@
	$(Q)$(CC) -pie -o $@ $^ -lelf -ljansson -lm

-include $(UMAPS_O:.o=.d)
