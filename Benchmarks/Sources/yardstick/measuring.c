// Timing of other programs, and waiting until there is nothing left that would disturb it.
#include "netlink.h"
#include "yardstick.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// `time PHASE[/COUNT] PROGRAM ...`: runs it without what it prints, and tells how long it took, or each of so many things that it
// does. Fails as it fails.
int timeProgram(int count, char **words) {
    require(count > 2, "time PHASE PROGRAM ...");
    char *slash = strchr(words[1], '/');
    long things = slash ? atol(slash + 1) : 1;
    require(things > 0, "time PHASE/COUNT");
    if (slash) *slash = 0;
    Instant start = now();
    pid_t child = vfork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        execvp(words[2], words + 2);
        _exit(127);
    }
    struct rusage usage;
    int status = 0;
    require(child > 0 && wait4(child, &status, 0, &usage) == child, words[2]);
    double processor = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
                       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("measure %s %.9f %.9f %.2f\n", words[1], (now().wall - start.wall) / things, processor / things,
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
