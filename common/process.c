/* process.c - see process.h. */
#include "common/process.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* There only in builds with sanitizers or coverage. */
extern void __lsan_do_leak_check(void) __attribute__((weak));
extern void __gcov_dump(void) __attribute__((weak));

_Noreturn void process_end(int status)
{
	fflush(NULL);
	if (__gcov_dump)
		__gcov_dump();
	if (__lsan_do_leak_check)
		__lsan_do_leak_check();
	_exit(status);
}

void process_settle(void)
{
	char line[1024], rights[5], path[2];
	unsigned long begin, end;
	FILE *maps = fopen("/proc/self/maps", "r");
	malloc_trim(0);
	/* Code only: it is never written, so nothing can be lost. */
	while (maps && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %1s", &begin, &end, rights, path) == 4 && strcmp(rights, "r-xp") == 0 && *path == '/')
			madvise((void *)begin, end - begin, MADV_DONTNEED);
	if (maps)
		fclose(maps);
}
