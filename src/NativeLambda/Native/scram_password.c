/* Password: SCRAM hashes it 4,096 times. OpenSSL 3 sets an HMAC object up anew for each; here its SHA-256 is called for the two
 * blocks of an HMAC alone, whose first blocks are the same each time. The last result is kept: a connection that is opened again asks
 * for the same, of a password that stays in memory, too. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include "openssl.h"

int32_t __real_CryptoNative_Pbkdf2(const char *password, int32_t password_length, const unsigned char *salt, int32_t salt_length,
                                   int32_t iterations, const void *digest, unsigned char *destination, int32_t destination_length);
const void *CryptoNative_EvpSha256(void);

typedef struct { uint32_t h[8], length_low, length_high, data[16]; unsigned count, digest_length; } SHA256_CTX;
__attribute__((weak)) int SHA256_Init(SHA256_CTX *);
__attribute__((weak)) void SHA256_Transform(SHA256_CTX *, const unsigned char *);
__attribute__((weak)) int EVP_default_properties_is_fips_enabled(void *);

enum { BLOCK = 64, DIGEST = 32, MAX_SALT = BLOCK - 4 - 9 };

typedef struct { int32_t password_length, salt_length, iterations; char password[BLOCK]; unsigned char salt[MAX_SALT], key[DIGEST]; } derived;
static pthread_mutex_t last_lock = PTHREAD_MUTEX_INITIALIZER;
static derived last;

/* Whether it is the key of this very password, salt and count, which then is copied to where it belongs. */
static int recall(const derived *asked, unsigned char *destination)
{
    pthread_mutex_lock(&last_lock);
    int same = memcmp(&last, asked, offsetof(derived, key)) == 0;
    if (same)
        memcpy(destination, last.key, DIGEST);
    pthread_mutex_unlock(&last_lock);
    return same;
}

static void keep(const derived *made)
{
    pthread_mutex_lock(&last_lock);
    last = *made;
    pthread_mutex_unlock(&last_lock);
}

static void write_state(const uint32_t *h, unsigned char *to)
{
    for (int i = 0; i < DIGEST; i++)
        to[i] = (unsigned char)(h[i / 4] >> (24 - i % 4 * 8));
}

/* A last block with so many bytes in it, behind one block before. */
static void finish_block(unsigned char *block, int length)
{
    memset(block + length, 0, BLOCK - (size_t)length);
    block[length] = 0x80;
    block[BLOCK - 2] = (unsigned char)((BLOCK + length) * 8 >> 8);
    block[BLOCK - 1] = (unsigned char)((BLOCK + length) * 8);
}

int32_t __wrap_CryptoNative_Pbkdf2(const char *password, int32_t password_length, const unsigned char *salt, int32_t salt_length,
                                   int32_t iterations, const void *digest, unsigned char *destination, int32_t destination_length)
{
    __typeof__(&SHA256_Init) init = FIND(LIBCRYPTO, SHA256_Init);
    __typeof__(&SHA256_Transform) transform = FIND(LIBCRYPTO, SHA256_Transform);
    __typeof__(&EVP_default_properties_is_fips_enabled) fips = FIND(LIBCRYPTO, EVP_default_properties_is_fips_enabled);

    /* What SCRAM-SHA-256 asks for, with a password that fits a block. In FIPS mode only what the provider does itself counts. */
    if (!init || !transform || !fips || fips(NULL) || digest != CryptoNative_EvpSha256() || destination == NULL
        || destination_length != DIGEST || iterations < 1 || password == NULL || password_length < 0 || password_length > BLOCK
        || salt == NULL || salt_length < 0 || salt_length > MAX_SALT)
        return __real_CryptoNative_Pbkdf2(password, password_length, salt, salt_length, iterations, digest, destination, destination_length);

    derived asked;
    memset(&asked, 0, sizeof asked);
    asked.password_length = password_length;
    asked.salt_length = salt_length;
    asked.iterations = iterations; /* never 0: before the first, nothing is the same */
    memcpy(asked.password, password, (size_t)password_length);
    memcpy(asked.salt, salt, (size_t)salt_length);
    if (recall(&asked, destination)) {
        explicit_bzero(&asked, sizeof asked);
        return 1;
    }

    unsigned char block[BLOCK];
    SHA256_CTX inner, outer, state;
    memset(block, 0x36, BLOCK);
    for (int i = 0; i < password_length; i++)
        block[i] ^= (unsigned char)password[i];
    init(&inner);
    transform(&inner, block);
    for (int i = 0; i < BLOCK; i++)
        block[i] ^= 0x36 ^ 0x5c;
    init(&outer);
    transform(&outer, block);

    static const unsigned char first[4] = { 0, 0, 0, 1 };
    memcpy(block, salt, (size_t)salt_length);
    memcpy(block + salt_length, first, sizeof first);
    finish_block(block, salt_length + (int)sizeof first);

    uint32_t result[8] = { 0 };
    for (int32_t i = 0; i < iterations; i++) {
        state = inner;
        transform(&state, block);
        write_state(state.h, block);
        if (i == 0)
            finish_block(block, DIGEST);
        state = outer;
        transform(&state, block);
        write_state(state.h, block);
        for (int k = 0; k < 8; k++)
            result[k] ^= state.h[k];
    }
    write_state(result, destination);
    memcpy(asked.key, destination, DIGEST);
    keep(&asked);

    explicit_bzero(&asked, sizeof asked);
    explicit_bzero(block, sizeof block);
    explicit_bzero(&inner, sizeof inner);
    explicit_bzero(&outer, sizeof outer);
    explicit_bzero(&state, sizeof state);
    explicit_bzero(result, sizeof result);
    return 1;
}
