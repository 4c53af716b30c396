/*
 * The worlds of shapes.js in plain C, to compare the engine with: a closed loop of users or an open schedule, steps over
 * first-in-first-out stations with so many workers, timeouts and attempts, consumers of what is published after the last
 * step; draws by the same hash and the same quantile function. A station is the heap of the times at which its workers are
 * free (Kiefer and Wolfowitz 1955), so a call is one event of a binary heap, and a consumer, which does not feed back, none.
 * No breakers, pools, redeliveries or warm-up, and no account but histograms of response times, lags and completion times:
 * what is left is the least that such a simulation can do.
 *
 * cc -O2 -o world world.c -lm && ./world < WORLD
 * reads:  load USERS RATE SECONDS                              (one of the two is 0; rate per second)
 *         step|consumer NAME P50 P99 WORKERS TIMEOUT ATTEMPTS SLOW_FOR FACTOR  (ms; P99 equal to P50 is constant)
 * prints: requests, seconds of CPU, median response time (ms), share that failed
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Draws: src/scenarios/draw.ts */
static uint32_t mix(uint32_t value) {
  uint32_t hash = value + 0x7ed55d16u;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
  return hash ^ (hash >> 16);
}

static double draw(uint32_t stream, uint32_t request, uint32_t call) {
  uint32_t key = mix(mix(stream ^ request) + (call + 1) * 0x27d4eb2fu) ^ 0x9e3779b1u;
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

/* A station: when its workers will be free, earliest first; those that are free now are not in it. */
typedef struct {
  uint32_t stream;
  double p50, sigma, timeout, slow_for, factor;
  int workers, attempts, busy, room;
  double *free_at;
} Station;

/* When a call that arrives now will end; it begins at *start. */
static double serve(Station *s, double now, uint32_t request, uint32_t call, double *start) {
  double *h = s->free_at;
  int full = 0;
  if (s->workers > 0) {
    while (s->busy > 0 && h[0] <= now) {
      double last = h[--s->busy];
      int i = 0;
      for (int child; (child = 2 * i + 1) < s->busy; h[i] = h[child], i = child) {
        if (child + 1 < s->busy && h[child + 1] < h[child]) child++;
        if (h[child] >= last) break;
      }
      h[i] = last;
    }
    full = s->busy == s->workers;
  }
  *start = full ? h[0] : now;
  double ms = s->sigma > 0 ? s->p50 * exp(s->sigma * normal_quantile(draw(s->stream, request, call))) : s->p50;
  double end = *start + (*start < s->slow_for ? ms * s->factor : ms);
  if (full) {
    int i = 0;
    for (int child; (child = 2 * i + 1) < s->busy; h[i] = h[child], i = child) {
      if (child + 1 < s->busy && h[child + 1] < h[child]) child++;
      if (h[child] >= end) break;
    }
    h[i] = end;
  } else if (s->workers > 0) {
    int i = s->busy++;
    for (; i > 0 && h[(i - 1) / 2] > end; i = (i - 1) / 2) h[i] = h[(i - 1) / 2];
    h[i] = end;
  }
  return end;
}

/* Events: a binary heap by time, then by order of planning. */
typedef struct { double at; uint64_t order; int32_t slot, failed; } Event;
static Event *heap;
static int events = 0, heap_room = 0;
static uint64_t planned = 0;

static int before(const Event *a, const Event *b) { return a->at < b->at || (a->at == b->at && a->order < b->order); }

static void plan(double at, int32_t slot, int failed) {
  Event event = {at, planned++, slot, failed};
  if (events == heap_room) heap = realloc(heap, sizeof *heap * (size_t)(heap_room = 2 * heap_room + 64));
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

/* Times in bins of 0.1 ms. */
#define BINS 1000000
static uint32_t responses[BINS], lags[BINS], completions[BINS];
static void count(uint32_t *bins, double ms) { bins[ms * 10 < BINS ? (int)(ms * 10) : BINS - 1]++; }

#define MOST 64
static Station steps[MOST], consumers[MOST];
static int step_count = 0, consumer_count = 0;

typedef struct { uint32_t request; int step, attempt; double sent_at; } Request;
static Request *requests;
static int slots = 0, slot_room = 0, *free_slots, free_count = 0;

static int take_slot(void) {
  if (free_count > 0) return free_slots[--free_count];
  if (slots == slot_room) {
    slot_room = 2 * slot_room + 64;
    requests = realloc(requests, sizeof *requests * (size_t)slot_room);
    free_slots = realloc(free_slots, sizeof *free_slots * (size_t)slot_room);
  }
  return slots++;
}

static void call_step(int slot, double now) {
  Request *r = &requests[slot];
  Station *s = &steps[r->step];
  double start, end = serve(s, now, r->request, (uint32_t)r->attempt, &start);
  plan(end <= now + s->timeout ? end : now + s->timeout, slot, end > now + s->timeout);
}

static void publish(const Request *r, double now) {
  double done = now;
  for (int c = 0; c < consumer_count; c++) {
    double start, end = serve(&consumers[c], now, r->request, 0, &start);
    count(lags, start - now);
    if (end > done) done = end;
  }
  count(completions, done - r->sent_at);
}

static void read_station(int is_step, const char *rest) {
  Station *s = is_step ? &steps[step_count++] : &consumers[consumer_count++];
  char name[64];
  double p99;
  sscanf(rest, "%63s %lf %lf %d %lf %d %lf %lf", name, &s->p50, &p99, &s->workers, &s->timeout, &s->attempts, &s->slow_for, &s->factor);
  s->sigma = log(p99 / s->p50) / 2.3263478740408408;
  s->stream = mix(1);
  for (const char *c = name; *c; c++) s->stream = mix(s->stream ^ (uint32_t)*c);
  s->free_at = malloc(sizeof(double) * (size_t)(s->workers + 1));
}

int main(void) {
  int users = 0;
  double rate = 0, end = 0;
  char line[512], what[16];
  int at;
  while (fgets(line, sizeof line, stdin) && sscanf(line, "%15s %n", what, &at) == 1) {
    if (strcmp(what, "load") == 0) sscanf(line + at, "%d %lf %lf", &users, &rate, &end), end *= 1000;
    else read_station(strcmp(what, "step") == 0, line + at);
  }
  struct timespec t0, t1;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
  uint32_t sent = 0;
  uint64_t answered = 0, failed = 0;
  /* A slot for each user, or one for the schedule. */
  for (int i = 0; i < (rate > 0 ? 1 : users); i++) {
    int slot = take_slot();
    requests[slot].step = -1;
    plan(rate > 0 ? 0 : 1000.0 * i / users, slot, 0);
  }
  while (events > 0) {
    Event event = next_event();
    int slot = event.slot;
    double now = event.at;
    if (requests[slot].step >= 0) {
      Request *r = &requests[slot];
      if (event.failed && r->attempt + 1 < steps[r->step].attempts) {
        r->attempt++;
        call_step(slot, now);
        continue;
      }
      if (!event.failed && r->step + 1 < step_count) {
        r->step++;
        r->attempt = 0;
        call_step(slot, now);
        continue;
      }
      if (event.failed) failed++;
      else if (consumer_count > 0) publish(r, now);
      count(responses, now - r->sent_at);
      answered++;
      if (rate > 0) {
        free_slots[free_count++] = slot;
        continue;
      }
    }
    if (now >= end) continue;
    if (rate > 0) {
      plan(1000.0 * (sent + 1) / rate, 0, 0);
      slot = take_slot();
    }
    requests[slot] = (Request){sent++, 0, 0, now};
    call_step(slot, now);
  }
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
  uint64_t left = (answered + 1) / 2;
  int bin = 0;
  while (left > responses[bin]) left -= responses[bin++];
  double seconds = (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
  printf("%llu %.6f %.1f %.4f\n", (unsigned long long)answered, seconds, bin / 10.0, (double)failed / (double)answered);
  return 0;
}
