// The socket to the server, by TLS where it is compiled with it. What fails in Init ends the process with an init error.
#pragma once

#include <stddef.h>

// Connects to PGHOST and PGPORT, and makes it TLS as PGSSLMODE says.
void transport_connect(void);

// Returns whether all was sent.
int transport_send(const void *data, size_t length);

// Returns how much was received; 0 or less when the connection is lost.
long transport_receive(void *data, size_t capacity);
