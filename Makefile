# Two commands for a newcomer: `make run` and `make test`. `make help` lists the rest.
#
# All output lies below $(BUILD). Its last part chooses the kind of build:
#   BUILD=build         as it is shipped (the default)
#   BUILD=build/check   for tests: AddressSanitizer, UndefinedBehaviorSanitizer, coverage
#   BUILD=build/fuzz    for fuzzing: clang's libFuzzer
# A folder of one's own (BUILD=build/anna, BUILD=build/anna/check) keeps out of the way of others. CC=clang works everywhere;
# changed flags or another compiler rebuild what was built before. V=1 shows whole commands.

BUILD ?= build
COVERAGE ?= 80
FUZZ_SECONDS ?= 60
DOCS := openapi.json asyncapi.json config.md metrics.md errors.md routes.md events.md
TEST_SUITES ?= unit flow contract integration chaos schemathesis docs
MAKEFLAGS += --no-builtin-rules -j$(shell nproc)
export BUILD COVERAGE KAFKA
Q := $(if $(V),,@)
comma := ,
ifeq ($(origin CC),default)
CC := gcc
endif

KIND := $(notdir $(BUILD))
ifeq ($(KIND),fuzz)
CC := clang
endif
OPT_check := -O1 --coverage -fprofile-update=atomic -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT_fuzz  := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT_ship  := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection
OPT := $(or $(OPT_$(KIND)),$(OPT_ship))
CPPFLAGS = -I. -I$(BUILD)/gen -isystem /usr/include/postgresql -D_GNU_SOURCE=
CFLAGS = -std=gnu11 -g -Wall -Wextra -Werror -fPIE -pthread $(OPT)
# (a program that ends by process_end() writes its coverage itself: libgcov's part for that must be linked)
LDFLAGS = $(filter -f% --coverage,$(OPT)) $(if $(filter --coverage,$(OPT)),-Wl$(comma)-u$(comma)__gcov_dump) -pie -pthread -Wl,--as-needed -Wl,-z,relro -Wl,-z,now
LIBS = -lh2o -lssl -luv -lrdkafka -lpq -ljansson -lcurl -lsodium -lutf8proc -lcrypto -lz -lm
TEST_LIBS = -lcriterion $(LIBS)

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out $(2),$(wildcard $(1))))
when = $(if $(wildcard $(1)),$(2))
API := $(call objects,api/*.c api/handle/*.c,api/main.c)
WORKERS := $(call objects,workers/*.c,workers/main.c)
COMMON := $(call objects,common/*.c) $(call when,schemas/schemac.c,$(BUILD)/obj/gen/schemas.o)
SUPPORT := $(call objects,tests/support/*.c)
SCHEMAC := $(patsubst %.c,$(BUILD)/host/%.o,$(wildcard schemas/schemac*.c $(addprefix common/,error.c arena.c buf.c text.c schema_compile*.c)))
SCHEMAS := $(sort $(wildcard schemas/*.json))
GEN := $(call when,schemas/schemac.c,$(addprefix $(BUILD)/gen/,schemas.h schemas.c types.ts))
ARCHIVES := $(addprefix $(BUILD)/lib,support.a api.a workers.a common.a)
PROGRAMS := $(call when,api/main.c,$(BUILD)/api) $(call when,workers/main.c,$(BUILD)/worker) \
	$(call when,deploy/dev/devbroker.c,$(BUILD)/devbroker) $(call when,deploy/dev/launch.c,$(BUILD)/launch)
SUITES := $(foreach s,unit flow contract integration chaos,$(call when,tests/$(s)/*.c,$(BUILD)/tests/$(s)))
BENCHES := $(patsubst tests/bench/%.c,$(BUILD)/tests/%,$(wildcard tests/bench/bench_*.c)) \
	$(if $(filter-out $(wildcard tests/bench/bench_*.c),$(wildcard tests/bench/*.c)),$(BUILD)/tests/bench)
DOUBLE := $(call when,tests/doubles/*.c,$(BUILD)/modeldouble)
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/%,$(wildcard tests/fuzz/fuzz_*.c))
WEB := $(call when,web/package.json,web/dist/index.html)

.PHONY: help setup all programs tests run test bench eval images compose lint format fuzz chaos docs clean FORCE
.SECONDARY:
help:
	@echo 'make run     everything on this machine: PostgreSQL, broker, api, worker; http://localhost:3000 (KAFKA=real: Apache Kafka)'
	@echo 'make test    every test, with sanitizers; coverage of the C code at the end (at least $(COVERAGE)% of lines)'
	@echo 'make all     the programs in $(BUILD)/ and the web app in web/dist/'
	@echo 'make setup   Debian packages that are missing, and nothing else'
	@echo 'make lint    sizes, dependency rule, format, both compilers'
	@echo 'make format  formats the C code as lint wants it'
	@echo 'make bench   the benchmarks, with real Kafka and PostgreSQL; bench/results.json'
	@echo 'make eval    the assistant with a real small model (downloads 130 MB)'
	@echo 'make compose the whole stack in containers, by docker compose; http://localhost:8080'
	@echo 'make images  builds the container images and runs the compose file with them, by podman (root; downloads 500 MB)'
	@echo 'make chaos   only the tests of faults;   make fuzz   each parser for $(FUZZ_SECONDS) s;   make docs   printed documents'
	@echo 'make clean   removes what was built (the data of make run stays in .run/)'

setup:
	@deploy/dev/setup.sh $(if $(filter real,$(KAFKA)),kafka,run)
setup-test:
	@deploy/dev/setup.sh test

all: programs $(WEB)
programs: $(PROGRAMS)
tests: $(SUITES) $(DOUBLE)

run: setup
	@$(MAKE) --no-print-directory all
	@exec $(BUILD)/launch

test: setup-test
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/check programs tests
	@$(if $(WEB),$(MAKE) --no-print-directory $(WEB))
	@BUILD=$(BUILD)/check tests/all.sh $(TEST_SUITES) $(if $(WEB),web e2e) coverage

chaos: setup-test
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/check programs tests
	@BUILD=$(BUILD)/check tests/run.sh chaos

bench: setup-test
	@$(MAKE) --no-print-directory programs $(BENCHES) $(DOUBLE) $(WEB)
	@tests/run.sh bench

eval: setup-test
	@$(MAKE) --no-print-directory $(BUILD)/tests/eval
	@tests/eval/run.sh

compose:
	@deploy/docker/secrets.sh
	@docker compose -f deploy/docker/docker-compose.yml up --build
images:
	@deploy/dev/setup.sh images
	@tests/images/run.sh

fuzz: setup-test
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz fuzzers
	@BUILD=$(BUILD)/fuzz FUZZ_SECONDS=$(FUZZ_SECONDS) tests/run.sh fuzz
fuzzers: $(FUZZERS)

lint: setup-test
	@$(MAKE) --no-print-directory $(GEN) $(BUILD)/api $(if $(WEB),web/node_modules/.package-lock.json)
	@DOCS='$(DOCS)' deploy/dev/lint.sh

format: setup-test
	@clang-format-14 -i $(wildcard $(foreach d,api api/handle common deploy/dev schemas workers tests/*,$(d)/*.[ch]))

# What the programs print about themselves is kept in docs/, so that it can be read without building; lint compares.
docs: $(BUILD)/api $(BUILD)/gen/types.ts
	@for doc in $(DOCS); do $(BUILD)/api --print $${doc%.*} >docs/$$doc || exit 1; done
	@$(BUILD)/api --print env >.env.example
	@cp $(BUILD)/gen/types.ts web/src/gen/types.ts

clean:
	rm -rf $(BUILD) web/dist

# Objects. The flags are kept in a file, so that other flags or another compiler rebuild.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CPPFLAGS) $(CFLAGS)' | cmp -s - $@ || echo '$(CC) $(CPPFLAGS) $(CFLAGS)' >$@
$(BUILD)/obj/%.o: %.c $(BUILD)/flags | $(GEN)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  CC   $<')
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(if $(V),,@echo '  CC   $<')
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/host/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(if $(V),,@echo '  CC   $<')
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The generator, and what it makes of the schemas.
$(BUILD)/schemac: $(SCHEMAC)
	$(if $(V),,@echo '  LINK $@')
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -ljansson -lutf8proc -lm
schemac_output = @mkdir -p $(@D); ASAN_OPTIONS=detect_leaks=0 $(BUILD)/schemac $(1) $(SCHEMAS) >$@.new && mv $@.new $@
$(BUILD)/gen/schemas.h: $(BUILD)/schemac $(SCHEMAS)
	$(call schemac_output,c-header)
$(BUILD)/gen/schemas.c: $(BUILD)/schemac $(SCHEMAS)
	$(call schemac_output,c-source)
$(BUILD)/gen/types.ts: $(BUILD)/schemac $(SCHEMAS)
	$(call schemac_output,typescript)

# Archives are made anew, also when only a file was deleted: it must not linger in them.
$(BUILD)/libcommon.a: $(COMMON)
$(BUILD)/libapi.a: $(API)
$(BUILD)/libworkers.a: $(WORKERS)
$(BUILD)/libsupport.a: $(SUPPORT)
$(BUILD)/members: FORCE
	@mkdir -p $(@D)
	@echo '$(COMMON) $(API) $(WORKERS) $(SUPPORT)' | cmp -s - $@ || echo '$(COMMON) $(API) $(WORKERS) $(SUPPORT)' >$@
$(BUILD)/lib%.a: $(BUILD)/members
	@rm -f $@
	@ar rcs $@ $(filter %.o,$^)

link = $(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group
$(BUILD)/api: $(BUILD)/obj/api/main.o $(BUILD)/libapi.a $(BUILD)/libcommon.a
	$(if $(V),,@echo '  LINK $@')
	$(Q)$(link) $(LIBS)
$(BUILD)/worker: $(BUILD)/obj/workers/main.o $(BUILD)/libworkers.a $(BUILD)/libcommon.a
	$(if $(V),,@echo '  LINK $@')
	$(Q)$(link) $(LIBS)
$(BUILD)/devbroker: $(call objects,deploy/dev/devbroker*.c) $(BUILD)/libcommon.a
	$(if $(V),,@echo '  LINK $@')
	$(Q)$(link) $(LIBS)
$(BUILD)/launch: $(call objects,deploy/dev/launch*.c) $(BUILD)/libcommon.a
	$(if $(V),,@echo '  LINK $@')
	$(Q)$(link) $(LIBS)
$(BUILD)/modeldouble: $(call objects,tests/doubles/*.c tests/support/persona.c) $(BUILD)/libcommon.a
	$(if $(V),,@echo '  LINK $@')
	$(Q)$(link) $(LIBS)

# Tests: one program a suite. A fake in tests/flow that defines all of an archive member's functions takes that member's place.
define suite
$(BUILD)/tests/$(1): $(call objects,tests/$(1)/*.c,$(wildcard tests/bench/bench_*.c)) $(ARCHIVES)
	@mkdir -p $$(@D)
	$$(if $$(V),,@echo '  LINK $$@')
	$$(Q)$$(link) $(TEST_LIBS)
endef
$(foreach s,unit flow contract integration chaos bench,$(eval $(call suite,$(s))))
$(BUILD)/tests/bench_%: $(BUILD)/obj/tests/bench/bench_%.o $(ARCHIVES)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LINK $@')
	$(Q)$(link) $(TEST_LIBS)
$(BUILD)/tests/eval: $(call objects,tests/eval/*.c) $(ARCHIVES)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LINK $@')
	$(Q)$(link) $(TEST_LIBS)
$(BUILD)/tests/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(ARCHIVES)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LINK $@')
	$(Q)$(link) -fsanitize=fuzzer $(LIBS)

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@
web/dist/index.html: $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path '*/test-results/*' 2>/dev/null) | web/node_modules/.package-lock.json
	cd web && npm run build
	@touch $@

-include $(shell find $(BUILD)/obj $(BUILD)/host -name '*.d' 2>/dev/null)
