/* Functions of OpenSSL, for the files beside this one, which the linker puts between .NET and the runtime's native layer (--wrap, see
 * NativeLambda.targets): __wrap_X is called for X, and __real_X is the runtime's own.
 *
 * No header of OpenSSL is needed: what is called was public in OpenSSL 1.1 and is in 3. Each file declares it weak and finds it where it
 * is. Where it is not found, as when libssl has another version, everything goes the runtime's own way.
 */
#ifndef NATIVELAMBDA_OPENSSL_H
#define NATIVELAMBDA_OPENSSL_H

#include <dlfcn.h>
#include <stddef.h>

#define LIBSSL "libssl.so.3"
#define LIBCRYPTO "libcrypto.so.3"

/* A function that was linked statically, or is in the library that the runtime has loaded; otherwise NULL. */
#define FIND(library, name) ((void *)(name) != NULL ? (name) : (__typeof__(&(name)))nativelambda_find(library, #name))

static inline void *nativelambda_find(const char *library, const char *name)
{
    void *handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
    if (handle == NULL)
        return NULL;
    void *function = dlsym(handle, name);
    dlclose(handle); /* the runtime holds it for ever */
    return function;
}

#endif
