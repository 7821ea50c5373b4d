#include "text.h"

#include <stdlib.h>
#include <string.h>

void text_reserve(struct text *text, size_t length)
{
    if (text->capacity - text->length >= length)
        return;
    size_t capacity = text->capacity * 2 > text->length + length ? text->capacity * 2 : text->length + length + 4096;
    text->data = realloc(text->data, capacity);
    if (text->data == NULL)
        abort();
    text->capacity = capacity;
}

void text_append(struct text *text, const char *data, size_t length)
{
    text_reserve(text, length);
    memcpy(text->data + text->length, data, length);
    text->length += length;
}

void text_number(struct text *text, unsigned long number)
{
    char digits[20];
    size_t first = sizeof digits;
    do
        digits[--first] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    text_append(text, digits + first, sizeof digits - first);
}

static size_t escape(char *to, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    to[0] = '\\';
    if (c == '"' || c == '\\') {
        to[1] = (char)c;
        return 2;
    }
    memcpy(to + 1, "u00", 3);
    to[4] = hex[c >> 4];
    to[5] = hex[c & 15];
    return 6;
}

void text_json(struct text *text, const char *data, size_t length)
{
    text_reserve(text, length * 6);
    char *to = text->data + text->length;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c < ' ' || c == '"' || c == '\\')
            to += escape(to, c);
        else
            *to++ = (char)c;
    }
    text->length = (size_t)(to - text->data);
}
