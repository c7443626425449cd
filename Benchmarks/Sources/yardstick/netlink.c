#include "netlink.h"
#include "yardstick.h"
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    // As many bytes a send as the socket takes; and as few requests as answers find room for, if all are refused.
    sendSize = 64 * 1024,
    batch = 1200,
    queue = 1 << 20,
};

int failures;
static _Alignas(8) char buffer[sendSize], answer[256 * 1024];
static size_t length;
static int waiting, destination = -1;
static struct nlmsghdr *last;
static uint32_t sequence;

int netlinkSocket(void) {
    int yes = 1, size = queue;
    int file = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    require(file >= 0, "open netlink socket");
    setsockopt(file, SOL_NETLINK, NETLINK_CAP_ACK, &yes, sizeof yes);
    setsockopt(file, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &yes, sizeof yes);
    if (setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
        setsockopt(file, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (setsockopt(file, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size))
        setsockopt(file, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    return file;
}

Space currentSpace(void) {
    Space space = {open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), netlinkSocket()};
    require(space.file >= 0, "open namespace");
    return space;
}

Space newSpace(const char *name) {
    char path[128];
    snprintf(path, sizeof path, "/run/netns/%s", name);
    mkdir("/run/netns", 0755);
    int place = open(path, O_CREAT | O_EXCL | O_RDONLY, 0);
    require(place >= 0 && !close(place), path);
    require(!unshare(CLONE_NEWNET), "unshare");
    require(!mount("/proc/thread-self/ns/net", path, NULL, MS_BIND, NULL), "mount");
    return currentSpace();
}

void removeSpaces(void) {
    DIR *folder = opendir("/run/netns");
    char path[512];
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (*entry->d_name == '.') continue;
        snprintf(path, sizeof path, "/run/netns/%s", entry->d_name);
        require(!umount2(path, MNT_DETACH) && !unlink(path), path);
    }
    closedir(folder);
}

void enter(Space space) { require(!setns(space.file, CLONE_NEWNET), "setns"); }

void writeSetting(const char *key, const char *value) {
    char path[128];
    snprintf(path, sizeof path, "/proc/sys/net/ipv4/%s", key);
    int file = open(path, O_WRONLY);
    require(file >= 0 && write(file, value, strlen(value)) > 0 && !close(file), path);
}

void flush(void) {
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
            done |= reply->nlmsg_type == NLMSG_ERROR && reply->nlmsg_seq == final;
        }
    }
    length = waiting = 0;
}

void *extend(size_t size) {
    void *place = buffer + length;
    memset(place, 0, NLMSG_ALIGN(size));
    length += NLMSG_ALIGN(size);
    last->nlmsg_len = buffer + length - (char *)last;
    return place;
}

void *begin(Space space, int type, int flags, size_t size) {
    if (destination != space.socket || waiting == batch || length > sendSize - 512) flush();
    destination = space.socket;
    last = (void *)(buffer + length);
    *last = (struct nlmsghdr){.nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = ++sequence};
    length += sizeof *last;
    waiting++;
    return extend(size);
}

void put(int type, const void *value, size_t size) {
    struct rtattr *attribute = extend(RTA_LENGTH(size));
    *attribute = (struct rtattr){.rta_len = RTA_LENGTH(size), .rta_type = type};
    memcpy(RTA_DATA(attribute), value, size);
}

void put32(int type, uint32_t value) { put(type, &value, sizeof value); }
void putText(int type, const char *text) { put(type, text, strlen(text) + 1); }

struct rtattr *nest(int type) {
    struct rtattr *attribute = extend(sizeof *attribute);
    attribute->rta_type = type;
    return attribute;
}

void end(struct rtattr *attribute) { attribute->rta_len = buffer + length - (char *)attribute; }

void setUp(Space space, int index) {
    *(struct ifinfomsg *)begin(space, RTM_NEWLINK, 0, sizeof(struct ifinfomsg)) =
        (struct ifinfomsg){.ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
}

void noticeCarriers(Space space, int first, int count) {
    for (int i = 0; i < count; i++) {
        *(struct ifinfomsg *)begin(space, RTM_GETLINK, 0, sizeof(struct ifinfomsg)) =
            (struct ifinfomsg){.ifi_index = first + i};
        put32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
        // Each is answered by all there is to say of a link.
        if (i % 64 == 63) flush();
    }
}

void addAddress(Space space, int index, uint32_t value, int prefix) {
    *(struct ifaddrmsg *)begin(space, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifaddrmsg)) =
        (struct ifaddrmsg){.ifa_family = AF_INET, .ifa_prefixlen = prefix, .ifa_index = index};
    put32(IFA_LOCAL, htonl(value));
    put32(IFA_ADDRESS, htonl(value));
}

void addRoute(Space space, uint32_t to, int prefix, uint32_t gateway, int index, struct rtmsg kind) {
    kind.rtm_family = AF_INET;
    kind.rtm_dst_len = prefix;
    kind.rtm_table = RT_TABLE_MAIN;
    *(struct rtmsg *)begin(space, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct rtmsg)) = kind;
    if (prefix) put32(RTA_DST, htonl(to));
    if (gateway) put32(RTA_GATEWAY, htonl(gateway));
    if (index) put32(RTA_OIF, index);
}

void addNeighbour(Space space, int index, uint32_t value, const unsigned char *mac) {
    *(struct ndmsg *)begin(space, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, sizeof(struct ndmsg)) =
        (struct ndmsg){.ndm_family = AF_INET, .ndm_ifindex = index, .ndm_state = NUD_PERMANENT};
    put32(NDA_DST, htonl(value));
    put(NDA_LLADDR, mac, 6);
}

// What a pair has anyway: else the kernel makes one a processor, takes all but one out of use, and waits until nobody can be using them.
static void oneQueue(void) {
    put32(IFLA_NUM_TX_QUEUES, 1);
    put32(IFLA_NUM_RX_QUEUES, 1);
}

void addVeth(Space space, const char *name, int index, int flags, Space peer, const unsigned char *mac) {
    *(struct ifinfomsg *)begin(space, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg)) =
        (struct ifinfomsg){.ifi_index = index, .ifi_flags = flags, .ifi_change = flags};
    putText(IFLA_IFNAME, name);
    put32(IFLA_MTU, 1500);
    oneQueue();
    if (mac) put(IFLA_ADDRESS, mac, 6);
    struct rtattr *info = nest(IFLA_LINKINFO);
    putText(IFLA_INFO_KIND, "veth");
    struct rtattr *data = nest(IFLA_INFO_DATA), *other = nest(VETH_INFO_PEER);
    ((struct ifinfomsg *)extend(sizeof(struct ifinfomsg)))->ifi_index = 2;
    putText(IFLA_IFNAME, "eth0");
    oneQueue();
    put32(IFLA_NET_NS_FD, peer.file);
    end(other);
    end(data);
    end(info);
}
