/* Rows as in ../src/bench.rs: peer, algorithm, work, operations a second of thread CPU time, best of five. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double cpu(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/* `once` does the work and answers whether it could. */
static void row(const char *peer, const char *algorithm, const char *work, int (*once)(void *), void *with) {
  const char *ms = getenv("BENCH_MS"), *filter = getenv("BENCH_FILTER");
  double seconds = (ms ? atof(ms) : 200.0) / 1000.0 / 5.0, best = 0;
  char name[128];
  snprintf(name, sizeof name, "%s %s", algorithm, work);
  if (filter && !strstr(name, filter)) return;
  if (!once(with)) { fprintf(stderr, "%s cannot %s on %s\n", peer, work, algorithm); return; }
  for (int run = 0; run < 5; run++) {
    double start = cpu(), elapsed;
    long count = 0;
    do { for (int i = 0; i < 4; i++) once(with); count += 4; elapsed = cpu() - start; } while (elapsed < seconds);
    if (count / elapsed > best) best = count / elapsed;
  }
  printf("%s\t%s\t%s\t%.0f\n", peer, algorithm, work, best);
  fflush(stdout);
}
