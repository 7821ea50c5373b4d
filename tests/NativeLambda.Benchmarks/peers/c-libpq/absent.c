// Debian builds libpq with Kerberos and LDAP, whose libraries take longer to load than all the rest of a cold start. An own build of
// libpq would leave them out. Here their functions are absent instead: they are for gssencmode, krbsrvname and services in LDAP,
// none of which is used.
#include <stdlib.h>

#define ABSENT(name) void name(void); void name(void) { abort(); }

void *GSS_C_NT_HOSTBASED_SERVICE;

ABSENT(gss_acquire_cred)
ABSENT(gss_delete_sec_context)
ABSENT(gss_display_status)
ABSENT(gss_import_name)
ABSENT(gss_init_sec_context)
ABSENT(gss_release_buffer)
ABSENT(gss_release_cred)
ABSENT(gss_release_name)
ABSENT(gss_unwrap)
ABSENT(gss_wrap)
ABSENT(gss_wrap_size_limit)
ABSENT(ldap_count_entries)
ABSENT(ldap_err2string)
ABSENT(ldap_first_entry)
ABSENT(ldap_get_values_len)
ABSENT(ldap_init)
ABSENT(ldap_msgfree)
ABSENT(ldap_result)
ABSENT(ldap_search_st)
ABSENT(ldap_set_option)
ABSENT(ldap_simple_bind)
ABSENT(ldap_unbind)
ABSENT(ldap_value_free_len)
