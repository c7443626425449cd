// Timing of other programs, and waiting until there is nothing left that would disturb it.
#include "netlink.h"
#include "yardstick.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// `PHASE`, `PHASE/THINGS`, `PHASE:RUNS`: cuts the name off and gives the number, or 1.
static long cut(char *word, char mark) {
    char *place = strchr(word, mark);
    long number = place ? atol(place + 1) : 1;
    require(number > 0, "time PHASE");
    if (place) *place = 0;
    return number;
}

static pid_t start(char **words) {
    pid_t child = vfork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        execvp(*words, words);
        _exit(127);
    }
    require(child > 0, *words);
    return child;
}

// `time PHASE PROGRAM ...`: runs it without what it prints, and tells how long it took; as PHASE/THINGS, each of so many things that
// it does; as PHASE:RUNS, each of so many runs of it. Fails as it fails.
int timeProgram(int count, char **words) {
    require(count > 2, "time PHASE PROGRAM ...");
    long things = cut(words[1], '/'), runs = cut(words[1], ':');
    double wall = now().wall, processor = 0;
    struct rusage usage;
    int status = 0;
    for (long run = 0; run < runs && !status; run++) {
        require(wait4(start(words + 2), &status, 0, &usage) > 0, words[2]);
        processor += usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
                     (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    }
    printf("measure %s %.9f %.9f %.2f\n", words[1], (now().wall - wall) / things / runs, processor / things / runs,
           usage.ru_maxrss / 1024.0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// `settle SECONDS`: waits until the lock that all changes of networks take is free: the kernel takes namespaces apart in its own
// time, and holds it meanwhile. Waits no longer than that.
int settle(int count, char **words) {
    require(count == 2, "settle SECONDS");
    Space space = currentSpace();
    double start = now().wall;
    for (int calm = 0; calm < 40 && now().wall < start + atof(words[1]);) {
        double asked = now().wall;
        setUp(space, 1);
        flush();
        calm = now().wall - asked < 0.001 ? calm + 1 : 0;
        usleep(5000);
    }
    return 0;
}
