// Datagrams from everybody to everybody, each of which its receiver must see come from where it was sent.
#include "netlink.h"
#include "yardstick.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { port = 7007, patience = 2000 };

static int openSocket(Space space) {
    enter(space);
    int size = 4 << 20, file = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port)};
    require(file >= 0 && !bind(file, (void *)&place, sizeof place), "open datagram socket");
    if (setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
        setsockopt(file, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    return file;
}

// How many datagrams wait at `file` that say rightly who sent them.
static int drain(int file, const uint32_t *address, unsigned char *seen, int count) {
    int fresh = 0, from;
    for (;;) {
        struct sockaddr_in source;
        socklen_t size = sizeof source;
        if (recvfrom(file, &from, sizeof from, 0, (void *)&source, &size) != sizeof from) return fresh;
        if (from < 0 || from >= count || ntohl(source.sin_addr.s_addr) != address[from] || seen[from]) continue;
        seen[from] = 1;
        fresh++;
    }
}

void mesh(const char *phase, Space *node, const uint32_t *address, int count) {
    int *file = calloc(count, sizeof *file);
    unsigned char *seen = calloc((size_t)count * count, 1);
    require(file && seen, "sockets");
    Instant start = now();
    for (int i = 0; i < count; i++) file[i] = openSocket(node[i]);
    long wanted = (long)count * (count - 1), got = 0;
    for (int from = 0; from < count; from++) {
        for (int to = 0; to < count; to++) {
            struct sockaddr_in place = {AF_INET, htons(port), {htonl(address[to])}, {0}};
            if (to != from) sendto(file[from], &from, sizeof from, 0, (void *)&place, sizeof place);
        }
        // A receiver has room for as many.
        if (from % 32 != 31 && from + 1 < count) continue;
        for (int to = 0; to < count; to++) got += drain(file[to], address, seen + (size_t)to * count, count);
    }
    for (int rest = patience; got < wanted && rest > 0; rest--) {
        usleep(1000);
        for (int to = 0; to < count; to++) got += drain(file[to], address, seen + (size_t)to * count, count);
    }
    reportEach(phase, start, wanted);
    if (got < wanted) fprintf(stderr, "%ld of %ld datagrams arrived\n", got, wanted);
    failures += got < wanted;
    for (int i = 0; i < count; i++) close(file[i]);
    free(file);
    free(seen);
}
