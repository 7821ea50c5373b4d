/*
 * The smallest function that can be: a bootstrap that answers every event with the event itself, over one kept-alive connection, so
 * that what is measured is the emulator. Where PULSE_PORT is set it also sends every byte back that comes from that port: who waits
 * for such a byte sees when the process runs again.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define CAPACITY (1 << 20)

static char received[CAPACITY + 1];
static char sent[CAPACITY + 512];
static char request_id[64];
static int pulse = -1;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int connect_to(const char *address, int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void send_all(int fd, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = send(fd, bytes, count, MSG_NOSIGNAL);
        if (written <= 0) fail("send");
        bytes += written;
        count -= (size_t)written;
    }
}

static void answer_pulse(void)
{
    char byte;
    if (recv(pulse, &byte, 1, 0) == 1) send_all(pulse, &byte, 1);
    else pulse = -1;
}

/* Waits until the Runtime API has something to read, and answers the pulse meanwhile. */
static void wait_for(int api)
{
    for (;;) {
        struct pollfd wanted[2] = {{.fd = api, .events = POLLIN}, {.fd = pulse, .events = POLLIN}};
        if (poll(wanted, 2, -1) < 0) continue;
        if (wanted[1].revents) answer_pulse();
        if (wanted[0].revents) return;
    }
}

/* Reads one response; returns where its body begins, and its length. */
static char *read_response(int api, size_t *length)
{
    size_t have = 0;
    char *end = NULL, *body;
    for (;;) {
        ssize_t count;
        wait_for(api);
        count = recv(api, received + have, CAPACITY - have, 0);
        if (count <= 0) fail("recv");
        have += (size_t)count;
        received[have] = 0;
        if (end == NULL && (end = strstr(received, "\r\n\r\n")) != NULL) {
            char *line = received;
            *length = 0;
            while ((line = strstr(line, "\r\n")) != NULL && line < end) {
                line += 2;
                if (strncasecmp(line, "Content-Length:", 15) == 0) *length = strtoul(line + 15, NULL, 10);
                if (strncasecmp(line, "Lambda-Runtime-Aws-Request-Id:", 30) == 0) sscanf(line + 30, " %63[^\r]", request_id);
            }
        }
        body = end + 4;
        if (end != NULL && (size_t)(received + have - body) >= *length) return body;
    }
}

int main(void)
{
    static const char next[] = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: runtime\r\n\r\n";
    const char *authority = getenv("AWS_LAMBDA_RUNTIME_API"), *pulse_port = getenv("PULSE_PORT");
    char address[64];
    int port, api;
    if (authority == NULL || sscanf(authority, "%63[^:]:%d", address, &port) != 2) fail("AWS_LAMBDA_RUNTIME_API");
    api = connect_to(address, port);
    if (pulse_port != NULL) pulse = connect_to("127.0.0.1", atoi(pulse_port));
    for (;;) {
        size_t length;
        char *body;
        int head;
        send_all(api, next, sizeof next - 1);
        body = read_response(api, &length);
        head = snprintf(sent, sizeof sent, "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: runtime\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", request_id, length);
        memcpy(sent + head, body, length);
        send_all(api, sent, (size_t)head + length);
        read_response(api, &length);
    }
}
