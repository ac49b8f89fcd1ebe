#include <sqlite3.h>

// SQLITE_TRANSIENT is a function-pointer cast, which Swift does not import.
static inline sqlite3_destructor_type souk_sqlite_transient(void) { return SQLITE_TRANSIENT; }
