/* The C side of goal P1: the same work as benchmarks/engine/reference-strategy.ts on the engine, written as plainly and as fast as C allows.
 * Prices and money are doubles; there are no events, no reasons, no risk, no ledger. What that buys is the point of the ratio.
 *
 *   cc -O3 -march=native -ffp-contract=off event-engine.c -lm -o event-engine
 *   ./event-engine FOLDER BARS MARGIN PULLBACK_EVERY REPETITIONS
 *
 * FOLDER holds o.f64 h.f64 l.f64 c.f64. Prints one line of JSON a repetition: processor nanoseconds per bar, fills, final equity, drawdown. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KIND_MARKET, KIND_LIMIT, KIND_STOP };
enum { SLOTS = 64 };

typedef struct {
  double price[SLOTS], size[SLOTS];
  int id[SLOTS], partner[SLOTS], side[SLOTS], kind[SLOTS], rises[SLOTS];
  int count, markets, last_id;
  double nearest_up, nearest_down;
} Book;

typedef struct {
  double cash, position, fees;
  int fills, pullback;
  int *fill_bar, *fill_side;
  double *fill_price, *fill_size, *fill_fee;
  Book book;
} Account;

static const double FEE = 0.0005, SLIP = 0.0001;

static void find_nearest(Book *b) {
  double up = INFINITY, down = -INFINITY;
  for (int k = 0; k < b->count; k++) {
    if (b->kind[k] == KIND_MARKET) continue;
    if (b->rises[k]) { if (b->price[k] < up) up = b->price[k]; }
    else if (b->price[k] > down) down = b->price[k];
  }
  b->nearest_up = up;
  b->nearest_down = down;
}

static int place(Book *b, int kind, int side, double size, double price) {
  if (b->count == SLOTS) abort();
  int k = b->count++;
  b->kind[k] = kind; b->side[k] = side; b->size[k] = size; b->price[k] = price; b->partner[k] = 0;
  b->rises[k] = kind == KIND_LIMIT ? side < 0 : side > 0;
  if (kind == KIND_MARKET) b->markets++;
  else if (b->rises[k]) { if (price < b->nearest_up) b->nearest_up = price; }
  else if (price > b->nearest_down) b->nearest_down = price;
  return b->id[k] = ++b->last_id;
}

static void take_out(Book *b, int k) {
  if (b->kind[k] == KIND_MARKET) b->markets--;
  int last = --b->count;
  if (k == last) return;
  b->kind[k] = b->kind[last]; b->side[k] = b->side[last]; b->size[k] = b->size[last]; b->price[k] = b->price[last];
  b->partner[k] = b->partner[last]; b->rises[k] = b->rises[last]; b->id[k] = b->id[last];
}

static int slot_of(const Book *b, int id) {
  for (int k = 0; k < b->count; k++) if (b->id[k] == id) return k;
  return -1;
}

static void clear_book(Book *b) {
  b->count = b->markets = 0;
  b->nearest_up = INFINITY;
  b->nearest_down = -INFINITY;
}

static void fill(Account *a, int k, double price, int bar) {
  Book *b = &a->book;
  int side = b->side[k], id = b->id[k], partner = b->partner[k];
  double size = b->size[k];
  if (b->kind[k] != KIND_LIMIT) price *= 1 + side * SLIP;
  take_out(b, k);
  double value = price * size, fee = value * FEE;
  a->cash -= side * value + fee;
  a->position += side * size;
  a->fees += fee;
  int t = a->fills++;
  a->fill_bar[t] = bar; a->fill_side[t] = side; a->fill_price[t] = price; a->fill_size[t] = size; a->fill_fee[t] = fee;
  if (partner) { int other = slot_of(b, partner); if (other >= 0) take_out(b, other); }
  find_nearest(b);
  if (side > 0) {
    if (id == a->pullback) a->pullback = 0;
    int stop = place(b, KIND_STOP, -1, size, price * 0.997), target = place(b, KIND_LIMIT, -1, size, price * 1.006);
    b->partner[slot_of(b, stop)] = target;
    b->partner[slot_of(b, target)] = stop;
  }
}

/* Fills everything between here and `to`, nearest first. */
static void walk(Account *a, double to, int rising, int bar) {
  Book *b = &a->book;
  for (;;) {
    int best = -1;
    for (int k = 0; k < b->count; k++) {
      if (b->kind[k] == KIND_MARKET || b->rises[k] != rising) continue;
      if (rising ? b->price[k] > to : b->price[k] < to) continue;
      if (best < 0 || (rising ? b->price[k] < b->price[best] : b->price[k] > b->price[best])) best = k;
    }
    if (best < 0) return;
    fill(a, best, b->price[best], bar);
  }
}

static void match(Account *a, double open, double high, double low, double close, int bar) {
  Book *b = &a->book;
  for (int k = 0; k < b->count;) {
    if (b->kind[k] != KIND_MARKET && (b->rises[k] ? b->price[k] <= open : b->price[k] >= open)) { fill(a, k, open, bar); k = 0; }
    else k++;
  }
  if (high - open < open - low) { walk(a, high, 1, bar); walk(a, low, 0, bar); walk(a, close, 1, bar); }
  else { walk(a, low, 0, bar); walk(a, high, 1, bar); walk(a, close, 0, bar); }
}

static double *load(const char *folder, const char *name, size_t count) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s.f64", folder, name);
  FILE *file = fopen(path, "rb");
  double *data = malloc(count * sizeof *data);
  if (!file || fread(data, sizeof *data, count, file) != count) { fprintf(stderr, "cannot read %s\n", path); exit(1); }
  fclose(file);
  return data;
}

static double processor_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc < 6) return 2;
  int n = atoi(argv[2]), every = atoi(argv[4]), repetitions = atoi(argv[5]);
  double factor = 1 + atof(argv[3]);
  double *o = load(argv[1], "o", n), *h = load(argv[1], "h", n), *l = load(argv[1], "l", n), *c = load(argv[1], "c", n);
  double *equity = malloc(n * sizeof *equity);
  memset(equity, 0, n * sizeof *equity);
  static Account a;
  a.fill_bar = malloc(n * sizeof(int)); a.fill_side = malloc(n * sizeof(int));
  a.fill_price = malloc(n * sizeof(double)); a.fill_size = malloc(n * sizeof(double)); a.fill_fee = malloc(n * sizeof(double));
  for (int r = 0; r < repetitions; r++) {
    double begun = processor_ns();
    Book *b = &a.book;
    a.cash = 1e7; a.position = a.fees = 0; a.fills = a.pullback = 0; b->last_id = 0;
    clear_book(b);
    double peak = 1e7, inverse = 1e-7, drawdown = 0, fast = 0, slow = 0;
    int was_above = 0, mask = every - 1;
    for (int i = 0; i < n; i++) {
      if (b->markets) for (int k = 0; k < b->count;) { if (b->kind[k] == KIND_MARKET) { fill(&a, k, o[i], i); k = 0; } else k++; }
      if (h[i] >= b->nearest_up || l[i] <= b->nearest_down) match(&a, o[i], h[i], l[i], c[i], i);
      double x = c[i], value = a.cash + a.position * x;
      equity[i] = value;
      if (value > peak) { peak = value; inverse = 1 / value; }
      double depth = (peak - value) * inverse;
      if (depth > drawdown) drawdown = depth;
      fast += x - (i >= 10 ? c[i - 10] : 0);
      slow += x - (i >= 50 ? c[i - 50] : 0);
      if (i < 49) continue;
      int above = fast * 0.1 > slow * 0.02 * factor;
      if (above != was_above) {
        was_above = above;
        if (above) { if (a.position == 0) place(b, KIND_MARKET, 1, 100, 0); }
        else if (a.position > 0) { clear_book(b); a.pullback = 0; place(b, KIND_MARKET, -1, a.position, 0); }
      }
      if ((i & mask) == 0 && a.position == 0 && !b->markets) {
        if (a.pullback) { int k = slot_of(b, a.pullback); if (k >= 0) { take_out(b, k); find_nearest(b); } }
        a.pullback = place(b, KIND_LIMIT, 1, 50, x * 0.9985);
      }
    }
    printf("{\"ns\":%.4f,\"fills\":%d,\"equity\":%.6f,\"drawdown\":%.12f}\n", (processor_ns() - begun) / n, a.fills, a.cash + a.position * c[n - 1], drawdown);
    fflush(stdout);
  }
  return 0;
}
