#include "products.h"

#include "event.h"
#include "runtime_api.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct page {
    struct text *body;
    const char *id;
    int count;
    char last[65];
    char next[65];
};

static void write_product(struct text *body, const char *id, size_t id_length, const struct column *name)
{
    text_literal(body, "{\"id\":\"");
    text_append(body, id, id_length);
    text_literal(body, "\",\"name\":\"");
    text_json(body, name[0].data, name[0].length);
    text_literal(body, "\",\"price\":");
    text_append(body, name[1].data, name[1].length);
    text_literal(body, ",\"stock\":");
    text_append(body, name[2].data, name[2].length);
    text_literal(body, "}");
}

static void found(void *state, const struct column *columns)
{
    struct page *page = state;
    page->count++;
    write_product(page->body, page->id, strlen(page->id), columns);
}

static void listed(void *state, const struct column *columns)
{
    struct page *page = state;
    if (page->count++ == PAGE) {
        strcpy(page->next, page->last);
        return;
    }
    if (page->count > 1)
        text_literal(page->body, ",");
    write_product(page->body, columns[0].data, columns[0].length, columns + 1);
    memcpy(page->last, columns[0].data, columns[0].length);
    page->last[columns[0].length] = 0;
}

static int problem(struct text *body, int status, const char *title, const char *detail, const char *field)
{
    text_literal(body, "{\"title\":\"");
    text_append(body, title, strlen(title));
    text_literal(body, "\",\"status\":");
    text_number(body, (unsigned long)status);
    text_literal(body, ",\"detail\":\"");
    text_append(body, detail, strlen(detail));
    if (field != NULL) {
        text_literal(body, "\",\"field\":\"");
        text_append(body, field, strlen(field));
    }
    text_literal(body, "\"}");
    return status;
}

static int is_id(const char *id)
{
    size_t length = strlen(id);
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)id[i]) && id[i] != '_' && id[i] != '-')
            return 0;
    }
    return length >= 1 && length <= 64;
}

static void decode(char *path)
{
    char *to = path;
    for (; *path != 0; path++) {
        if (path[0] == '%' && isxdigit((unsigned char)path[1]) && isxdigit((unsigned char)path[2])) {
            char hex[] = {path[1], path[2], 0};
            *to++ = (char)strtoul(hex, NULL, 16);
            path += 2;
        } else
            *to++ = *path;
    }
    *to = 0;
}

// Writes the body and returns the status, or 0 with the error where the database failed.
static int answer(const struct database *database, struct request *request, struct text *body, const char **error)
{
    static const char products[] = "/products", one[] = "/products/";
    struct page page = {.body = body};
    if (strcmp(request->method, "GET") == 0 && strcmp(request->path, products) == 0) {
        text_literal(body, "{\"items\":[");
        if ((*error = database->list("", "21", listed, &page)) != NULL)
            return 0;
        text_literal(body, "],\"next\":");
        if (page.next[0] == 0)
            text_literal(body, "null}");
        else {
            text_literal(body, "\"");
            text_append(body, page.next, strlen(page.next));
            text_literal(body, "\"}");
        }
        return 200;
    }
    char *id = request->path + sizeof one - 1;
    if (strcmp(request->method, "GET") != 0 || strncmp(request->path, one, sizeof one - 1) != 0 || *id == 0 || strchr(id, '/') != NULL)
        return problem(body, 404, "Not Found", "There is nothing at this path.", NULL);
    decode(id);
    if (!is_id(id))
        return problem(body, 400, "Bad Request", "The id must be 1 to 64 characters out of A-Z, a-z, 0-9, '_' and '-'.", "id");
    page.id = id;
    if ((*error = database->find(id, found, &page)) != NULL)
        return 0;
    return page.count > 0 ? 200 : problem(body, 404, "Not Found", "There is no product with this id.", "id");
}

void products_serve(const struct database *database)
{
    struct text body = {0}, response = {0};
    struct request request;
    for (;;) {
        struct invocation *invocation = runtime_next();
        const char *error = NULL;
        body.length = response.length = 0;
        if (!event_read(invocation->event.data, invocation->event.length, &request)) {
            runtime_fail(invocation, "The event is not an HTTP event.");
            continue;
        }
        int status = answer(database, &request, &body, &error);
        if (status == 0) {
            runtime_fail(invocation, error);
            continue;
        }
        text_literal(&response, "{\"statusCode\":");
        text_number(&response, (unsigned long)status);
        if (status == 200)
            text_literal(&response, ",\"headers\":{\"content-type\":\"application/json\"},\"body\":\"");
        else
            text_literal(&response, ",\"headers\":{\"content-type\":\"application/problem+json\"},\"body\":\"");
        text_json(&response, body.data, body.length);
        text_literal(&response, "\",\"isBase64Encoded\":false}");
        runtime_respond(invocation, &response);
    }
}
