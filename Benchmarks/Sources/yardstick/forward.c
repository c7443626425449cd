// The yardstick of `weft forward`: packets between a TUN link and a UDP socket, by the same system calls, without a look at
// whether they may. And what floods it and counts what comes through.
#include "netlink.h"
#include "yardstick.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int openTun(const char *name) {
    int file = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    require(file >= 0 && !ioctl(file, TUNSETIFF, &request), "open TUN link");
    return file;
}

static struct sockaddr_in place(const char *address, int port) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port)};
    require(inet_aton(address, &place.sin_addr), address);
    return place;
}

// `forward TUN OWN PEER PORT`: until it is killed.
int forward(int count, char **words) {
    require(count == 5, "forward TUN OWN PEER PORT");
    static char packet[65536];
    struct sockaddr_in own = place(words[2], atoi(words[4])), peer = place(words[3], atoi(words[4]));
    int tun = openTun(words[1]), size = 4 << 20, wire = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    require(wire >= 0 && !bind(wire, (void *)&own, sizeof own), "bind");
    setsockopt(wire, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    setsockopt(wire, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    struct pollfd ends[2] = {{tun, POLLIN, 0}, {wire, POLLIN, 0}};
    ssize_t length;
    printf("forwarding\n");
    fflush(stdout);
    while (poll(ends, 2, -1) > 0) {
        for (int i = 0; i < 64 && (length = read(tun, packet, sizeof packet)) > 0; i++)
            sendto(wire, packet, length, 0, (void *)&peer, sizeof peer);
        for (int i = 0; i < 64 && (length = recv(wire, packet, sizeof packet, 0)) > 0; i++)
            if (write(tun, packet, length) < 0 && errno != EAGAIN) require(0, "write to TUN link");
    }
    return 1;
}

// `flood ADDRESS SECONDS BYTES`: datagrams of so many bytes, as many as the kernel takes.
int flood(int count, char **words) {
    require(count == 4, "flood ADDRESS SECONDS BYTES");
    static char payload[2048];
    struct sockaddr_in target = place(words[1], 7008);
    struct iovec part = {payload, atoi(words[3])};
    struct mmsghdr messages[32];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < 32; i++)
        messages[i].msg_hdr = (struct msghdr){.msg_name = &target, .msg_namelen = sizeof target, .msg_iov = &part,
                                              .msg_iovlen = 1};
    require(part.iov_len <= sizeof payload, "flood: too large");
    int file = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    for (double until = now().wall + atof(words[2]); now().wall < until;) sendmmsg(file, messages, 32, 0);
    return 0;
}

// `sink SECONDS`: reports what each datagram took that came in that time, from the first on.
int sink(int count, char **words) {
    require(count == 2, "sink SECONDS");
    static char payload[2048];
    int size = 4 << 20, file = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(7008)};
    require(file >= 0 && !bind(file, (void *)&own, sizeof own), "bind");
    setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    struct pollfd end = {file, POLLIN, 0};
    require(poll(&end, 1, 10000) == 1, "wait for the first datagram");
    Instant start = now();
    long got = 0;
    for (double until = start.wall + atof(words[1]); now().wall < until;) {
        if (poll(&end, 1, 100) < 1) continue;
        for (int i = 0; i < 256 && recv(file, payload, sizeof payload, MSG_DONTWAIT) >= 0; i++) got++;
    }
    require(got > 0, "receive");
    reportEach("packet", start, got);
    return 0;
}
