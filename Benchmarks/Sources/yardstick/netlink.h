// Requests to the kernel, composed one after the other in a buffer and sent together. The last of each send alone is
// acknowledged: what is refused is told anyway.
#pragma once
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

// The mark of what weft makes where the topology settles nothing else, and that of routes to other hosts' containers.
enum { protocol = 119, bird = 12 };

// A namespace, and the socket that was opened in it.
typedef struct {
    int file, socket;
} Space;

// How many requests the kernel has refused; each has been told on standard error.
extern int failures;

int netlinkSocket(void);
// In the namespace that the calling thread is in.
Space currentSpace(void);
// A new namespace with a name in /run/netns; the calling thread is in it afterwards.
Space newSpace(const char *name);
// Those made so by this program lose their names, and go when it ends.
void removeSpaces(void);
void enter(Space space);
void writeSetting(const char *key, const char *value);

// Begins a request with `size` bytes before its attributes, and gives these. Sends what waits for another namespace.
void *begin(Space space, int type, int flags, size_t size);
void put(int type, const void *value, size_t size);
void put32(int type, uint32_t value);
void putText(int type, const char *text);
void *extend(size_t size);
struct rtattr *nest(int type);
void end(struct rtattr *attribute);
// Sends what waits, and returns when the kernel has done it.
void flush(void);

void setUp(Space space, int index);
// Has so many links send from now on, rather than when the kernel comes to look at them: asking for each does that.
void noticeCarriers(Space space, int first, int count);
void addAddress(Space space, int index, uint32_t value, int prefix);
// Of zero bits for everything; a gateway or device of zero is left out.
void addRoute(Space space, uint32_t to, int prefix, uint32_t gateway, int index, struct rtmsg kind);
void addNeighbour(Space space, int index, uint32_t value, const unsigned char *mac);
// `name` in `space`, with its other end called eth0, number 2, in `peer`.
void addVeth(Space space, const char *name, int index, int flags, Space peer, const unsigned char *mac);

// Every node asks every other at `address` by ICMP, UDP and TCP; reports what each question takes, with its answer.
void mesh(const char *phase, Space *node, const uint32_t *address, int count);
