/* process.c - see process.h. */
#include "common/process.h"

#include <stdio.h>
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
