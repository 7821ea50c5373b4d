#pragma once

#include "text.h"

void base64_append(struct text *text, const unsigned char *data, size_t length);

// Returns the length of the data, or -1 where the text is not base64 or the data too long.
int base64_decode(const char *text, size_t length, unsigned char *data, size_t capacity);
