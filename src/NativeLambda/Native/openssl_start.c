/* OpenSSL under .NET at a cold start: when it is loaded, and which CAs it is told to trust. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

void __real_CryptoNative_EnsureLibSslInitialized(void);
const char *__real_CryptoNative_GetX509RootStorePath(uint8_t *is_default);
const char *__real_CryptoNative_GetX509RootStoreFile(uint8_t *is_default);

/* ---- Start: loading libssl and making its tables takes 2.5 ms, in which the server makes a process for the session ---- */

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void initialize(void)
{
    __real_CryptoNative_EnsureLibSslInitialized();
}

void __wrap_CryptoNative_EnsureLibSslInitialized(void)
{
    pthread_once(&once, initialize);
}

/* Called by socket_patience.c as it begins to wait for an answer, once. */
void (*nativelambda_meanwhile)(void);

/* Has OpenSSL started in the next wait for an answer, or when it is needed, whichever comes first. */
void nativelambda_openssl_start(void)
{
    __atomic_store_n(&nativelambda_meanwhile, __wrap_CryptoNative_EnsureLibSslInitialized, __ATOMIC_RELEASE);
}

/* ---- Trust: .NET reads every certificate of the system before it verifies against the one that is pinned ---- */

static volatile int trusts_nobody;

/* No CA of the system is read, unless the environment names where they are (SSL_CERT_DIR, SSL_CERT_FILE). */
void nativelambda_openssl_trust_nobody(void)
{
    trusts_nobody = 1;
}

static const char *store(const char *variable, const char *(*real)(uint8_t *), uint8_t *is_default)
{
    const char *named = getenv(variable);
    if (!trusts_nobody || (named != NULL && *named != '\0'))
        return real(is_default);
    *is_default = 0;
    return "/dev/null/none"; /* cannot exist: nothing below a file does */
}

const char *__wrap_CryptoNative_GetX509RootStorePath(uint8_t *is_default)
{
    return store("SSL_CERT_DIR", __real_CryptoNative_GetX509RootStorePath, is_default);
}

const char *__wrap_CryptoNative_GetX509RootStoreFile(uint8_t *is_default)
{
    return store("SSL_CERT_FILE", __real_CryptoNative_GetX509RootStoreFile, is_default);
}
