/*
 * The checkout chain in plain C, to compare the engine with: a closed loop of users, four services in turn, each with
 * so many workers and a queue in order of arrival, lognormal service times drawn by the same hash and the same quantile
 * function, a binary heap of events, response times in a histogram. No timeouts, retries, breakers, events or accounts:
 * what is left is the least that such a simulation can do.
 *
 * cc -O2 -o checkout checkout.c -lm && ./checkout USERS WORKERS SECONDS
 * prints: requests, seconds of CPU, median response time (ms)
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STEPS 4
static const char *NAME[STEPS] = {"payment", "inventory", "email", "analytics"};
static const double P50[STEPS] = {300, 200, 400, 150};
static const double SPREAD = 3; /* p99 / p50 */

/* Draws: src/scenarios/draw.ts */
static uint32_t mix(uint32_t value) {
  uint32_t hash = value + 0x7ed55d16u;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
  return hash ^ (hash >> 16);
}

static double draw(uint32_t stream, uint32_t request) {
  uint32_t key = mix(mix(stream ^ request) + 0x27d4eb2fu) ^ 0x9e3779b1u;
  uint32_t high = mix(key) >> 6, low = mix(key ^ 0x165667b1u) >> 6;
  return (high * 67108864.0 + low + 0.5) / 4503599627370496.0;
}

/* Quantile of the normal distribution: Wichura, AS 241, as in src/scenarios/normal.ts */
static double horner(const double *c, double x) {
  return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
}
static const double A[] = {3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
  45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727};
static const double B[] = {1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867,
  39307.89580009271061, 28729.085735721942674, 5226.495278852545925};
static const double C[] = {1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
  1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4};
static const double D[] = {1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455,
  0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9};
static const double E[] = {6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
  0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
static const double F[] = {1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525,
  7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15};

static double normal_quantile(double p) {
  double q = p - 0.5;
  if (fabs(q) <= 0.425) {
    double r = 0.180625 - q * q;
    return q * horner(A, r) / horner(B, r);
  }
  double tail = sqrt(-log(q < 0 ? p : 1 - p));
  double value = tail <= 5 ? horner(C, tail - 1.6) / horner(D, tail - 1.6) : horner(E, tail - 5) / horner(F, tail - 5);
  return q < 0 ? -value : value;
}

/* Events: a binary heap by time, then by order of planning. */
typedef struct { double at; uint64_t order; int32_t user; } Event;
static Event *heap;
static int events = 0;
static uint64_t planned = 0;

static int before(const Event *a, const Event *b) { return a->at < b->at || (a->at == b->at && a->order < b->order); }

static void plan(double at, int32_t user) {
  Event event = {at, planned++, user};
  int i = events++;
  while (i > 0 && before(&event, &heap[(i - 1) / 2])) heap[i] = heap[(i - 1) / 2], i = (i - 1) / 2;
  heap[i] = event;
}

static Event next_event(void) {
  Event first = heap[0], last = heap[--events];
  int i = 0;
  for (;;) {
    int child = 2 * i + 1;
    if (child >= events) break;
    if (child + 1 < events && before(&heap[child + 1], &heap[child])) child++;
    if (!before(&heap[child], &last)) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = last;
  return first;
}

typedef struct { uint32_t stream; int busy, workers, *queue, head, length; } Service;
static Service service[STEPS];
static int *step_of;
static uint32_t *request_of;
static double *sent_at;
static int users;

static void begin(int step, int user, double now) {
  double sigma = log(SPREAD) / 2.3263478740408408;
  service[step].busy++;
  plan(now + P50[step] * exp(sigma * normal_quantile(draw(service[step].stream, request_of[user]))), user);
}

static void arrive(int step, int user, double now) {
  Service *s = &service[step];
  step_of[user] = step;
  if (s->busy < s->workers) begin(step, user, now);
  else s->queue[(s->head + s->length++) % users] = user;
}

static void leave(int step, double now) {
  Service *s = &service[step];
  s->busy--;
  if (s->length == 0) return;
  int user = s->queue[s->head];
  s->head = (s->head + 1) % users;
  s->length--;
  begin(step, user, now);
}

/* Response times in bins of 0.1 ms. */
#define BINS 1000000
static uint32_t bins[BINS];

int main(int argc, char **argv) {
  if (argc != 4) return fprintf(stderr, "usage: checkout USERS WORKERS SECONDS\n"), 2;
  users = atoi(argv[1]);
  double end = atof(argv[3]) * 1000;
  heap = malloc(sizeof *heap * (size_t)(users + 1));
  step_of = malloc(sizeof *step_of * (size_t)users);
  request_of = malloc(sizeof *request_of * (size_t)users);
  sent_at = malloc(sizeof *sent_at * (size_t)users);
  for (int step = 0; step < STEPS; step++) {
    uint32_t stream = mix(1);
    for (const char *c = NAME[step]; *c; c++) stream = mix(stream ^ (uint32_t)*c);
    service[step] = (Service){stream, 0, atoi(argv[2]), malloc(sizeof(int) * (size_t)users), 0, 0};
  }
  struct timespec t0, t1;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
  uint32_t sent = 0;
  uint64_t answered = 0;
  for (int user = 0; user < users; user++) step_of[user] = -1, plan(1000.0 * user / users, user);
  while (events > 0) {
    Event event = next_event();
    int user = event.user, step = step_of[user];
    if (step >= 0) leave(step, event.at);
    if (step == STEPS - 1) {
      double ms = event.at - sent_at[user];
      bins[ms * 10 < BINS ? (int)(ms * 10) : BINS - 1]++;
      answered++;
    }
    if (step >= 0 && step < STEPS - 1) arrive(step + 1, user, event.at);
    else if (event.at < end) {
      request_of[user] = sent++;
      sent_at[user] = event.at;
      arrive(0, user, event.at);
    }
  }
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
  uint64_t left = (answered + 1) / 2;
  int bin = 0;
  while (left > bins[bin]) left -= bins[bin++];
  double seconds = (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
  printf("%llu %.6f %.1f\n", (unsigned long long)answered, seconds, bin / 10.0);
  return 0;
}
