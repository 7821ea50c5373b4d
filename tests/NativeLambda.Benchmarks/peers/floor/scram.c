// The password is taken as it is: SASLprep changes none that is ASCII.
// OpenSSL's SHA-256 by its old functions: the new ones first set up its providers.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "scram.h"

#include "base64.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { SIZE = SHA256_DIGEST_LENGTH, BLOCK = SHA256_CBLOCK, NONCE = 18 };

static struct text first_bare, authentication;
static unsigned char server_key[SIZE];

static void digest(const void *data, size_t length, unsigned char *digest)
{
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, data, length);
    SHA256_Final(digest, &state);
}

// A key of HMAC, as the two states that its blocks leave.
struct key {
    SHA256_CTX inner;
    SHA256_CTX outer;
};

static void set_key(struct key *key, const void *secret, size_t length)
{
    unsigned char block[BLOCK] = {0};
    if (length > BLOCK)
        digest(secret, length, block);
    else
        memcpy(block, secret, length);
    for (int i = 0; i < BLOCK; i++)
        block[i] ^= 0x36;
    SHA256_Init(&key->inner);
    SHA256_Update(&key->inner, block, BLOCK);
    for (int i = 0; i < BLOCK; i++)
        block[i] ^= 0x36 ^ 0x5c;
    SHA256_Init(&key->outer);
    SHA256_Update(&key->outer, block, BLOCK);
}

static void sign(const struct key *key, const void *data, size_t length, unsigned char *signature)
{
    SHA256_CTX state = key->inner;
    SHA256_Update(&state, data, length);
    SHA256_Final(signature, &state);
    state = key->outer;
    SHA256_Update(&state, signature, SIZE);
    SHA256_Final(signature, &state);
}

static void put_word(unsigned char *to, uint32_t word)
{
    word = __builtin_bswap32(word);
    memcpy(to, &word, sizeof word);
}

static void put_state(unsigned char *to, const SHA256_CTX *state)
{
    for (int i = 0; i < 8; i++)
        put_word(to + 4 * i, state->h[i]);
}

// PBKDF2. Each round is two blocks and nothing else: what goes in has the length of a digest, so its padding stays.
static void salt_password(const char *password, const unsigned char *salt, size_t salt_length, int iterations, unsigned char *salted)
{
    struct key key;
    unsigned char block[BLOCK] = {0}, start[256 + 4];
    set_key(&key, password, strlen(password));
    memcpy(start, salt, salt_length);
    memcpy(start + salt_length, "\0\0\0\1", 4);
    sign(&key, start, salt_length + 4, block);
    memcpy(salted, block, SIZE);
    block[SIZE] = 0x80;
    block[BLOCK - 2] = (BLOCK + SIZE) * 8 >> 8;
    block[BLOCK - 1] = (BLOCK + SIZE) * 8 & 255;
    uint64_t sum[SIZE / 8], round[SIZE / 8];
    memcpy(sum, salted, SIZE);
    for (int i = 1; i < iterations; i++) {
        SHA256_CTX state = key.inner;
        SHA256_Transform(&state, block);
        put_state(block, &state);
        state = key.outer;
        SHA256_Transform(&state, block);
        put_state(block, &state);
        memcpy(round, block, SIZE);
        for (int j = 0; j < SIZE / 8; j++)
            sum[j] ^= round[j];
    }
    memcpy(salted, sum, SIZE);
}

void scram_first(struct text *message)
{
    unsigned char nonce[NONCE];
    if (getrandom(nonce, NONCE, 0) != NONCE)
        abort();
    first_bare.length = 0;
    text_literal(&first_bare, "n=,r=");
    base64_append(&first_bare, nonce, NONCE);
    text_literal(message, "n,,");
    text_append(message, first_bare.data, first_bare.length);
}

// The value of an attribute, up to the comma, or null.
static const char *attribute(const char *message, size_t length, char name, size_t *value_length)
{
    const char *end = message + length;
    for (const char *at = message; at + 2 <= end;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        if (comma == NULL)
            comma = end;
        if (at[0] == name && at[1] == '=') {
            *value_length = (size_t)(comma - at) - 2;
            return at + 2;
        }
        at = comma + 1;
    }
    return NULL;
}

int scram_final(const char *server_first, size_t length, const char *password, struct text *message)
{
    size_t nonce_length, salt_length, digits;
    const char *nonce = attribute(server_first, length, 'r', &nonce_length);
    const char *salt = attribute(server_first, length, 's', &salt_length);
    const char *count = attribute(server_first, length, 'i', &digits);
    size_t own = first_bare.length - 5;
    unsigned char salt_bytes[256];
    if (nonce == NULL || salt == NULL || count == NULL || nonce_length <= own || memcmp(nonce, first_bare.data + 5, own) != 0)
        return 0;
    int salted_length = base64_decode(salt, salt_length, salt_bytes, sizeof salt_bytes), iterations = atoi(count);
    if (salted_length < 0 || iterations < 1)
        return 0;

    struct key key;
    unsigned char salted[SIZE], client_key[SIZE], stored_key[SIZE], proof[SIZE];
    salt_password(password, salt_bytes, (size_t)salted_length, iterations, salted);
    set_key(&key, salted, SIZE);
    sign(&key, "Client Key", 10, client_key);
    sign(&key, "Server Key", 10, server_key);
    digest(client_key, SIZE, stored_key);

    text_literal(message, "c=biws,r=");
    text_append(message, nonce, nonce_length);
    authentication.length = 0;
    text_append(&authentication, first_bare.data, first_bare.length);
    text_literal(&authentication, ",");
    text_append(&authentication, server_first, length);
    text_literal(&authentication, ",");
    text_append(&authentication, message->data, message->length);
    set_key(&key, stored_key, SIZE);
    sign(&key, authentication.data, authentication.length, proof);
    for (int i = 0; i < SIZE; i++)
        proof[i] ^= client_key[i];
    text_literal(message, ",p=");
    base64_append(message, proof, SIZE);
    return 1;
}

int scram_verify(const char *server_final, size_t length)
{
    struct key key;
    size_t value_length;
    unsigned char expected[SIZE], received[SIZE + 4];
    const char *value = attribute(server_final, length, 'v', &value_length);
    set_key(&key, server_key, SIZE);
    sign(&key, authentication.data, authentication.length, expected);
    return value != NULL && base64_decode(value, value_length, received, sizeof received) == SIZE && CRYPTO_memcmp(expected, received, SIZE) == 0;
}
