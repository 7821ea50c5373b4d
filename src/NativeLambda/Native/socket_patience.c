/* Patience on a socket: before the runtime's native layer tells .NET that there is nothing to read yet, it waits in the kernel for a
 * moment. .NET then completes the read on the thread that asked for it, where it would otherwise register the socket with epoll, be
 * woken on a second thread, and go on on a third: three context switches a round trip, and at a cold start the making of those threads.
 *
 * Linked by NativeLambda.targets with --wrap, which leads the calls of .NET to __wrap_X and those here of __real_X to .NET's own.
 * Only sockets that were named, or all of them while that was asked for, are waited for. After the wait all is as it would have been.
 *
 * Written for one thread that sets and others that read single ints: no lock.
 */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* What .NET's native layer returns: its own numbers, equal on all platforms (Interop.Error in dotnet/runtime). */
enum { PAL_SUCCESS = 0, PAL_EAGAIN = 0x10006, PAL_EINPROGRESS = 0x1001A, PAL_MSG_PEEK = 0x2 };

enum { ANY = 0, RUNTIME_API = 1, DATABASE = 2, SLOTS = 3 };

static volatile int slot_fd[SLOTS] = { -1, -1, -1 };
static volatile int slot_ms[SLOTS];

int32_t __real_SystemNative_Receive(intptr_t socket, void *buffer, int32_t length, int32_t flags, int32_t *received);
int32_t __real_SystemNative_Connect(intptr_t socket, uint8_t *address, int32_t length);

/* Waits up to so many milliseconds for a socket; for any of them where fd is -1 and slot ANY. 0 ends it, less than 0 is for ever. */
void nativelambda_patience_set(int32_t slot, int32_t fd, int32_t ms)
{
    if (slot < 0 || slot >= SLOTS)
        return;
    slot_ms[slot] = 0;
    slot_fd[slot] = fd;
    slot_ms[slot] = ms;
}

static int patience(int fd)
{
    for (int slot = RUNTIME_API; slot < SLOTS; slot++)
        if (slot_fd[slot] == fd && slot_ms[slot] != 0)
            return slot_ms[slot];
    return slot_ms[ANY];
}

/* What else there is to do while an answer is on its way: set by openssl_start.c, where that is linked. */
extern void (*nativelambda_meanwhile)(void) __attribute__((weak));

/* Whether what is waited for has come, be it an error or the end. */
static int comes(int fd, short event, int ms)
{
    void (*work)(void) = event == POLLIN && &nativelambda_meanwhile != NULL
        ? __atomic_exchange_n(&nativelambda_meanwhile, NULL, __ATOMIC_ACQ_REL) : NULL;
    if (work != NULL)
        work();

    struct pollfd wanted = { .fd = fd, .events = event };
    int ready;
    do
        ready = poll(&wanted, 1, ms);
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}

int32_t __wrap_SystemNative_Receive(intptr_t socket, void *buffer, int32_t length, int32_t flags, int32_t *received)
{
    int fd = (int)socket;
    int ms = patience(fd);
    if (ms == 0)
        return __real_SystemNative_Receive(socket, buffer, length, flags, received);

    /* A peek asks whether there is anything, and behind a request for an invocation there is not: the wait comes first there. */
    int waited = ms < 0 || (flags & PAL_MSG_PEEK) != 0;
    if (waited && !comes(fd, POLLIN, ms))
    {
        *received = 0;
        return PAL_EAGAIN;
    }

    int32_t error = __real_SystemNative_Receive(socket, buffer, length, flags, received);
    if (error != PAL_EAGAIN || waited || !comes(fd, POLLIN, ms))
        return error;
    return __real_SystemNative_Receive(socket, buffer, length, flags, received);
}

int32_t __wrap_SystemNative_Connect(intptr_t socket, uint8_t *address, int32_t length)
{
    int32_t error = __real_SystemNative_Connect(socket, address, length);
    int fd = (int)socket;
    int ms = slot_ms[ANY];
    if (error != PAL_EINPROGRESS || ms == 0 || !comes(fd, POLLOUT, ms))
        return error;

    /* A failure is left where it is: SO_ERROR is read once, and .NET does that. */
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    return getpeername(fd, (struct sockaddr *)&peer, &size) == 0 ? PAL_SUCCESS : error;
}
