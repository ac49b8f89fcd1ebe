#include <microhttpd.h>
#include <stddef.h>

/* Swift calls neither variadic functions nor casts function pointers to integers: these do it for it. */

struct souk_mhd_settings {
    int listen_socket;
    unsigned int connection_limit;
    unsigned int idle_seconds;
    size_t connection_memory;
    const char *tls_key;         /* PEM, or NULL */
    const char *tls_certificate; /* PEM, or NULL */
};

static inline size_t souk_mhd_keep_escapes(void *cls, struct MHD_Connection *connection, char *text) {
    size_t length = 0;
    (void)cls;
    (void)connection;
    while (text[length] != 0) length++;
    return length;
}

static inline struct MHD_Daemon *souk_mhd_start(const struct souk_mhd_settings *settings, void *cls,
                                                void *(*begin)(void *, const char *, struct MHD_Connection *),
                                                MHD_AccessHandlerCallback handle, MHD_RequestCompletedCallback end) {
    unsigned int flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC;
    struct MHD_OptionItem tls[3] = {{MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL}};
    if (settings->tls_key != NULL) {
        flags |= MHD_USE_TLS;
        tls[0].option = MHD_OPTION_HTTPS_MEM_KEY;
        tls[0].ptr_value = (void *)settings->tls_key;
        tls[1].option = MHD_OPTION_HTTPS_MEM_CERT;
        tls[1].ptr_value = (void *)settings->tls_certificate;
    }
    return MHD_start_daemon(flags, 0, NULL, NULL, handle, cls, MHD_OPTION_LISTEN_SOCKET, settings->listen_socket,
                            MHD_OPTION_CONNECTION_LIMIT, settings->connection_limit, MHD_OPTION_CONNECTION_TIMEOUT,
                            settings->idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings->connection_memory,
                            MHD_OPTION_THREAD_STACK_SIZE, (size_t)(2u << 20), MHD_OPTION_URI_LOG_CALLBACK, begin, cls,
                            MHD_OPTION_UNESCAPE_CALLBACK, &souk_mhd_keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED,
                            end, cls, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

static inline int souk_mhd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : (int)info->connect_fd;
}

static inline const struct sockaddr *souk_mhd_peer(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info == NULL ? NULL : info->client_addr;
}

/* The library's enumerations are closed ones, whose cases Swift renames: these keep their names. */
static const enum MHD_ValueKind souk_mhd_headers = MHD_HEADER_KIND;
static const enum MHD_Result souk_mhd_yes = MHD_YES;
static const enum MHD_Result souk_mhd_no = MHD_NO;
static const enum MHD_ResponseMemoryMode souk_mhd_copy = MHD_RESPMEM_MUST_COPY;
