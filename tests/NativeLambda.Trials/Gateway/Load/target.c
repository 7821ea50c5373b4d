/*
 * A Lambda that answers at once: just enough of the Invoke API over HTTP/1.1 for a measurement of what stands before it. The function
 * "echo" answers with its event, every other one with the same small response. One thread, epoll, kept-alive connections, no pipelining.
 * Usage: target PORT (0: any); it prints the port that it listens on.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CAPACITY (64 * 1024)
#define EVENTS 64

struct connection {
    int fd;
    size_t have;
    char bytes[CAPACITY + 1];
};

static const char *hello =
    "{\"statusCode\":200,\"headers\":{\"content-type\":\"application/json\",\"cache-control\":\"no-store\"},"
    "\"body\":\"{\\\"id\\\":42,\\\"name\\\":\\\"A product\\\",\\\"price\\\":1999}\",\"isBase64Encoded\":false}";

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void answer(int fd, const char *body, size_t length)
{
    char sent[CAPACITY + 256];
    int head = snprintf(sent, 256,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-amzn-RequestId: 8f5a1c5e-7a4b-4a7e-9a3e-2f1f4a2f6f10\r\nContent-Length: %zu\r\n\r\n", length);
    memcpy(sent + head, body, length);
    if (send(fd, sent, (size_t)head + length, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET) fail("send");
}

/* Answers the request that is there, when it is whole. */
static void serve(struct connection *connection)
{
    char *end, *line;
    size_t length = 0, head;
    connection->bytes[connection->have] = 0;
    end = strstr(connection->bytes, "\r\n\r\n");
    if (end == NULL) return;
    for (line = connection->bytes; line < end; line = strstr(line, "\r\n") + 2)
        if (strncasecmp(line, "content-length:", 15) == 0) length = strtoul(line + 15, NULL, 10);
    head = (size_t)(end + 4 - connection->bytes);
    if (connection->have < head + length) return;
    if (strstr(connection->bytes, "/functions/echo/") != NULL && strstr(connection->bytes, "/functions/echo/") < end) answer(connection->fd, end + 4, length);
    else answer(connection->fd, hello, strlen(hello));
    connection->have = 0;
}

static void receive(struct connection *connection)
{
    ssize_t count = recv(connection->fd, connection->bytes + connection->have, CAPACITY - connection->have, 0);
    if (count > 0) {
        connection->have += (size_t)count;
        serve(connection);
        return;
    }
    if (count < 0 && errno == EINTR) return;
    close(connection->fd);
    free(connection);
}

static void accept_one(int listener, int poller)
{
    int on = 1;
    struct connection *connection = malloc(sizeof *connection);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (connection == NULL) fail("malloc");
    connection->have = 0;
    connection->fd = accept(listener, NULL, NULL);
    if (connection->fd < 0) {
        free(connection);
        return;
    }
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (epoll_ctl(poller, EPOLL_CTL_ADD, connection->fd, &event) != 0) fail("epoll_ctl");
}

int main(int count, char **arguments)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, ready[EVENTS];
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0), poller = epoll_create1(0);
    if (count > 1) address.sin_port = htons((unsigned short)atoi(arguments[1]));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1024) != 0) fail("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) fail("getsockname");
    if (epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event) != 0) fail("epoll_ctl");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int found = epoll_wait(poller, ready, EVENTS, -1);
        for (int index = 0; index < found; index++) {
            if (ready[index].data.ptr == NULL) accept_one(listener, poller);
            else receive(ready[index].data.ptr);
        }
    }
}
