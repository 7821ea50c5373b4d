#include "base64.h"

#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_append(struct text *text, const unsigned char *data, size_t length)
{
    for (size_t i = 0; i < length; i += 3) {
        uint32_t bits = (uint32_t)data[i] << 16 | (i + 1 < length ? (uint32_t)data[i + 1] << 8 : 0) | (i + 2 < length ? data[i + 2] : 0);
        char four[4] = {digits[bits >> 18], digits[bits >> 12 & 63], digits[bits >> 6 & 63], digits[bits & 63]};
        if (i + 1 >= length)
            four[2] = '=';
        if (i + 2 >= length)
            four[3] = '=';
        text_append(text, four, 4);
    }
}

int base64_decode(const char *text, size_t length, unsigned char *data, size_t capacity)
{
    size_t decoded = 0;
    uint32_t bits = 0;
    if (length == 0 || length % 4 != 0)
        return -1;
    int padding = (text[length - 1] == '=') + (text[length - 2] == '=');
    for (size_t i = 0; i < length; i++) {
        const char *digit = i >= length - (size_t)padding ? digits : text[i] != 0 ? strchr(digits, text[i]) : NULL;
        if (digit == NULL)
            return -1;
        bits = bits << 6 | (uint32_t)(digit - digits);
        if (i % 4 < 3)
            continue;
        for (int shift = 16; shift >= 0; shift -= 8) {
            if (decoded >= capacity)
                return -1;
            data[decoded++] = (unsigned char)(bits >> shift);
        }
    }
    return (int)decoded - padding;
}
