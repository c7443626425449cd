// What the yardsticks have in common: each is a command of one program, `yardstick routes 1000 100`.
#pragma once
#include <stdio.h>

typedef struct {
    double wall, processor;
} Instant;

// Ends the program if `holds` is false, with what was attempted.
void require(int holds, const char *act);
Instant now(void);
// A line for the bench: what took how long since `start`, in seconds, and MiB at most.
void report(const char *phase, Instant start);
// The same of each of `count` equal things.
void reportEach(const char *phase, Instant start, long count);
void raiseDescriptorLimit(void);
// `number` with its lowest `bits` bits in the other order.
unsigned reversed(unsigned number, int bits);
int bitsFor(unsigned count);

int timeProgram(int count, char **words);
int settle(int count, char **words);
int routes(int count, char **words);
int lab(int count, char **words);
int star(int count, char **words);
int forward(int count, char **words);
int flood(int count, char **words);
int sink(int count, char **words);
