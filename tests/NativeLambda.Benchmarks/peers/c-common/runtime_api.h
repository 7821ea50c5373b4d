// The Lambda Runtime API over one kept-alive connection.
#pragma once

#include "text.h"

struct invocation {
    char id[128];
    struct text event;
};

// Connects to AWS_LAMBDA_RUNTIME_API.
void runtime_connect(void);

// Waits for the next invocation. It is good until the next call.
struct invocation *runtime_next(void);

void runtime_respond(const struct invocation *invocation, const struct text *response);

// The invocation failed.
void runtime_fail(const struct invocation *invocation, const char *message);

// The Init phase failed: says so and ends the process.
_Noreturn void runtime_init_error(const char *message);
