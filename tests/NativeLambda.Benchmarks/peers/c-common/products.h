// The two routes: what is asked becomes a query, its rows become the answer.
#pragma once

#include "text.h"

#define FIND_PRODUCT "SELECT name, price, stock FROM products WHERE id = $1"
#define LIST_PRODUCTS "SELECT id, name, price, stock FROM products WHERE id > $1 ORDER BY id LIMIT $2"

enum { PAGE = 20 };

// A value of a row, as PostgreSQL writes it in text format.
struct column {
    const char *data;
    size_t length;
};

// What a peer brings: each calls back for each row, and returns null or, when it failed, why.
struct database {
    const char *(*find)(const char *id, void (*row)(void *, const struct column *), void *state);
    const char *(*list)(const char *after, const char *limit, void (*row)(void *, const struct column *), void *state);
};

// Serves invocations for ever.
_Noreturn void products_serve(const struct database *database);
