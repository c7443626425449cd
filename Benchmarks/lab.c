// The yardstick of `weft lab up`: builds the network of topologies/calico-hundred-hosts.json, with one container a host, by the
// same messages, and neither looks at what is there nor remembers what it did. Prints how long it took, in seconds.
//
//     cc -O2 -o lab Benchmarks/lab.c && unshare --net --mount --propagation private ./lab 100
//
// Its namespaces are mounted below /run/weft-yardstick in a mount namespace that ends with it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FOLDER "/run/weft-yardstick"
enum { batch = 200, metric = 1024, protocol = 119, bird = 12, modeNone = 1 };

typedef struct {
    int file, socket;
} Space;

static char buffer[1 << 17], answer[1 << 16];
static size_t length;
static int waiting, destination = -1, failures;
static uint32_t sequence;
static struct nlmsghdr *last;

static void require(int holds, const char *act) {
    if (holds) return;
    perror(act);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

// Sends what waits and takes what is refused; the last message alone is acknowledged.
static void flush(void) {
    if (!waiting) return;
    last->nlmsg_flags |= NLM_F_ACK;
    uint32_t final = last->nlmsg_seq;
    require(send(destination, buffer, length, 0) == (ssize_t)length, "send");
    for (int done = 0; !done;) {
        ssize_t size = recv(destination, answer, sizeof answer, 0);
        require(size > 0, "receive");
        for (struct nlmsghdr *reply = (void *)answer; NLMSG_OK(reply, size); reply = NLMSG_NEXT(reply, size)) {
            struct nlmsgerr *error = NLMSG_DATA(reply);
            if (reply->nlmsg_type == NLMSG_ERROR && error->error) {
                fprintf(stderr, "message %u: %s\n", reply->nlmsg_seq, strerror(-error->error));
                failures++;
            }
            done |= reply->nlmsg_seq == final;
        }
    }
    length = waiting = 0;
}

static void *extend(size_t size) {
    void *place = buffer + length;
    memset(place, 0, NLMSG_ALIGN(size));
    length += NLMSG_ALIGN(size);
    last->nlmsg_len = buffer + length - (char *)last;
    return place;
}

static void *begin(Space space, int type, int flags, size_t size) {
    if (destination != space.socket || waiting == batch) flush();
    destination = space.socket;
    last = (void *)(buffer + length);
    *last = (struct nlmsghdr){.nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = ++sequence};
    length += sizeof *last;
    waiting++;
    return extend(size);
}

static void put(int type, const void *value, size_t size) {
    struct rtattr *attribute = extend(RTA_LENGTH(size));
    *attribute = (struct rtattr){.rta_len = RTA_LENGTH(size), .rta_type = type};
    memcpy(RTA_DATA(attribute), value, size);
}

static void put32(int type, uint32_t value) { put(type, &value, sizeof value); }
static void putText(int type, const char *text) { put(type, text, strlen(text) + 1); }

static struct rtattr *nest(int type) {
    struct rtattr *attribute = extend(sizeof *attribute);
    attribute->rta_type = type;
    return attribute;
}

static void end(struct rtattr *attribute) { attribute->rta_len = buffer + length - (char *)attribute; }

static Space make(const char *name) {
    char path[64];
    snprintf(path, sizeof path, FOLDER "/%s", name);
    int place = open(path, O_CREAT | O_EXCL | O_RDONLY, 0);
    require(place >= 0 && !close(place), path);
    require(!unshare(CLONE_NEWNET), "unshare");
    require(!mount("/proc/thread-self/ns/net", path, NULL, MS_BIND, NULL), "mount");
    Space space = {open(path, O_RDONLY | O_CLOEXEC), socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)};
    require(space.file >= 0 && space.socket >= 0, "open namespace");
    int yes = 1;
    setsockopt(space.socket, SOL_NETLINK, NETLINK_CAP_ACK, &yes, sizeof yes);
    return space;
}

// The thread has to be in the namespace.
static void setting(const char *key, const char *value) {
    char path[128];
    snprintf(path, sizeof path, "/proc/sys/net/ipv4/%s", key);
    int file = open(path, O_WRONLY);
    require(file >= 0 && write(file, value, 1) == 1 && !close(file), path);
}

static void address(unsigned char *mac, int kind, int index) {
    memcpy(mac, (unsigned char[]){2, kind, 0, 0, index >> 8, index}, 6);
}

static void veth(Space space, const char *name, int index, Space peer, const unsigned char *mac) {
    *(struct ifinfomsg *)begin(space, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg)) =
        (struct ifinfomsg){.ifi_index = index};
    putText(IFLA_IFNAME, name);
    put32(IFLA_MTU, 1500);
    if (mac) put(IFLA_ADDRESS, mac, 6);
    struct rtattr *info = nest(IFLA_LINKINFO);
    putText(IFLA_INFO_KIND, "veth");
    struct rtattr *data = nest(IFLA_INFO_DATA), *other = nest(VETH_INFO_PEER);
    ((struct ifinfomsg *)extend(sizeof(struct ifinfomsg)))->ifi_index = 2;
    putText(IFLA_IFNAME, "eth0");
    put32(IFLA_NET_NS_FD, peer.file);
    end(other);
    end(data);
    end(info);
}

static void noAddresses(void) {
    struct rtattr *families = nest(IFLA_AF_SPEC), *six = nest(AF_INET6);
    unsigned char mode = modeNone;
    put(IFLA_INET6_ADDR_GEN_MODE, &mode, 1);
    end(six);
    end(families);
}

// What a link gets once it is there, and then up.
static void finish(Space space, int index, const unsigned char *mac, const char *alias, int bridge) {
    *(struct ifinfomsg *)begin(space, RTM_NEWLINK, 0, sizeof(struct ifinfomsg)) = (struct ifinfomsg){.ifi_index = index};
    if (mac) put(IFLA_ADDRESS, mac, 6);
    if (alias) put(IFLA_IFALIAS, alias, strlen(alias));
    if (bridge) put32(IFLA_MASTER, bridge);
    noAddresses();
}

static void up(Space space, int index) {
    *(struct ifinfomsg *)begin(space, RTM_NEWLINK, 0, sizeof(struct ifinfomsg)) =
        (struct ifinfomsg){.ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
}

static void addAddress(Space space, int index, uint32_t value, int prefix) {
    *(struct ifaddrmsg *)begin(space, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifaddrmsg)) =
        (struct ifaddrmsg){.ifa_family = AF_INET, .ifa_prefixlen = prefix, .ifa_index = index};
    put32(IFA_LOCAL, htonl(value));
    put32(IFA_ADDRESS, htonl(value));
}

static void addRoute(Space space, uint32_t to, int prefix, uint32_t gateway, int index, struct rtmsg kind) {
    kind.rtm_family = AF_INET;
    kind.rtm_dst_len = prefix;
    kind.rtm_table = RT_TABLE_MAIN;
    *(struct rtmsg *)begin(space, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct rtmsg)) = kind;
    if (prefix) put32(RTA_DST, htonl(to));
    if (gateway) put32(RTA_GATEWAY, htonl(gateway));
    if (index) put32(RTA_OIF, index);
    if (kind.rtm_type == RTN_BLACKHOLE) put32(RTA_PRIORITY, metric);
}

static void addNeighbour(Space space, int index, uint32_t value, const unsigned char *mac) {
    *(struct ndmsg *)begin(space, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, sizeof(struct ndmsg)) =
        (struct ndmsg){.ndm_family = AF_INET, .ndm_ifindex = index, .ndm_state = NUD_PERMANENT};
    put32(NDA_DST, htonl(value));
    put(NDA_LLADDR, mac, 6);
}

static const uint32_t anycast = 0xa9fe0101;
static uint32_t hostAddress(int host) { return 0x0a000001 + host; }
static uint32_t block(int host) { return 0x0a400000 + 64 * host; }
static uint32_t containerAddress(int host) { return block(host) + 2; }

static void wire(Space lan, Space *hosts, int count) {
    unsigned char mac[6];
    char name[24];
    *(struct ifinfomsg *)begin(lan, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg)) =
        (struct ifinfomsg){.ifi_index = 2};
    putText(IFLA_IFNAME, "br0");
    put32(IFLA_MTU, 1500);
    struct rtattr *info = nest(IFLA_LINKINFO);
    putText(IFLA_INFO_KIND, "bridge");
    end(info);
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "h%03d.eth0", i + 1);
        veth(lan, name, 10 + i, hosts[i], NULL);
    }
    finish(lan, 2, NULL, NULL, 0);
    up(lan, 2);
    for (int i = 0; i < count; i++) {
        finish(lan, 10 + i, NULL, "h/eth0", 2);
        up(lan, 10 + i);
    }
    for (int i = 0; i < count; i++) {
        address(mac, 1, i);
        up(hosts[i], 1);
        finish(hosts[i], 2, mac, NULL, 0);
        up(hosts[i], 2);
        flush();
        require(!setns(hosts[i].file, CLONE_NEWNET), "setns");
        setting("ip_forward", "0");
        setting("conf/all/rp_filter", "0");
        setting("conf/default/rp_filter", "0");
        setting("conf/all/promote_secondaries", "1");
    }
    for (int i = 0; i < count; i++) addAddress(hosts[i], 2, hostAddress(i), 22);
    flush();
}

static void network(Space host, Space container, int self, int count) {
    static const unsigned char ours[6] = {0xee, 0xee, 0xee, 0xee, 0xee, 0xee};
    static const char *alias = "weft:calico-hundred-hosts/h001";
    static const char *keys[] = {"conf/cali0/forwarding", "conf/cali0/proxy_arp", "conf/cali0/rp_filter"};
    unsigned char mac[6];
    address(mac, 2, self);
    veth(host, "cali0", 3, container, ours);
    finish(host, 3, NULL, alias, 0);
    up(host, 3);
    up(container, 1);
    finish(container, 2, mac, alias, 0);
    up(container, 2);
    flush();
    require(!setns(host.file, CLONE_NEWNET), "setns");
    for (int i = 0; i < 3; i++) setting(keys[i], "1");
    setting("ip_forward", "1");
    setting("neigh/cali0/proxy_delay", "0");
    struct rtmsg link = {.rtm_protocol = protocol, .rtm_scope = RT_SCOPE_LINK, .rtm_type = RTN_UNICAST};
    addAddress(container, 2, containerAddress(self), 32);
    addRoute(host, anycast, 32, 0, 1, link);
    addRoute(host, block(self), 26, 0, 0, (struct rtmsg){.rtm_protocol = protocol, .rtm_type = RTN_BLACKHOLE});
    addRoute(host, containerAddress(self), 32, 0, 3, link);
    for (int i = 0; i < count; i++) {
        struct rtmsg peer = {.rtm_protocol = bird, .rtm_type = RTN_UNICAST, .rtm_flags = RTNH_F_ONLINK};
        if (i != self) addRoute(host, block(i), 26, hostAddress(i), 2, peer);
    }
    addRoute(container, anycast, 32, 0, 2, link);
    addRoute(container, 0, 0, anycast, 2, (struct rtmsg){.rtm_protocol = protocol, .rtm_type = RTN_UNICAST});
    flush();
}

static void pin(Space *hosts, Space *containers, int count) {
    unsigned char mac[6];
    static const unsigned char ours[6] = {0xee, 0xee, 0xee, 0xee, 0xee, 0xee};
    for (int i = 0; i < count; i++) {
        for (int other = 0; other < count; other++) {
            address(mac, 1, other);
            if (other != i) addNeighbour(hosts[i], 2, hostAddress(other), mac);
        }
        address(mac, 2, i);
        addNeighbour(hosts[i], 3, containerAddress(i), mac);
        addNeighbour(containers[i], 2, anycast, ours);
    }
    flush();
}

int main(int count, char **words) {
    int hosts = count > 1 ? atoi(words[1]) : 100;
    struct rlimit limit = {8192, 8192};
    Space *host = calloc(hosts, sizeof *host), *container = calloc(hosts, sizeof *container);
    require(hosts > 0 && host && container, "hosts");
    setrlimit(RLIMIT_NOFILE, &limit);
    mkdir(FOLDER, 0755);
    require(!mount("yardstick", FOLDER, "tmpfs", 0, NULL), "mount " FOLDER);
    char name[32];
    double start = now();
    for (int i = 0; i < hosts; i++) {
        snprintf(name, sizeof name, "h%d", i);
        host[i] = make(name);
    }
    Space lan = make("lan");
    wire(lan, host, hosts);
    for (int i = 0; i < hosts; i++) {
        snprintf(name, sizeof name, "h%d-1", i);
        container[i] = make(name);
        network(host[i], container[i], i, hosts);
    }
    pin(host, container, hosts);
    printf("%.3f\n", now() - start);
    return failures != 0;
}
