// Everybody asks everybody, by ICMP, UDP and TCP, as `weft test` does: a question of 64 bytes and its answer, which tells from
// where it was seen to come. A thread for each processor, up to two, has its share of the senders and sockets of its own, goes from pair
// to pair and reads what each call has brought; some senders ask the same few before anybody asks others, so that what the kernel has of
// those stays in the processor's caches.
#include "netlink.h"
#include "yardstick.h"
#include <errno.h>
#include <linux/icmp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// So many questions of one sender are under way together, which a buffer holds more of; and so many senders take turns.
enum { firstPort = 7007, patience = 2000, together = 48, senders = 32, mostWorkers = 2 };

typedef struct {
    uint32_t from, to, seen, rest[13];
} Message;

typedef struct {
    struct icmphdr head;
    Message message;
} Echo;

static int count;
static const uint32_t *address;
static const Space *space;
static int workers;
// Where all wait until all have opened their sockets: before its filter is set, one gets what others ask.
static pthread_barrier_t ready;
static _Thread_local int worker, *client, *server;

static int port(void) { return firstPort + worker; }
static struct sockaddr_in placeOf(int node) { return (struct sockaddr_in){AF_INET, htons(port()), {htonl(address[node])}, {0}}; }

static void option(int file, int level, int name, int value) {
    require(!setsockopt(file, level, name, &value, sizeof value), "set socket option");
}

static int openSocket(int type, int number) {
    int file = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, number);
    require(file >= 0, "open socket");
    if (type != SOCK_STREAM && setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &(int){1 << 20}, sizeof(int)))
        option(file, SOL_SOCKET, SO_RCVBUF, 1 << 20);
    return file;
}

static int openServer(int type) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port())};
    int file = openSocket(type, 0);
    require(!bind(file, (void *)&place, sizeof place), "bind socket");
    if (type == SOCK_STREAM) require(!listen(file, SOMAXCONN), "listen");
    return file;
}

static int waits(int file, int events) { return poll(&(struct pollfd){file, events, 0}, 1, patience) == 1; }

// The next that comes to `file`, and from where; waits if it is not there yet. Whether it came.
static int receive(int file, void *bytes, size_t size, struct sockaddr_in *source) {
    for (int tries = 0; tries < 2; tries++) {
        socklen_t length = sizeof *source;
        if (recvfrom(file, bytes, size, 0, (void *)source, source ? &length : NULL) >= (ssize_t)sizeof(Message)) return 1;
        if (errno != EAGAIN || !waits(file, POLLIN)) return 0;
    }
    return 0;
}

static uint16_t checksum(const Echo *echo) {
    const uint16_t *words = (const void *)echo;
    uint32_t sum = 0;
    for (size_t i = 0; i < sizeof *echo / 2; i++) sum += words[i];
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}

static void sendEcho(int file, int from, int to) {
    struct sockaddr_in place = placeOf(to);
    Echo echo = {{.type = ICMP_ECHO, .un.echo = {htons(from), htons(to)}}, {from, to, 0, {0}}};
    place.sin_port = 0;
    echo.head.checksum = checksum(&echo);
    sendto(file, &echo, sizeof echo, 0, (void *)&place, sizeof place);
}

static int readEcho(int file, int from) {
    struct {
        unsigned char ip[20];
        Echo echo;
    } packet;
    struct sockaddr_in source;
    if (!receive(file, &packet, sizeof packet, &source)) return 0;
    Message *message = &packet.echo.message;
    return message->from == (uint32_t)from && message->to < (uint32_t)count && ntohl(source.sin_addr.s_addr) == address[message->to];
}

static void sendQuestion(int file, int from, int to) {
    struct sockaddr_in place = placeOf(to);
    sendto(file, &(Message){from, to, 0, {0}}, sizeof(Message), 0, (void *)&place, sizeof place);
}

static void answer(int file) {
    Message message;
    struct sockaddr_in source;
    if (!receive(file, &message, sizeof message, &source)) return;
    message.seen = ntohl(source.sin_addr.s_addr);
    sendto(file, &message, sizeof message, 0, (void *)&source, sizeof source);
}

static int readAnswer(int file, int from) {
    Message message;
    struct sockaddr_in source;
    return receive(file, &message, sizeof message, &source) && message.from == (uint32_t)from && message.to < (uint32_t)count &&
           message.seen == address[from] && ntohl(source.sin_addr.s_addr) == address[message.to];
}

// The calling thread is where the sender is.
static int connectTo(int listener, int from, int to) {
    struct sockaddr_in place = placeOf(to), source;
    socklen_t size = sizeof source;
    int file = openSocket(SOCK_STREAM, 0);
    setsockopt(file, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
    // The question completes the connection.
    option(file, IPPROTO_TCP, TCP_QUICKACK, 0);
    Message message = {from, to, 0, {0}};
    int isThere = !connect(file, (void *)&place, sizeof place) || errno == EINPROGRESS;
    isThere = isThere && (send(file, &message, sizeof message, MSG_NOSIGNAL) > 0 ||
                          (waits(file, POLLOUT) && send(file, &message, sizeof message, MSG_NOSIGNAL) > 0));
    int peer = isThere && waits(listener, POLLIN) ? accept4(listener, (void *)&source, &size, SOCK_NONBLOCK | SOCK_CLOEXEC) : -1;
    if (peer >= 0 && receive(peer, &message, sizeof message, NULL)) {
        message.seen = ntohl(source.sin_addr.s_addr);
        send(peer, &message, sizeof message, MSG_NOSIGNAL);
    }
    int isAnswered = peer >= 0 && receive(file, &message, sizeof message, NULL) && message.from == (uint32_t)from &&
                     message.to == (uint32_t)to && message.seen == address[from];
    close(file);
    if (peer >= 0) close(peer);
    return isAnswered;
}

static int min(int one, int other) { return one < other ? one : other; }

// Has every node that is the thread's ask all others by `ask`, which tells how many of those from `first` to before `last` have answered.
static long askAll(long (*ask)(int from, int first, int last)) {
    long got = 0;
    pthread_barrier_wait(&ready);
    for (int begin = worker * senders; begin < count; begin += workers * senders)
        for (int first = 0; first < count; first += together)
            for (int from = begin; from < min(begin + senders, count); from++)
                got += ask(from, first, min(first + together, count));
    return got;
}

static long askByEcho(int from, int first, int last) {
    long got = 0;
    for (int to = first; to < last; to++)
        if (to != from) sendEcho(client[from], from, to);
    for (int to = first; to < last; to++) got += to != from && readEcho(client[from], from);
    return got;
}

static long askByDatagram(int from, int first, int last) {
    long got = 0;
    for (int to = first; to < last; to++)
        if (to != from) sendQuestion(client[from], from, to);
    for (int to = first; to < last; to++)
        if (to != from) answer(server[to]);
    for (int to = first; to < last; to++) got += to != from && readAnswer(client[from], from);
    return got;
}

static long askByConnection(int from, int first, int last) {
    long got = 0;
    enter(space[from]);
    for (int to = first; to < last; to++) got += to != from && connectTo(server[to], from, to);
    return got;
}

static void closeAll(int *file) {
    for (int i = 0; i < count; i++) close(file[i]);
    free(file);
}

static long echoes(void) {
    client = calloc(count, sizeof *client);
    for (int i = 0; i < count; i++) {
        client[i] = -1;
        if (i / senders % workers != worker) continue;
        enter(space[i]);
        client[i] = openSocket(SOCK_RAW, IPPROTO_ICMP);
        option(client[i], SOL_RAW, ICMP_FILTER, ~(1 << ICMP_ECHOREPLY));
    }
    long got = askAll(askByEcho);
    closeAll(client);
    return got;
}

static long datagrams(void) {
    client = calloc(count, sizeof *client), server = calloc(count, sizeof *server);
    for (int i = 0; i < count; i++) {
        enter(space[i]);
        client[i] = openSocket(SOCK_DGRAM, 0);
        server[i] = openServer(SOCK_DGRAM);
    }
    long got = askAll(askByDatagram);
    closeAll(client);
    closeAll(server);
    return got;
}

static long connections(void) {
    server = calloc(count, sizeof *server);
    for (int i = 0; i < count; i++) {
        enter(space[i]);
        server[i] = openServer(SOCK_STREAM);
    }
    long got = askAll(askByConnection);
    closeAll(server);
    return got;
}

typedef struct {
    int worker;
    long (*run)(void);
} Share;

static void *work(void *share) {
    worker = ((Share *)share)->worker;
    return (void *)((Share *)share)->run();
}

static long askOnAllProcessors(long (*run)(void)) {
    pthread_t thread[mostWorkers];
    Share share[mostWorkers];
    long got = 0;
    pthread_barrier_init(&ready, NULL, workers);
    for (int i = 0; i < workers; i++) {
        share[i] = (Share){i, run};
        require(!pthread_create(&thread[i], NULL, work, &share[i]), "start thread");
    }
    for (int i = 0; i < workers; i++) {
        void *part;
        pthread_join(thread[i], &part);
        got += (long)part;
    }
    return got;
}

void mesh(const char *phase, Space *node, const uint32_t *addresses, int nodes) {
    static const struct {
        const char *name;
        long (*run)(void);
    } means[] = {{"icmp", echoes}, {"udp", datagrams}, {"tcp", connections}};
    address = addresses;
    space = node;
    count = nodes;
    workers = min(sysconf(_SC_NPROCESSORS_ONLN), mostWorkers);
    long wanted = (long)count * (count - 1);
    Instant start = now();
    for (int i = 0; i < 3; i++) {
        Instant begun = now();
        long got = askOnAllProcessors(means[i].run);
        reportEach(means[i].name, begun, wanted);
        if (got < wanted) fprintf(stderr, "%ld of %ld by %s\n", got, wanted, means[i].name);
        failures += got < wanted;
    }
    reportEach(phase, start, 3 * wanted);
}
