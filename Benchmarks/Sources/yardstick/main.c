#include "netlink.h"
#include "yardstick.h"
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

void require(int holds, const char *act) {
    if (holds) return;
    perror(act);
    exit(1);
}

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

Instant now(void) {
    struct timespec time;
    struct rusage own;
    clock_gettime(CLOCK_MONOTONIC, &time);
    getrusage(RUSAGE_SELF, &own);
    return (Instant){time.tv_sec + time.tv_nsec / 1e9, seconds(own.ru_utime) + seconds(own.ru_stime)};
}

void reportEach(const char *phase, Instant start, long count) {
    Instant end = now();
    struct rusage own;
    getrusage(RUSAGE_SELF, &own);
    printf("measure %s %.9f %.9f %.2f\n", phase, (end.wall - start.wall) / count,
           (end.processor - start.processor) / count, own.ru_maxrss / 1024.0);
    fflush(stdout);
}

void report(const char *phase, Instant start) { reportEach(phase, start, 1); }

void raiseDescriptorLimit(void) {
    struct rlimit limit = {1 << 16, 1 << 16};
    setrlimit(RLIMIT_NOFILE, &limit);
}

int bitsFor(unsigned count) {
    int bits = 0;
    while ((1u << bits) < count) bits++;
    return bits;
}

unsigned reversed(unsigned number, int bits) {
    unsigned result = 0;
    for (int i = 0; i < bits; i++) result |= (number >> i & 1) << (bits - 1 - i);
    return result;
}

// What starting any program takes.
static int nothing(int count, char **words) {
    (void)count, (void)words;
    return 0;
}

int main(int count, char **words) {
    static const struct {
        const char *name;
        int (*run)(int, char **);
    } commands[] = {
        {"time", timeProgram}, {"settle", settle}, {"routes", routes}, {"lab", lab},         {"star", star},
        {"forward", forward},  {"flood", flood},   {"sink", sink},     {"nothing", nothing},
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (count < 2 || strcmp(words[1], commands[i].name)) continue;
        int status = commands[i].run(count - 1, words + 1);
        return status ? status : failures != 0;
    }
    fprintf(stderr, "usage: yardstick time|settle|routes|lab|star|forward|flood|sink|nothing ...\n");
    return 64;
}
