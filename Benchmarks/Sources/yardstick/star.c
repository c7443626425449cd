// The yardstick of small labs: `star HOSTS` joins so many hosts to a router, each by a wire and a subnet of its own; every host asks
// every other, and all is taken down.
#include "netlink.h"
#include "yardstick.h"
#include <stdlib.h>

static uint32_t subnet(int host) { return 0x0a630000 + 4 * host; }

int star(int count, char **words) {
    require(count == 2, "star HOSTS");
    int hosts = atoi(words[1]);
    raiseDescriptorLimit();
    Space *host = calloc(hosts, sizeof *host);
    uint32_t *address = calloc(hosts, sizeof *address);
    require(host && address, "hosts");
    char name[32];
    Instant start = now();
    for (int i = 0; i < hosts; i++) {
        snprintf(name, sizeof name, "h%d", i);
        host[i] = newSpace(name);
        address[i] = subnet(i) + 2;
    }
    Space router = newSpace("router");
    writeSetting("ip_forward", "1");
    setUp(router, 1);
    for (int i = 0; i < hosts; i++) {
        snprintf(name, sizeof name, "eth%d", i);
        addVeth(router, name, 100 + i, IFF_UP, host[i], NULL);
        addAddress(router, 100 + i, subnet(i) + 1, 30);
    }
    flush();
    for (int i = 0; i < hosts; i++) {
        setUp(host[i], 1);
        setUp(host[i], 2);
        addAddress(host[i], 2, address[i], 30);
        addRoute(host[i], 0, 0, subnet(i) + 1, 2,
                 (struct rtmsg){.rtm_protocol = RTPROT_STATIC, .rtm_type = RTN_UNICAST});
    }
    noticeCarriers(router, 100, hosts);
    for (int i = 0; i < hosts; i++) noticeCarriers(host[i], 2, 1);
    flush();
    report("up", start);
    mesh("probe", host, address, hosts);
    start = now();
    removeSpaces();
    report("down", start);
    return 0;
}
