/* stack_cpu.c - what a process of the stack has used of the processors; see stack.h. */
#include <stdio.h>
#include <unistd.h>

#include "tests/support/stack.h"

int64_t stack_cpu_us(const struct stack *s, enum stack_kind kind, int index)
{
	char path[60];
	unsigned long user = 0, system = 0;
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)stack_pid(s, kind, index));
	FILE *file = fopen(path, "r");
	if (!file)
		return 0;
	int n = fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
	fclose(file);
	return n != 2 ? 0 : (int64_t)(user + system) * 1000000 / sysconf(_SC_CLK_TCK);
}
