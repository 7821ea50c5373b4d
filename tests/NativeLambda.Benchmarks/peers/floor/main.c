// The least that a cold start with a database can be: PostgreSQL's protocol by hand, each message in a static buffer.
#include "products.h"
#include "runtime_api.h"
#include "transport.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef WITH_SCRAM
#include "scram.h"
#endif

static struct text sent, received;
static size_t consumed;
static char error[512];

// A message of the server: its type, and its content up to the next one.
struct message {
    char type;
    const char *data;
    size_t length;
};

static void put_int32(struct text *text, size_t value)
{
    uint32_t word = htonl((uint32_t)value);
    text_append(text, (const char *)&word, 4);
}

static void put_int16(struct text *text, size_t value)
{
    uint16_t word = htons((uint16_t)value);
    text_append(text, (const char *)&word, 2);
}

static void put_string(struct text *text, const char *string)
{
    text_append(text, string, strlen(string) + 1);
}

static size_t int32_at(const char *data)
{
    uint32_t word;
    memcpy(&word, data, 4);
    return ntohl(word);
}

static size_t int16_at(const char *data)
{
    uint16_t word;
    memcpy(&word, data, 2);
    return ntohs(word);
}

// Begins a message; returns what end_message needs.
static size_t begin_message(char type)
{
    if (type != 0)
        text_append(&sent, &type, 1);
    put_int32(&sent, 0);
    return sent.length - 4;
}

static void end_message(size_t start)
{
    uint32_t length = htonl((uint32_t)(sent.length - start));
    memcpy(sent.data + start, &length, 4);
}

static int flush(void)
{
    int all = transport_send(sent.data, sent.length);
    sent.length = 0;
    return all;
}

static int have(size_t length)
{
    if (received.length - consumed >= length)
        return 1;
    memmove(received.data, received.data + consumed, received.length - consumed);
    received.length -= consumed;
    consumed = 0;
    text_reserve(&received, length > 8192 ? length : 8192);
    while (received.length < length) {
        long count = transport_receive(received.data + received.length, received.capacity - received.length);
        if (count <= 0)
            return 0;
        received.length += (size_t)count;
    }
    return 1;
}

// Waits for a message, which is good until the next one. Type 0: the connection is lost.
static struct message read_message(void)
{
    struct message message = {0};
    if (!have(5))
        return message;
    size_t length = int32_at(received.data + consumed + 1);
    if (length < 4 || !have(length + 1))
        return message;
    message = (struct message){received.data[consumed], received.data + consumed + 5, length - 4};
    consumed += length + 1;
    return message;
}

static void keep_error(const struct message *message)
{
    // Fields of a letter and a text each; M is the one for people.
    const char *at = message->data, *end = at + message->length;
    snprintf(error, sizeof error, "the connection was lost");
    for (; message->type == 'E' && at < end && *at != 0; at += strlen(at) + 1) {
        if (*at == 'M')
            snprintf(error, sizeof error, "%s", at + 1);
    }
}

static void authenticate(const struct message *request)
{
    size_t kind = int32_at(request->data);
    if (kind == 0)
        return;
#ifdef WITH_SCRAM
    struct text answer = {0};
    const char *password = getenv("PGPASSWORD");
    if (kind == 10) {
        scram_first(&answer);
        size_t start = begin_message('p');
        put_string(&sent, "SCRAM-SHA-256");
        put_int32(&sent, answer.length);
        text_append(&sent, answer.data, answer.length);
        end_message(start);
        free(answer.data);
        flush();
        return;
    }
    if (kind == 11 && password != NULL && scram_final(request->data + 4, request->length - 4, password, &answer)) {
        size_t start = begin_message('p');
        text_append(&sent, answer.data, answer.length);
        end_message(start);
        free(answer.data);
        flush();
        return;
    }
    if (kind == 12 && scram_verify(request->data + 4, request->length - 4))
        return;
#endif
    runtime_init_error("the server asks for a password in a way that this program does not know");
}

static void connect_database(void)
{
    const char *user = getenv("PGUSER"), *database = getenv("PGDATABASE");
    if (user == NULL || database == NULL)
        runtime_init_error("PGUSER or PGDATABASE is missing");
    transport_connect();
    size_t start = begin_message(0);
    put_int32(&sent, 3 << 16);
    put_string(&sent, "user");
    put_string(&sent, user);
    put_string(&sent, "database");
    put_string(&sent, database);
    put_string(&sent, "");
    end_message(start);
    flush();
    for (;;) {
        struct message message = read_message();
        if (message.type == 'R')
            authenticate(&message);
        else if (message.type == 'Z')
            return;
        else if (message.type == 'E' || message.type == 0) {
            keep_error(&message);
            runtime_init_error(error);
        }
    }
}

static void give_row(const char *data, void (*row)(void *, const struct column *), void *state)
{
    struct column columns[4];
    size_t count = int16_at(data);
    data += 2;
    for (size_t i = 0; i < count && i < 4; i++) {
        columns[i] = (struct column){data + 4, int32_at(data)};
        data += 4 + columns[i].length;
    }
    row(state, columns);
}

struct statement {
    const char *name;
    const char *sql;
    int prepared;
};

static const char *execute(struct statement *statement, const char *const *values, size_t count, void (*row)(void *, const struct column *), void *state)
{
    size_t start;
    if (!statement->prepared) {
        start = begin_message('P');
        put_string(&sent, statement->name);
        put_string(&sent, statement->sql);
        put_int16(&sent, 0);
        end_message(start);
    }
    start = begin_message('B');
    put_string(&sent, "");
    put_string(&sent, statement->name);
    put_int16(&sent, 0);
    put_int16(&sent, count);
    for (size_t i = 0; i < count; i++) {
        put_int32(&sent, strlen(values[i]));
        text_append(&sent, values[i], strlen(values[i]));
    }
    put_int16(&sent, 0);
    end_message(start);
    start = begin_message('E');
    put_string(&sent, "");
    put_int32(&sent, 0);
    end_message(start);
    start = begin_message('S');
    end_message(start);
    int failed = !flush();
    while (!failed) {
        struct message message = read_message();
        if (message.type == 'D')
            give_row(message.data, row, state);
        else if (message.type == '1')
            statement->prepared = 1;
        else if (message.type == 'Z')
            return error[0] != 0 ? error : NULL;
        else if (message.type == 'E')
            keep_error(&message);
        else
            failed = message.type == 0;
    }
    keep_error(&(struct message){0});
    return error;
}

static const char *find(const char *id, void (*row)(void *, const struct column *), void *state)
{
    static struct statement statement = {"find", FIND_PRODUCT, 0};
    error[0] = 0;
    return execute(&statement, (const char *const[]){id}, 1, row, state);
}

static const char *list(const char *after, const char *limit, void (*row)(void *, const struct column *), void *state)
{
    static struct statement statement = {"list", LIST_PRODUCTS, 0};
    error[0] = 0;
    return execute(&statement, (const char *const[]){after, limit}, 2, row, state);
}

int main(void)
{
    runtime_connect();
    connect_database();
    products_serve(&(struct database){find, list});
}
