#include "runtime_api.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define API "/2018-06-01/runtime/"

static int connection = -1;
static char host[256];
static struct text received;
static size_t consumed;
static struct invocation current;

static _Noreturn void die(const char *message)
{
    fprintf(stderr, "Runtime API: %s\n", message);
    exit(1);
}

void runtime_connect(void)
{
    const char *endpoint = getenv("AWS_LAMBDA_RUNTIME_API");
    if (endpoint == NULL || strlen(endpoint) >= sizeof host)
        die("AWS_LAMBDA_RUNTIME_API is missing");
    strcpy(host, endpoint);
    char name[sizeof host];
    strcpy(name, endpoint);
    char *port = strrchr(name, ':');
    if (port != NULL)
        *port++ = 0;
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(name, port != NULL ? port : "80", &hints, &found) != 0)
        die("the host is not known");
    connection = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0 || connect(connection, found->ai_addr, found->ai_addrlen) != 0)
        die("no connection");
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    freeaddrinfo(found);
}

static void send_all(struct iovec *parts, int count)
{
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)count};
    while (message.msg_iovlen > 0) {
        ssize_t sent = sendmsg(connection, &message, MSG_NOSIGNAL);
        if (sent < 0)
            die("the connection broke");
        while (message.msg_iovlen > 0 && (size_t)sent >= message.msg_iov->iov_len) {
            sent -= (ssize_t)message.msg_iov->iov_len;
            message.msg_iov++;
            message.msg_iovlen--;
        }
        if (message.msg_iovlen > 0) {
            message.msg_iov->iov_base = (char *)message.msg_iov->iov_base + sent;
            message.msg_iov->iov_len -= (size_t)sent;
        }
    }
}

static void receive(void)
{
    text_reserve(&received, 16384);
    ssize_t length = recv(connection, received.data + received.length, received.capacity - received.length, 0);
    if (length <= 0)
        die("the connection was closed");
    received.length += (size_t)length;
}

// The next line without its line break; it is good until more is received.
static char *line(size_t *length)
{
    size_t searched = 0;
    for (;;) {
        char *start = received.data + consumed;
        char *end = memchr(start + searched, '\n', received.length - consumed - searched);
        if (end != NULL) {
            consumed += (size_t)(end - start) + 1;
            *length = (size_t)(end - start) - (end > start && end[-1] == '\r');
            return start;
        }
        searched = received.length - consumed;
        receive();
    }
}

static void take(struct text *body, size_t length)
{
    while (received.length - consumed < length)
        receive();
    text_append(body, received.data + consumed, length);
    consumed += length;
}

static void take_chunks(struct text *body)
{
    size_t length, digits;
    while ((length = strtoul(line(&digits), NULL, 16)) > 0) {
        take(body, length);
        line(&digits);
    }
    do
        line(&digits);
    while (digits > 0);
}

static const char *value_of(const char *field, size_t length, const char *name, size_t *value_length)
{
    size_t name_length = strlen(name);
    if (length <= name_length || field[name_length] != ':' || strncasecmp(field, name, name_length) != 0)
        return NULL;
    const char *value = field + name_length + 1, *end = field + length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *value_length = (size_t)(end - value);
    return value;
}

// Reads a response into body and returns its status.
static int read_response(struct text *body, char *id, size_t id_capacity)
{
    consumed = received.length = body->length = 0;
    size_t length, value_length, content_length = 0;
    const char *field = line(&length), *value;
    if (length < 12 || memcmp(field, "HTTP/1.", 7) != 0)
        die("the answer is not HTTP");
    int status = atoi(field + 9);
    int chunked = 0;
    while (field = line(&length), length > 0) {
        if ((value = value_of(field, length, "content-length", &value_length)) != NULL)
            content_length = strtoul(value, NULL, 10);
        else if ((value = value_of(field, length, "transfer-encoding", &value_length)) != NULL)
            chunked = value_length == 7 && strncasecmp(value, "chunked", 7) == 0;
        else if (id != NULL && (value = value_of(field, length, "lambda-runtime-aws-request-id", &value_length)) != NULL && value_length < id_capacity) {
            memcpy(id, value, value_length);
            id[value_length] = 0;
        }
    }
    if (chunked)
        take_chunks(body);
    else
        take(body, content_length);
    return status;
}

struct invocation *runtime_next(void)
{
    static char request[512];
    static size_t length;
    if (length == 0)
        length = (size_t)snprintf(request, sizeof request, "GET " API "invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    send_all(&(struct iovec){request, length}, 1);
    current.id[0] = 0;
    if (read_response(&current.event, current.id, sizeof current.id) != 200 || current.id[0] == 0)
        die("next was not answered by an invocation");
    return &current;
}

static void post(const char *path, const char *end, const char *headers, const struct text *body)
{
    static struct text answer;
    char head[1024];
    int length = snprintf(head, sizeof head, "POST " API "%s%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n",
        path, end, host, headers, body->length);
    send_all((struct iovec[]){{head, (size_t)length}, {body->data, body->length}}, 2);
    if (read_response(&answer, NULL, 0) >= 500)
        die("it failed");
}

static void path_of(char *path, const struct invocation *invocation)
{
    strcpy(path, "invocation/");
    strcat(path, invocation->id);
}

void runtime_respond(const struct invocation *invocation, const struct text *response)
{
    char path[sizeof invocation->id + 16];
    path_of(path, invocation);
    post(path, "/response", "", response);
}

static void error_body(struct text *body, const char *message)
{
    text_literal(body, "{\"errorType\":\"Runtime.DatabaseError\",\"errorMessage\":\"");
    text_json(body, message, strlen(message));
    text_literal(body, "\",\"stackTrace\":[]}");
}

#define ERROR_TYPE "Lambda-Runtime-Function-Error-Type: Runtime.DatabaseError\r\n"

void runtime_fail(const struct invocation *invocation, const char *message)
{
    struct text body = {0};
    char path[sizeof invocation->id + 16];
    path_of(path, invocation);
    error_body(&body, message);
    post(path, "/error", ERROR_TYPE, &body);
    free(body.data);
}

void runtime_init_error(const char *message)
{
    struct text body = {0};
    fprintf(stderr, "%s\n", message);
    error_body(&body, message);
    post("init/error", "", ERROR_TYPE, &body);
    exit(1);
}
