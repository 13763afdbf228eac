/* Rows as in ../src/bench.rs: peer, algorithm, work, octets a second of thread CPU time, best of five. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *peer;
static unsigned char data[1 << 20], out[(1 << 20) + 64];

static double cpu(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/* `once` does the work on `length` octets and answers whether it could. */
static void row(const char *algorithm, const char *work, size_t length, int (*once)(void *, size_t), void *with) {
  const char *ms = getenv("BENCH_MS"), *filter = getenv("BENCH_FILTER");
  double seconds = (ms ? atof(ms) : 200.0) / 1000.0 / 5.0, best = 0;
  char name[128], what[64];
  snprintf(what, sizeof what, "%s%zuB", work, length);
  snprintf(name, sizeof name, "%s %s", algorithm, what);
  if (filter && !strstr(name, filter)) return;
  if (!once(with, length)) { fprintf(stderr, "%s has no %s\n", peer, algorithm); return; }
  for (int run = 0; run < 5; run++) {
    double start = cpu(), elapsed;
    long count = 0;
    do { for (int i = 0; i < 8; i++) once(with, length); count += 8; elapsed = cpu() - start; } while (elapsed < seconds);
    double rate = count * (double)length / elapsed;
    if (rate > best) best = rate;
  }
  printf("%s\t%s\t%s\t%.0f\n", peer, algorithm, what, best);
  fflush(stdout);
}

/* The lengths that are hashed. */
static void hashes(const char *algorithm, int (*once)(void *, size_t), void *with) {
  static const size_t lengths[] = {64, 1024, 1500, 1 << 20};
  for (int i = 0; i < 4; i++) row(algorithm, "hash ", lengths[i], once, with);
}
