// SCRAM-SHA-256 (RFC 5802 and RFC 7677), the client's side.
#pragma once

#include "text.h"

// Writes the client's first message.
void scram_first(struct text *message);

// Answers the server's first message by the client's final one. Returns whether the server's made sense.
int scram_final(const char *server_first, size_t length, const char *password, struct text *message);

// Whether the server's final message proves that it knows the password, too.
int scram_verify(const char *server_final, size_t length);
