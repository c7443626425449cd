// The yardstick of `weft apply` where there are many routes: makes, looks at and removes what is known beforehand.
//
// `routes COUNT GATEWAYS plain|objects`, where eth0 is up and has an address of 192.168.0.0/16.
#include "netlink.h"
#include "yardstick.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint32_t firstDestination = 0x0a000000, firstGateway = 0xc0a80101;
static unsigned total, gateways;
static int usesObjects, device;
static Space space;

static uint32_t destination(unsigned number) { return firstDestination + (number << 6); }
static unsigned gatewayOf(unsigned number) { return number / ((total + gateways - 1) / gateways); }

static void route(int type, int flags, unsigned number) {
    struct rtmsg *kind = begin(space, type, flags, sizeof *kind);
    *kind = (struct rtmsg){.rtm_family = AF_INET, .rtm_dst_len = 26, .rtm_table = RT_TABLE_MAIN,
                           .rtm_protocol = bird, .rtm_type = RTN_UNICAST};
    if (!usesObjects) kind->rtm_flags = RTNH_F_ONLINK;
    put32(RTA_DST, htonl(destination(number)));
    if (usesObjects) {
        put32(RTA_NH_ID, 1 + gatewayOf(number));
        return;
    }
    put32(RTA_GATEWAY, htonl(firstGateway + gatewayOf(number)));
    put32(RTA_OIF, device);
}

// So many from the first on. Ascending destinations make the kernel's trie rebalance; in this order they do not.
static void each(int type, int flags, unsigned first, unsigned count) {
    int bits = bitsFor(count);
    for (unsigned i = 0; i < 1u << bits; i++) {
        unsigned number = first + reversed(i, bits);
        if (number < first + count && number < total) route(type, flags, number);
    }
}

// Gateways that take turns make the kernel's hash chains long, so that those of one come together.
static void eachGateway(int type, int flags) {
    int bits = bitsFor(gateways);
    unsigned share = (total + gateways - 1) / gateways;
    for (unsigned i = 0; i < 1u << bits; i++) {
        unsigned gateway = reversed(i, bits);
        if (gateway < gateways) each(type, flags, gateway * share, share);
    }
    flush();
}

static void object(int type, int flags, unsigned number) {
    *(struct nhmsg *)begin(space, type, flags, sizeof(struct nhmsg)) =
        type == RTM_NEWNEXTHOP ? (struct nhmsg){.nh_family = AF_INET, .nh_protocol = protocol, .nh_flags = RTNH_F_ONLINK}
                               : (struct nhmsg){0};
    put32(NHA_ID, 1 + number);
    if (type == RTM_DELNEXTHOP) return;
    put32(NHA_GATEWAY, htonl(firstGateway + number));
    put32(NHA_OIF, device);
}

static void make(void) {
    for (unsigned i = 0; usesObjects && i < gateways; i++) object(RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_EXCL, i);
    if (usesObjects) each(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, 0, total);
    else eachGateway(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
    flush();
}

static void removeAll(void) {
    each(RTM_DELROUTE, 0, 0, total);
    flush();
    for (unsigned i = 0; usesObjects && i < gateways; i++) object(RTM_DELNEXTHOP, 0, i);
    flush();
}

static uint32_t attribute(struct rtattr *start, int size, int type) {
    for (struct rtattr *found = start; RTA_OK(found, size); found = RTA_NEXT(found, size))
        if (found->rta_type == type) return *(uint32_t *)RTA_DATA(found);
    return 0;
}

// How many routes are as they should be: a dump comes in the order of prefixes, as what is wanted is, so that one pass does.
static unsigned look(void) {
    static char answer[1 << 16];
    struct {
        struct nlmsghdr header;
        struct rtmsg kind;
    } request = {{sizeof request, RTM_GETROUTE, NLM_F_REQUEST | NLM_F_DUMP, 1, 0},
                 {.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = bird}};
    require(send(space.socket, &request, sizeof request, 0) > 0, "send");
    unsigned next = 0, same = 0;
    for (int done = 0; !done;) {
        ssize_t size = recv(space.socket, answer, sizeof answer, 0);
        require(size > 0, "receive");
        for (struct nlmsghdr *reply = (void *)answer; NLMSG_OK(reply, size); reply = NLMSG_NEXT(reply, size)) {
            if ((done = reply->nlmsg_type == NLMSG_DONE)) break;
            struct rtmsg *kind = NLMSG_DATA(reply);
            int rest = RTM_PAYLOAD(reply);
            uint32_t to = ntohl(attribute(RTM_RTA(kind), rest, RTA_DST));
            while (next < total && destination(next) < to) next++;
            if (next == total || destination(next) != to || kind->rtm_dst_len != 26) continue;
            uint32_t wanted = usesObjects ? 1 + gatewayOf(next) : htonl(firstGateway + gatewayOf(next));
            same += attribute(RTM_RTA(kind), rest, usesObjects ? RTA_NH_ID : RTA_GATEWAY) == wanted;
            next++;
        }
    }
    return same;
}

int routes(int count, char **words) {
    require(count == 4, "routes COUNT GATEWAYS plain|objects");
    total = atoi(words[1]), gateways = atoi(words[2]), usesObjects = !strcmp(words[3], "objects");
    device = if_nametoindex("eth0");
    require(total >= gateways && gateways > 0 && device, "routes: eth0");
    space = currentSpace();
    Instant start = now();
    make();
    report("apply", start);
    report("send", start);
    const char *phases[] = {"converged", "again", "plain"};
    for (int round = 0; round < 3 - usesObjects; round++) {
        start = now();
        unsigned same = look();
        report(phases[round], start);
        require(same == total, "find all routes again");
    }
    start = now();
    removeAll();
    report("destroy", start);
    return 0;
}
