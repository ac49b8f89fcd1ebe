#pragma once
// A C face of Gloo for Swift: processes that add up numbers together over TCP.
//
// Every function that can fail returns NULL, or a text of what went wrong that the caller frees with `free`.
// All members of a group must call the same collective functions in the same order; one thread at a time uses a group.
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cg_group cg_group;

// Bytes of what `cg_address` gives, for a group of so many.
int64_t cg_address_size(int32_t count);

// Begins to listen on `host` for the other `count - 1` members; they have `timeout` milliseconds to connect.
char *cg_open(int32_t rank, int32_t count, const char *host, int64_t timeout, cg_group **result);
// Where the others reach this member, for `cg_connect` of each of them.
char *cg_address(const cg_group *group, void *bytes);
// Connects to all others; `addresses` holds what `cg_address` gave each member, by rank.
char *cg_connect(cg_group *group, const void *addresses);
void cg_close(cg_group *group);

// Replaces the numbers of every member by their sums, which are equal bit for bit at all members.
char *cg_sum(cg_group *group, float *numbers, int64_t count, int64_t timeout);
// Replaces the bytes of every member by those of `root`.
char *cg_broadcast(cg_group *group, void *bytes, int64_t count, int32_t root, int64_t timeout);
// Whether the connection to another member is known to have ended; only to be asked after a failure, which ends the group's use.
bool cg_is_lost(cg_group *group, int32_t rank);

#ifdef __cplusplus
}
#endif
