// The products function in C with libpq: the connection opens in Init and stays.
#include "products.h"
#include "runtime_api.h"

#include <libpq-fe.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static PGconn *connection;

// Each is prepared by the flight of its first execution.
static struct statement {
    const char *name;
    const char *sql;
    int parameters;
    int prepared;
} find_product = {"find", FIND_PRODUCT, 1, 0}, list_products = {"list", LIST_PRODUCTS, 2, 0};

// Linked in the place of SSL_CTX_new, because libpq offers no such setting: before version 18 a PostgreSQL server takes P-256 and
// nothing else, and any other guess costs a flight. OpenSSL's configuration file would do, for the time of reading it.
SSL_CTX *__real_SSL_CTX_new(const SSL_METHOD *method);
SSL_CTX *__wrap_SSL_CTX_new(const SSL_METHOD *method);
SSL_CTX *__wrap_SSL_CTX_new(const SSL_METHOD *method)
{
    SSL_CTX *context = __real_SSL_CTX_new(method);
    if (context != NULL)
        SSL_CTX_set1_groups_list(context, "P-256:X25519:P-384");
    return context;
}

static void connect_database(void)
{
    // Everything else comes from the PG* variables. Under verify-full, channel binding would prove once more what the certificate has.
    static const char *const names[] = {"gssencmode", "channel_binding", NULL};
    static const char *const values[] = {"disable", "disable", NULL};
    connection = PQconnectdbParams(names, values, 0);
    find_product.prepared = list_products.prepared = 0;
}

// Reads the results of one flight up to its end.
static const char *read_results(struct statement *statement, void (*row)(void *, const struct column *), void *state)
{
    static char error[1024];
    PGresult *result;
    int failed = 0;
    for (int ends = 0;;) {
        if ((result = PQgetResult(connection)) == NULL) {
            if (ends++ > 0 || PQstatus(connection) == CONNECTION_BAD)
                break;
            continue;
        }
        ends = 0;
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            break;
        }
        if (status == PGRES_COMMAND_OK)
            statement->prepared = 1;
        else if (status != PGRES_TUPLES_OK && !failed) {
            snprintf(error, sizeof error, "%s", PQresultErrorMessage(result));
            failed = 1;
        }
        for (int i = 0; i < PQntuples(result); i++) {
            struct column columns[4];
            for (int j = 0; j < PQnfields(result); j++)
                columns[j] = (struct column){PQgetvalue(result, i, j), (size_t)PQgetlength(result, i, j)};
            row(state, columns);
        }
        PQclear(result);
    }
    if (PQstatus(connection) == CONNECTION_BAD && !failed) {
        snprintf(error, sizeof error, "%s", PQerrorMessage(connection));
        failed = 1;
    }
    return failed ? error : NULL;
}

static const char *execute(struct statement *statement, const char *const *values, void (*row)(void *, const struct column *), void *state)
{
    if (PQstatus(connection) == CONNECTION_BAD) {
        PQfinish(connection);
        connect_database();
        if (PQstatus(connection) == CONNECTION_BAD || !PQenterPipelineMode(connection))
            return PQerrorMessage(connection);
    }
    if ((!statement->prepared && !PQsendPrepare(connection, statement->name, statement->sql, 0, NULL))
        || !PQsendQueryPrepared(connection, statement->name, statement->parameters, values, NULL, NULL, 0)
        || !PQpipelineSync(connection))
        return PQerrorMessage(connection);
    return read_results(statement, row, state);
}

static const char *find(const char *id, void (*row)(void *, const struct column *), void *state)
{
    return execute(&find_product, (const char *const[]){id}, row, state);
}

static const char *list(const char *after, const char *limit, void (*row)(void *, const struct column *), void *state)
{
    return execute(&list_products, (const char *const[]){after, limit}, row, state);
}

int main(void)
{
    // Without it libpq asks for the home directory, where no file is wanted.
    setenv("HOME", "/", 0);
    // No configuration file, no texts of errors that do not come, no tidying at an exit that is a kill.
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_SSL_STRINGS | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ATEXIT, NULL);
    PQinitOpenSSL(0, 0);
    runtime_connect();
    connect_database();
    if (PQstatus(connection) != CONNECTION_OK || !PQenterPipelineMode(connection))
        runtime_init_error(PQerrorMessage(connection));
    products_serve(&(struct database){find, list});
}
