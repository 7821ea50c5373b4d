/* Key exchange: a client guesses the curve. OpenSSL guesses X25519, PostgreSQL before 18 takes P-256 alone, by default, and
 * asks again: a flight. The groups that are offered stay those that they were; one that is not known here, such as a post-quantum
 * one, leaves them in their order. */
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include "openssl.h"

void *__real_CryptoNative_SslCtxCreate(const void *method);

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;
typedef struct bio_st BIO;
typedef struct bio_method_st BIO_METHOD;
__attribute__((weak)) SSL *SSL_new(SSL_CTX *);
__attribute__((weak)) void SSL_free(SSL *);
__attribute__((weak)) void SSL_set_bio(SSL *, BIO *, BIO *);
__attribute__((weak)) int SSL_connect(SSL *);
__attribute__((weak)) long SSL_CTX_ctrl(SSL_CTX *, int, long, void *);
__attribute__((weak)) BIO *BIO_new(const BIO_METHOD *);
__attribute__((weak)) const BIO_METHOD *BIO_s_mem(void);
__attribute__((weak)) int BIO_read(BIO *, void *, int);
__attribute__((weak)) void ERR_clear_error(void);

enum { SET_GROUPS_LIST = 92, SUPPORTED_GROUPS = 10, P_256 = 23 };

static const struct { uint16_t id; const char *name; } groups[] = {
    { P_256, "P-256" }, { 24, "P-384" }, { 25, "P-521" }, { 29, "X25519" }, { 30, "X448" },
    { 256, "ffdhe2048" }, { 257, "ffdhe3072" }, { 258, "ffdhe4096" }, { 259, "ffdhe6144" }, { 260, "ffdhe8192" },
};

static int u16(const unsigned char *p)
{
    return p[0] << 8 | p[1];
}

/* The groups that a ClientHello offers, as a list of names with P-256 first; an empty one where they are to be left as they are. */
static void reorder(const unsigned char *hello, int length, char *list, size_t size)
{
    *list = '\0';
    int at = 5 + 4 + 2 + 32; /* record, message, version, random */
    if (at + 1 > length || hello[0] != 22 || hello[5] != 1)
        return;
    at += 1 + hello[at];
    if (at + 2 > length)
        return;
    at += 2 + u16(hello + at);
    if (at + 1 > length)
        return;
    at += 1 + hello[at] + 2;
    while (at + 4 <= length && u16(hello + at) != SUPPORTED_GROUPS)
        at += 4 + u16(hello + at + 2);
    if (at + 6 > length || at + 4 + u16(hello + at + 2) > length || u16(hello + at + 2) != 2 + u16(hello + at + 4))
        return;

    int count = u16(hello + at + 4) / 2, has_p256 = 0;
    char names[256] = "";
    for (int i = 0; i < count; i++) {
        int id = u16(hello + at + 6 + 2 * i);
        size_t known = 0;
        while (known < sizeof groups / sizeof *groups && groups[known].id != id)
            known++;
        if (known == sizeof groups / sizeof *groups)
            return;
        if (id == P_256) {
            has_p256 = 1;
            continue;
        }
        strcat(strcat(names, ":"), groups[known].name); /* each at most once: all of them fit */
        if (strlen(names) > sizeof names - 16)
            return;
    }
    if (has_p256 && sizeof "P-256" + strlen(names) <= size)
        strcat(strcpy(list, "P-256"), names);
}

static pthread_once_t groups_once = PTHREAD_ONCE_INIT;
static char group_list[256];
static SSL_CTX *group_context;

static void find_groups(void)
{
    __typeof__(&SSL_new) new_ssl = FIND(LIBSSL, SSL_new);
    __typeof__(&SSL_free) free_ssl = FIND(LIBSSL, SSL_free);
    __typeof__(&SSL_set_bio) set_bio = FIND(LIBSSL, SSL_set_bio);
    __typeof__(&SSL_connect) connect = FIND(LIBSSL, SSL_connect);
    __typeof__(&BIO_new) new_bio = FIND(LIBCRYPTO, BIO_new);
    __typeof__(&BIO_s_mem) memory = FIND(LIBCRYPTO, BIO_s_mem);
    __typeof__(&BIO_read) read_bio = FIND(LIBCRYPTO, BIO_read);
    __typeof__(&ERR_clear_error) clear_error = FIND(LIBCRYPTO, ERR_clear_error);
    if (!new_ssl || !free_ssl || !set_bio || !connect || !new_bio || !memory || !read_bio || !clear_error)
        return;

    SSL *ssl = new_ssl(group_context);
    BIO *in = new_bio(memory()), *out = new_bio(memory());
    if (ssl != NULL && in != NULL && out != NULL) {
        unsigned char hello[2048];
        set_bio(ssl, in, out); /* owns them now */
        (void)connect(ssl); /* makes the ClientHello and finds no answer */
        int length = read_bio(out, hello, sizeof hello);
        if (length > 0)
            reorder(hello, length, group_list, sizeof group_list);
    }
    free_ssl(ssl);
    clear_error();
}

void *__wrap_CryptoNative_SslCtxCreate(const void *method)
{
    SSL_CTX *context = __real_CryptoNative_SslCtxCreate(method);
    __typeof__(&SSL_CTX_ctrl) control = FIND(LIBSSL, SSL_CTX_ctrl);
    if (context == NULL || control == NULL)
        return context;
    group_context = context;
    pthread_once(&groups_once, find_groups);
    if (*group_list != '\0')
        (void)control(context, SET_GROUPS_LIST, 0, group_list); /* or they stay as they are */
    return context;
}
