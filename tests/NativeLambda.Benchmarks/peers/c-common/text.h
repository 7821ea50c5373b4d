// A text that grows: what is written next goes behind what is there.
#pragma once

#include <stddef.h>

struct text {
    char *data;
    size_t length;
    size_t capacity;
};

// Makes room for that many bytes more.
void text_reserve(struct text *text, size_t length);

void text_append(struct text *text, const char *data, size_t length);

// A string literal.
#define text_literal(text, literal) text_append((text), (literal), sizeof(literal) - 1)

void text_number(struct text *text, unsigned long number);

// The data as the inside of a JSON string, without its quotes.
void text_json(struct text *text, const char *data, size_t length);
