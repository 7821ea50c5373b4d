// What these functions read of an event in API Gateway's payload format 2.0.
#pragma once

#include <stddef.h>

struct request {
    char method[16];
    char path[1024];
};

// Whether the event is JSON with a path and a method that fit.
int event_read(const char *event, size_t length, struct request *request);
