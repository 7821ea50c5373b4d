#include "transport.h"

#include "runtime_api.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int connection;

static int connect_socket(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        runtime_init_error("PGHOST is not known");
    int made = -1;
    for (struct addrinfo *at = found; at != NULL; at = at->ai_next) {
        made = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (made >= 0 && connect(made, at->ai_addr, at->ai_addrlen) == 0) {
            setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
            break;
        }
        made = -1;
    }
    freeaddrinfo(found);
    if (made < 0)
        runtime_init_error("no connection to PGHOST");
    return made;
}

#ifdef WITH_TLS

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static SSL *tls;

static void start_tls(const char *host)
{
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_SSL_STRINGS | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ATEXIT, NULL);
    const char *root = getenv("PGSSLROOTCERT");
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL || root == NULL || !SSL_CTX_load_verify_file(context, root))
        runtime_init_error("PGSSLROOTCERT cannot be read");
    // Before version 18 a PostgreSQL server takes P-256 and nothing else: any other guess costs a flight.
    SSL_CTX_set1_groups_list(context, "P-256:X25519:P-384");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    tls = SSL_new(context);
    unsigned char address[16];
    if (inet_pton(AF_INET, host, address) || inet_pton(AF_INET6, host, address))
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host);
    else {
        SSL_set1_host(tls, host);
        SSL_set_tlsext_host_name(tls, host);
    }
    char answer = 0;
    if (send(connection, "\0\0\0\x08\x04\xd2\x16\x2f", 8, MSG_NOSIGNAL) != 8 || recv(connection, &answer, 1, 0) != 1 || answer != 'S')
        runtime_init_error("the server has no TLS");
    SSL_set_fd(tls, connection);
    if (SSL_connect(tls) != 1)
        runtime_init_error(SSL_get_verify_result(tls) == X509_V_OK ? "the TLS handshake failed" : X509_verify_cert_error_string(SSL_get_verify_result(tls)));
}

int transport_send(const void *data, size_t length)
{
    return tls != NULL ? SSL_write(tls, data, (int)length) == (int)length : send(connection, data, length, MSG_NOSIGNAL) == (ssize_t)length;
}

long transport_receive(void *data, size_t capacity)
{
    return tls != NULL ? SSL_read(tls, data, (int)capacity) : recv(connection, data, capacity, 0);
}

#else

int transport_send(const void *data, size_t length)
{
    return send(connection, data, length, MSG_NOSIGNAL) == (ssize_t)length;
}

long transport_receive(void *data, size_t capacity)
{
    return recv(connection, data, capacity, 0);
}

#endif

void transport_connect(void)
{
    const char *host = getenv("PGHOST"), *port = getenv("PGPORT");
    if (host == NULL || port == NULL)
        runtime_init_error("PGHOST or PGPORT is missing");
    connection = connect_socket(host, port);
#ifdef WITH_TLS
    const char *mode = getenv("PGSSLMODE");
    if (mode == NULL || strcmp(mode, "disable") != 0)
        start_tls(host);
#endif
}
