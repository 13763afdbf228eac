/* Rows as in ../src/bench.rs: peer, subject, work, figure; the best of five, by thread CPU time.
 *
 * A figure is operations a second, or megabytes a second of what has a length. The first argument
 * is a group: only subjects that begin with it are measured. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *peer = "?", *group = "";

static void begin(const char *name, int count, char **arguments) {
  peer = name;
  if (count > 1) group = arguments[1];
}

/* Whether the group wants the subject. */
static int wanted(const char *subject) { return strncmp(subject, group, strlen(group)) == 0; }

static double cpu(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/* `once` does the work, which counts as `amount`, and answers whether it could. */
static void row(const char *subject, const char *work, double amount, int (*once)(void *), void *with) {
  const char *ms = getenv("BENCH_MS");
  double seconds = (ms ? atof(ms) : 200.0) / 1000.0 / 5.0, best = 0;
  if (!wanted(subject)) return;
  if (!once(with)) { fprintf(stderr, "%s cannot do: %s, %s\n", peer, subject, work); return; }
  for (int run = 0; run < 5; run++) {
    double start = cpu(), elapsed;
    long count = 0;
    do {
      for (int i = 0; i < 4; i++)
        if (!once(with)) { fprintf(stderr, "%s failed: %s, %s\n", peer, subject, work); exit(1); }
      count += 4;
      elapsed = cpu() - start;
    } while (elapsed < seconds);
    if (count * amount / elapsed > best) best = count * amount / elapsed;
  }
  printf("%s\t%s\t%s\t%.1f\n", peer, subject, work, best);
  fflush(stdout);
}

/* Octets to hash or to encrypt. */
struct message {
  void *with;
  size_t length;
};

static unsigned char data[1 << 20], out[(1 << 20) + 64];

static const struct { const char *work; size_t length; } lengths[] = {
  {"64 B", 64}, {"1 kB", 1024}, {"1.5 kB", 1500}, {"1 MiB", 1 << 20},
};

/* Rows for the lengths that are hashed; `once` gets a `struct message`. */
static void hashes(const char *subject, int (*once)(void *), void *with) {
  for (int i = 0; i < 4; i++) {
    struct message message = {with, lengths[i].length};
    row(subject, lengths[i].work, message.length / 1e6, once, &message);
  }
}
