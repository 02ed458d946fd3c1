/* free_port.h - TCP ports of 127.0.0.1: one that nobody listens on (another process may take it before it is used; ends the program when there is none). */
#ifndef TESTS_FREE_PORT_H
#define TESTS_FREE_PORT_H

#include <stdbool.h>

int free_port(void);
bool port_is_open(int port); /* somebody listens */

#endif
