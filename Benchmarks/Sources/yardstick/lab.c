// The yardstick of `weft lab up` and of its probes: `lab HOSTS CONTAINERS` builds the network of topologies/calico-hundred-hosts.json,
// with so many hosts and containers on each, by the same messages, and neither looks at what is there nor remembers what it
// did. Then every container asks every other, unless that is left out, and all is taken down.
#include "netlink.h"
#include "yardstick.h"
#include <linux/if_bridge.h>
#include <linux/ip.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

enum { metric = 1024, modeNone = 1, blockBits = 7 };

static const uint32_t anycast = 0xa9fe0101;
static int hosts, containers;

static uint32_t hostAddress(int host) { return 0x0a000001 + host; }
static uint32_t block(int host) { return 0x0a400000 + (host << blockBits); }
static uint32_t containerAddress(int host, int place) { return block(host) + 2 + place; }

static void macOf(unsigned char *mac, int kind, int index) {
    memcpy(mac, (unsigned char[]){2, kind, 0, index >> 16, index >> 8, index}, 6);
}

// A container's link on its host is asked for its neighbours and checks where packets come from: three settings for less than one by a file.
static void noAddresses(int routed) {
    struct rtattr *families = nest(IFLA_AF_SPEC), *six = nest(AF_INET6);
    unsigned char mode = modeNone;
    put(IFLA_INET6_ADDR_GEN_MODE, &mode, 1);
    end(six);
    if (routed) {
        struct rtattr *four = nest(AF_INET), *settings = nest(IFLA_INET_CONF);
        put32(IPV4_DEVCONF_FORWARDING, 1);
        put32(IPV4_DEVCONF_PROXY_ARP, 1);
        put32(IPV4_DEVCONF_RP_FILTER, 1);
        end(settings);
        end(four);
    }
    end(families);
}

// What a link gets once it is there, and then up.
static void finish(Space space, int index, const unsigned char *mac, const char *alias, int bridge, int routed) {
    *(struct ifinfomsg *)begin(space, RTM_NEWLINK, 0, sizeof(struct ifinfomsg)) = (struct ifinfomsg){.ifi_index = index};
    if (mac) put(IFLA_ADDRESS, mac, 6);
    if (alias) put(IFLA_IFALIAS, alias, strlen(alias));
    if (bridge) put32(IFLA_MASTER, bridge);
    noAddresses(routed);
}

static void wire(Space lan, Space *host) {
    unsigned char mac[6];
    char name[24];
    *(struct ifinfomsg *)begin(lan, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg)) =
        (struct ifinfomsg){.ifi_index = 2};
    putText(IFLA_IFNAME, "br0");
    put32(IFLA_MTU, 1500);
    struct rtattr *info = nest(IFLA_LINKINFO);
    putText(IFLA_INFO_KIND, "bridge");
    end(info);
    for (int i = 0; i < hosts; i++) {
        snprintf(name, sizeof name, "h%03d.eth0", i + 1);
        addVeth(lan, name, 10 + i, 0, host[i], NULL);
    }
    finish(lan, 2, NULL, NULL, 0, 0);
    setUp(lan, 2);
    for (int i = 0; i < hosts; i++) {
        finish(lan, 10 + i, NULL, "h/eth0", 2, 0);
        setUp(lan, 10 + i);
    }
    for (int i = 0; i < hosts; i++) {
        macOf(mac, 1, i);
        setUp(host[i], 1);
        finish(host[i], 2, mac, NULL, 0, 0);
        setUp(host[i], 2);
        flush();
        enter(host[i]);
        writeSetting("ip_forward", "0");
        writeSetting("conf/all/rp_filter", "0");
        writeSetting("conf/default/rp_filter", "0");
        writeSetting("conf/all/promote_secondaries", "1");
    }
    for (int i = 0; i < hosts; i++) addAddress(host[i], 2, hostAddress(i), 22);
    flush();
}

static void attach(Space host, Space container, int self, int place) {
    static const unsigned char ours[6] = {0xee, 0xee, 0xee, 0xee, 0xee, 0xee};
    static const char *alias = "weft:calico-hundred-hosts/h001";
    unsigned char mac[6];
    char name[16], key[64];
    int index = 3 + place;
    snprintf(name, sizeof name, "cali%d", place);
    macOf(mac, 2, self * containers + place);
    addVeth(host, name, index, 0, container, ours);
    finish(host, index, NULL, alias, 0, 1);
    setUp(host, index);
    setUp(container, 1);
    finish(container, 2, mac, alias, 0, 0);
    setUp(container, 2);
    flush();
    enter(host);
    snprintf(key, sizeof key, "neigh/%s/proxy_delay", name);
    writeSetting(key, "0");
    struct rtmsg link = {.rtm_protocol = protocol, .rtm_scope = RT_SCOPE_LINK, .rtm_type = RTN_UNICAST};
    addAddress(container, 2, containerAddress(self, place), 32);
    addRoute(host, containerAddress(self, place), 32, 0, index, link);
    addRoute(container, anycast, 32, 0, 2, link);
    addRoute(container, 0, 0, anycast, 2, (struct rtmsg){.rtm_protocol = protocol, .rtm_type = RTN_UNICAST});
    addNeighbour(host, index, containerAddress(self, place), mac);
    addNeighbour(container, 2, anycast, ours);
}

static void route(Space host, int self) {
    enter(host);
    writeSetting("ip_forward", "1");
    struct rtmsg link = {.rtm_protocol = protocol, .rtm_scope = RT_SCOPE_LINK, .rtm_type = RTN_UNICAST};
    addRoute(host, anycast, 32, 0, 1, link);
    addRoute(host, block(self), 32 - blockBits, 0, 0, (struct rtmsg){.rtm_protocol = protocol, .rtm_type = RTN_BLACKHOLE});
    put32(RTA_PRIORITY, metric);
    unsigned char mac[6];
    for (int i = 0; i < hosts; i++) {
        struct rtmsg peer = {.rtm_protocol = bird, .rtm_type = RTN_UNICAST, .rtm_flags = RTNH_F_ONLINK};
        if (i == self) continue;
        addRoute(host, block(i), 32 - blockBits, hostAddress(i), 2, peer);
        macOf(mac, 1, i);
        addNeighbour(host, 2, hostAddress(i), mac);
    }
}

int lab(int count, char **words) {
    require(count == 3 || count == 4, "lab HOSTS CONTAINERS [unprobed]");
    hosts = atoi(words[1]), containers = atoi(words[2]);
    int all = hosts * containers;
    raiseDescriptorLimit();
    Space *host = calloc(hosts, sizeof *host), *container = calloc(all, sizeof *container);
    uint32_t *address = calloc(all, sizeof *address);
    require(host && container && address, "hosts");
    char name[32];
    Instant start = now();
    for (int i = 0; i < hosts; i++) {
        snprintf(name, sizeof name, "h%d", i);
        host[i] = newSpace(name);
    }
    Space lan = newSpace("lan");
    wire(lan, host);
    for (int i = 0; i < all; i++) {
        snprintf(name, sizeof name, "h%d-%d", i / containers, i % containers);
        container[i] = newSpace(name);
        attach(host[i / containers], container[i], i / containers, i % containers);
        address[i] = containerAddress(i / containers, i % containers);
    }
    for (int i = 0; i < hosts; i++) route(host[i], i);
    noticeCarriers(lan, 10, hosts);
    for (int i = 0; i < hosts; i++) noticeCarriers(host[i], 2, 1 + containers);
    for (int i = 0; i < all; i++) noticeCarriers(container[i], 2, 1);
    flush();
    report("up", start);
    if (count == 3) mesh("probe", container, address, all);
    start = now();
    removeSpaces();
    report("down", start);
    return 0;
}
