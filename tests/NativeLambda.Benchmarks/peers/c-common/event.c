// A JSON reader that descends only where the method and the path are, and skips all else.
#include "event.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    const char *at;
    const char *end;
    int failed;
};

static char peek(struct reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' || *reader->at == '\t'))
        reader->at++;
    return reader->at < reader->end ? *reader->at : 0;
}

static int take(struct reader *reader, char c)
{
    if (peek(reader) != c)
        return 0;
    reader->at++;
    return 1;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static char unescaped(struct reader *reader, char c)
{
    switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'u': {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = reader->at < reader->end ? hex_digit(*reader->at++) : -1;
            if (digit < 0)
                reader->failed = 1;
            code = code * 16 + digit;
        }
        // A method or an id beyond ASCII does not exist: any such character will do for one.
        return code < 128 ? (char)code : '\x7f';
    }
    default: return c;
    }
}

// Reads a string into text, or skips it where text is null.
static void read_string(struct reader *reader, char *text, size_t capacity)
{
    size_t length = 0;
    if (!take(reader, '"'))
        reader->failed = 1;
    while (!reader->failed && reader->at < reader->end) {
        char c = *reader->at++;
        if (c == '"') {
            if (text != NULL)
                text[length] = 0;
            return;
        }
        if (c == '\\' && reader->at < reader->end)
            c = unescaped(reader, *reader->at++);
        if (text == NULL)
            continue;
        if (length + 1 >= capacity)
            break;
        text[length++] = c;
    }
    reader->failed = 1;
}

static void skip_value(struct reader *reader)
{
    int depth = 0;
    do {
        char c = peek(reader);
        if (c == 0)
            reader->failed = 1;
        else if (c == '"')
            read_string(reader, NULL, 0);
        else {
            reader->at++;
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (depth == 0 && c != '}' && c != ']')
                while (reader->at < reader->end && strchr(",}] \n\r\t", *reader->at) == NULL)
                    reader->at++;
        }
    } while (!reader->failed && depth > 0);
}

typedef void member(struct reader *reader, const char *name, struct request *request);

static void read_object(struct reader *reader, member *read_member, struct request *request)
{
    if (!take(reader, '{'))
        reader->failed = 1;
    if (reader->failed || take(reader, '}'))
        return;
    do {
        char name[64];
        const char *start = (peek(reader), reader->at);
        read_string(reader, NULL, 0);
        size_t length = reader->failed ? 0 : (size_t)(reader->at - start) - 2;
        if (length >= sizeof name)
            length = 0;
        memcpy(name, start + 1, length);
        name[length] = 0;
        if (!take(reader, ':'))
            reader->failed = 1;
        if (!reader->failed)
            read_member(reader, name, request);
    } while (!reader->failed && take(reader, ','));
    if (!take(reader, '}'))
        reader->failed = 1;
}

static void http_member(struct reader *reader, const char *name, struct request *request)
{
    if (strcmp(name, "method") == 0)
        read_string(reader, request->method, sizeof request->method);
    else
        skip_value(reader);
}

static void context_member(struct reader *reader, const char *name, struct request *request)
{
    if (strcmp(name, "http") == 0)
        read_object(reader, http_member, request);
    else
        skip_value(reader);
}

static void event_member(struct reader *reader, const char *name, struct request *request)
{
    if (strcmp(name, "rawPath") == 0)
        read_string(reader, request->path, sizeof request->path);
    else if (strcmp(name, "requestContext") == 0)
        read_object(reader, context_member, request);
    else
        skip_value(reader);
}

int event_read(const char *event, size_t length, struct request *request)
{
    struct reader reader = {event, event + length, 0};
    request->method[0] = request->path[0] = 0;
    read_object(&reader, event_member, request);
    return !reader.failed && request->method[0] != 0 && request->path[0] != 0;
}
