// The simulator's kernel in C++, as one would write it with structs: the measure of what Python's compiled loop loses.
// Same algorithm, same chance: its counts have to be those of the kernel to the last bit.
//
//   g++ -O3 -march=native -ffp-contract=off -std=c++17 simulation_twin.cpp -o twin
//   ./twin FILE ROUNDS OUT      FILE from planning_simulation.py; prints CPU seconds a round; writes counts to OUT
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

using Int = int64_t;
using Word = uint64_t;
template <class T> using Vec = std::vector<T>;
constexpr double kForEver = 1e300;
constexpr int kCounted = 11;
enum Count { Offered, Answered, InTime, Abandoned, Short, Waited, TimedOut, LetGo, Blocked, Left, Returned };
enum LawOf { Service, Wrap, Patience, Redial, Repeat, Busyness, Laws };
enum LawKind { Constant, Exponential, Lognormal, Gamma, Empirical };
enum What : Word { Completion, GivesUp, Overflow, ComesBack, LineFree };
enum SeatState : uint8_t { Off, Ready, Busy, Leaving };

static Vec<double> ExpX, ExpF, NormalX, NormalF;

struct Stream {
  Word s[4];
  static Word turned(Word x, int by) { return (x << by) | (x >> (64 - by)); }
  Word next() {
    Word found = turned(s[0] + s[3], 23) + s[0], shifted = s[1] << 17;
    s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3], s[2] ^= shifted;
    s[3] = turned(s[3], 45);
    return found;
  }
  double uniform() { return double(next() >> 11) * 0x1p-53; }
  double exponential() {
    double before = 0;
    for (;;) {
      Word bits = next();
      int layer = bits & 255;
      double x = double(bits >> 11) * 0x1p-53 * ExpX[layer];
      if (x < ExpX[layer + 1]) return before + x;
      if (layer == 0) before += 7.69711747013104972;
      else if (ExpF[layer] + uniform() * (ExpF[layer + 1] - ExpF[layer]) < std::exp(-x)) return before + x;
    }
  }
  double normal() {
    const double r = 3.6541528853610088;
    for (;;) {
      Word bits = next();
      int layer = bits & 255;
      double side = double(int64_t(bits) >> 11) * 0x1p-52, x = side * NormalX[layer];
      if (std::fabs(x) < NormalX[layer + 1]) return x;
      if (layer == 0) {
        for (;;) {
          double far = -std::log(1 - uniform()) / r, y = -std::log(1 - uniform());
          if (y + y >= far * far) return side > 0 ? r + far : -(r + far);
        }
      }
      if (NormalF[layer] + uniform() * (NormalF[layer + 1] - NormalF[layer]) < std::exp(-0.5 * x * x)) return x;
    }
  }
  double gamma_from_1(double shape) {
    double d = shape - 1.0 / 3.0, c = 1.0 / std::sqrt(9.0 * d);
    for (;;) {
      double x = normal(), v = 1.0 + c * x;
      if (v > 0) {
        v = v * v * v;
        if (std::log(1 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
      }
    }
  }
  double gamma(double shape) {
    if (shape >= 1) return gamma_from_1(shape);
    double power = std::exp(std::log(1 - uniform()) / shape);
    return gamma_from_1(shape + 1) * power;
  }
};

struct Law { Int kind, at, count; double a, b; };
struct Slot { double arrived, service, wrap; int queue, interval, before, next, stage, leaves; uint32_t uses; };
struct Event { double time; Word load; };
struct Offer { int group, rank; double after; };
struct Skill { int queue, rank; double wait; };
struct Queue {
  int head, tail, interval, type; bool ties, lets_go;
  Stream arrivals, attributes;
  double never_waits, redials, repeats, in_time, brief, longest; bool in_time_tie, brief_tie;
  Law law[Laws];
  Vec<Offer> offers; Vec<double> stages, rates, gaps;
};
struct Group { int idle, present, idle_head, idle_tail; bool single; int pool; Vec<Skill> skills; };
struct Seat { SeatState state; int before, next, group; double since, pace; };
struct Change { double time; int server; Int by; };

struct Floor {
  double width, horizon, most_lines;
  int intervals;
  Vec<Queue> queues; Vec<Group> groups; Vec<Seat> seats; Vec<Change> changes; Vec<double> values, coming;
  Law busyness;
  Stream returns, factors;
  Vec<Event> heap; int size = 0;
  Vec<Slot> slots; int free = -1;
  Int lines = 0;
  size_t change = 0;
  Vec<Int> counts; Vec<double> waits, work; Vec<Int> served, by_group;

  double draw(Stream &s, const Law &law) {
    switch (law.kind) {
      case Lognormal: return std::exp(law.a + law.b * s.normal());
      case Exponential: return law.a * s.exponential();
      case Constant: return law.a;
      case Gamma: return law.b * s.gamma(law.a);
    }
    double place = s.uniform() * double(law.count - 1);
    Int step = Int(place);
    double low = values[law.at + step];
    return low + (place - double(step)) * (values[law.at + step + 1] - low);
  }
  void next_arrival(int v, double now) {
    Queue &q = queues[v];
    double need = q.arrivals.exponential();
    for (int i = q.interval; i < intervals; i++) {
      double gap = q.gaps[i], end = (i + 1) * width;
      if (gap < kForEver) {
        double then = now + need * gap;
        if (then < end) { coming[v] = then; q.interval = i; return; }
        need -= (end - now) / gap;
      }
      now = end;
    }
    coming[v] = kForEver;
  }
  void open() {
    double factor = draw(factors, busyness), own = 1;
    int before = -1;
    for (int v = 0; v < int(queues.size()); v++) {
      Queue &q = queues[v];
      if (q.type != before) { own = draw(factors, q.law[Busyness]); before = q.type; }
      for (int i = 0; i < intervals; i++) {
        double rate = q.rates[i] * (factor * own);
        q.gaps[i] = rate > 0 ? 1.0 / rate : kForEver;
      }
      next_arrival(v, 0);
    }
  }
  void push(double time, Word load) {
    if (size + 1 >= int(heap.size())) heap.resize(2 * heap.size());
    int i = size++;
    Event *a = heap.data();
    while (i) {
      int above = (i - 1) >> 2;
      if (a[above].time <= time) break;
      a[i] = a[above];
      i = above;
    }
    a[i] = {time, load};
  }
  void replace_root(Event e) {
    Event *a = heap.data();
    int i = 0;
    for (int c = 1; c < size; c = 4 * i + 1) {
      int m = c, end = std::min(c + 4, size);
      double least = a[c].time;
      for (int k = c + 1; k < end; k++) {
        bool smaller = a[k].time < least;
        least = smaller ? a[k].time : least;
        m = smaller ? k : m;
      }
      if (least >= e.time) break;
      a[i] = a[m];
      i = m;
    }
    a[i] = e;
  }
  void pop() { Event last = heap[--size]; if (size) replace_root(last); }
  Int *count(int v, int i) { return &counts[(size_t(v) * intervals + i) * kCounted]; }
  void add_work(int g, int what, double start, double end) {
    int i = std::min(int(start / width), intervals);
    double *to = &work[size_t(g) * (intervals + 1) * 2 + what];
    while (i < intervals && (i + 1) * width < end) {
      to[2 * i] += (i + 1) * width - start;
      start = (i + 1) * width;
      i++;
    }
    to[2 * i] += end - start;
  }
  void back_later(int v, LawOf law, double now) {
    double then = now + draw(returns, queues[v].law[law]);
    if (then < horizon) push(then, Word(ComesBack) << 58 | Word(v));
  }
  static Int inside(double edge, bool tie, double now) { return now < edge || (now == edge && tie); }
  void lost(int v, int i, Count outcome, double arrived, double now) {
    Queue &q = queues[v];
    Int *c = count(v, i);
    c[outcome]++;
    waits[(size_t(v) * intervals + i) * 2 + 1] += now - arrived;
    if (outcome == Abandoned) c[Short] += inside(arrived + q.brief, q.brief_tie, now);
    if (outcome != Blocked) lines--;
    if (outcome != TimedOut && q.redials > 0 && returns.uniform() < q.redials) back_later(v, Redial, now);
  }
  void sit_down(int a, double now) {
    Seat &seat = seats[a];
    Group &g = groups[seat.group];
    seat.state = Ready, seat.before = g.idle_tail, seat.next = -1, seat.since = now;
    (g.idle_tail < 0 ? g.idle_head : seats[g.idle_tail].next) = a;
    g.idle_tail = a;
    g.idle++;
  }
  void stand_up(int a, SeatState state) {
    Seat &seat = seats[a];
    Group &g = groups[seat.group];
    (seat.before < 0 ? g.idle_head : seats[seat.before].next) = seat.next;
    (seat.next < 0 ? g.idle_tail : seats[seat.next].before) = seat.before;
    seat.state = state;
    g.idle--;
  }
  int idle_group(const Queue &q, double reach) {
    int best = -1, best_rank = 0;
    for (const Offer &o : q.offers) {
      if (groups[o.group].idle <= 0 || o.after > reach) continue;
      if (!q.ties) return o.group;
      bool sooner = best >= 0 && seats[groups[o.group].idle_head].since < seats[groups[best].idle_head].since;
      if (best < 0 || o.rank < best_rank || (o.rank == best_rank && sooner)) best = o.group, best_rank = o.rank;
    }
    return best;
  }
  int taken_from(int number) {
    Group &g = groups[number];
    if (!g.single) { g.idle--; return g.pool; }
    int a = g.idle_head;
    stand_up(a, Busy);
    return a;
  }
  void unlink(int x) {
    Slot &s = slots[x];
    Queue &q = queues[s.queue];
    (s.before < 0 ? q.head : slots[s.before].next) = s.next;
    (s.next < 0 ? q.tail : slots[s.next].before) = s.before;
    s.uses++;
    s.next = free;
    free = x;
  }
  double serve(int a, int v, int i, double arrived, double service, double wrap, double now) {
    int g = seats[a].group;
    Queue &q = queues[v];
    double wait = now - arrived, ended = now + service * seats[a].pace, freed = ended;
    Int in_time = inside(arrived + q.in_time, q.in_time_tie, now), *c = count(v, i), *s = &served[(size_t(v) * groups.size() + g) * 2];
    Int *b = &by_group[(size_t(g) * intervals + i) * 2];
    c[Answered]++, c[InTime] += in_time, s[0]++, s[1] += in_time, b[0]++, b[1] += in_time;
    waits[(size_t(v) * intervals + i) * 2] += wait;
    add_work(g, 0, now, ended);
    if (wrap > 0) { freed = ended + wrap * seats[a].pace; add_work(g, 1, ended, freed); }
    if (q.repeats > 0 && returns.uniform() < q.repeats) back_later(v, Repeat, ended);
    if (most_lines < kForEver) push(ended, Word(LineFree) << 58);
    return freed;
  }
  double serve_waiting(int a, int x, double now) {
    unlink(x);
    const Slot s = slots[x];
    return serve(a, s.queue, s.interval, s.arrived, s.service, s.wrap, now);
  }
  void wait_in_line(int v, int i, double service, double wrap, double patience, double now) {
    Queue &q = queues[v];
    if (free < 0) { free = int(slots.size()); slots.push_back({}); slots[free].next = -1; }
    int x = free;
    Slot &s = slots[x];
    free = s.next;
    s.arrived = now, s.service = service, s.wrap = wrap, s.queue = v, s.interval = i, s.stage = 0;
    s.leaves = q.longest < patience ? TimedOut : Abandoned;
    s.before = q.tail, s.next = -1;
    (q.tail < 0 ? q.head : slots[q.tail].next) = x;
    q.tail = x;
    double stay = std::min(patience, q.longest);
    Word event = Word(x) << 24 | (s.uses & 0xffffff);
    if (stay < kForEver) push(now + stay, Word(GivesUp) << 58 | event);
    if (q.stages[0] < stay) push(now + q.stages[0], Word(Overflow) << 58 | event);
  }
  bool unstaffed(const Queue &q) {
    int present = 0;
    for (const Offer &o : q.offers) present += groups[o.group].present;
    return present <= 0;
  }
  void arrive(int v, int i, bool returned, Stream &s, double now) {
    Queue &q = queues[v];
    double service = draw(s, q.law[Service]), wrap = draw(s, q.law[Wrap]);
    bool stays = q.never_waits == 0 || s.uniform() >= q.never_waits;
    double patience = draw(s, q.law[Patience]);
    Int *c = count(v, i);
    c[Offered]++, c[Returned] += returned;
    if (double(lines) >= most_lines) return lost(v, i, Blocked, now, now);
    lines++;
    int g = idle_group(q, 0);
    if (g >= 0) {
      int a = taken_from(g);
      return push(serve(a, v, i, now, service, wrap, now), Word(a));
    }
    c[Waited]++;
    if (q.lets_go && unstaffed(q)) lost(v, i, LetGo, now, now);
    else if (!stays || patience <= 0) lost(v, i, Abandoned, now, now);
    else wait_in_line(v, i, service, wrap, patience, now);
  }
  int next_for(const Group &g, double now) {
    int best = -1, best_rank = 0;
    double best_time = 0;
    for (const Skill &k : g.skills) {
      int x = queues[k.queue].head;
      if (x < 0) continue;
      double arrived = slots[x].arrived;
      if (now < arrived + k.wait) continue;
      if (best < 0 || k.rank < best_rank || (k.rank == best_rank && arrived < best_time))
        best = x, best_rank = k.rank, best_time = arrived;
    }
    return best;
  }
  void complete(int a, double now) {
    Group &g = groups[seats[a].group];
    bool goes = g.single ? seats[a].state == Leaving : g.idle < 0;
    int x = goes ? -1 : next_for(g, now);
    if (x >= 0) {
      double freed = serve_waiting(a, x, now);
      return replace_root({freed, Word(a)});
    }
    pop();
    if (!g.single) g.idle++;
    else if (goes) seats[a].state = Off;
    else sit_down(a, now);
  }
  void overflow(int x, double now) {
    Queue &q = queues[slots[x].queue];
    int stage = slots[x].stage, g = idle_group(q, q.stages[stage]);
    if (g >= 0) {
      int a = taken_from(g);
      return push(serve_waiting(a, x, now), Word(a));
    }
    slots[x].stage = ++stage;
    if (q.stages[stage] < kForEver)
      push(slots[x].arrived + q.stages[stage], Word(Overflow) << 58 | Word(x) << 24 | (slots[x].uses & 0xffffff));
  }
  void start_work(int a, double now) {
    Group &g = groups[seats[a].group];
    int x = next_for(g, now);
    if (x >= 0) { seats[a].state = Busy; push(serve_waiting(a, x, now), Word(a)); }
    else if (g.single) sit_down(a, now);
    else g.idle++;
  }
  void let_go(double now) {
    for (int v = 0; v < int(queues.size()); v++)
      while (queues[v].lets_go && queues[v].head >= 0 && unstaffed(queues[v])) {
        int x = queues[v].head;
        unlink(x);
        lost(v, slots[x].interval, LetGo, slots[x].arrived, now);
      }
  }
  void come_and_go(const Change &c) {
    Seat &seat = seats[c.server];
    Group &g = groups[seat.group];
    g.present += int(c.by);
    if (!g.single) {
      for (Int k = 0; k < c.by; k++) { if (g.idle < 0) g.idle++; else start_work(c.server, c.time); }
      if (c.by < 0) g.idle += int(c.by);
    } else if (c.by > 0) {
      if (seat.state == Off) start_work(c.server, c.time);
      else if (seat.state == Leaving) seat.state = Busy;
    } else if (seat.state == Ready) stand_up(c.server, Off);
    else if (seat.state == Busy) seat.state = Leaving;
    if (c.by < 0 && g.present == 0) let_go(c.time);
  }
  void happen(double now) {
    Word load = heap[0].load;
    if (load >> 58 == Completion) return complete(int(load), now);
    pop();
    if (load >> 58 == LineFree) { lines--; return; }
    int x = int(load >> 24 & 0xffffffff);
    if ((slots[x].uses & 0xffffff) != (load & 0xffffff)) return;
    if (load >> 58 == Overflow) return overflow(x, now);
    unlink(x);
    lost(slots[x].queue, slots[x].interval, Count(slots[x].leaves), slots[x].arrived, now);
  }
  void run() {
    open();
    const int many = int(queues.size());
    for (;;) {
      int v = 0;
      double now = coming[0];
      for (int k = 1; k < many; k++) {
        bool sooner = coming[k] < now;
        now = sooner ? coming[k] : now;
        v = sooner ? k : v;
      }
      bool from_heap = size && heap[0].time < now;
      if (from_heap) now = heap[0].time;
      if (change < changes.size() && changes[change].time <= now) { come_and_go(changes[change++]); continue; }
      if (now >= kForEver) break;
      if (!from_heap) {
        int i = queues[v].interval;
        next_arrival(v, now);
        arrive(v, i, false, queues[v].attributes, now);
      } else if (heap[0].load >> 58 == ComesBack) {
        int back = int(heap[0].load & 0xffff);
        pop();
        arrive(back, std::min(int(now / width), intervals - 1), true, returns, now);
      } else happen(now);
    }
    for (int v = 0; v < many; v++)
      for (int x = queues[v].head; x >= 0; x = slots[x].next) count(v, slots[x].interval)[Left]++;
  }
};

struct Reader {
  FILE *file;
  template <class T> Vec<T> next() {
    Int count;
    if (fread(&count, 8, 1, file) != 1) exit(2);
    Vec<T> found(count);
    if (fread(found.data(), 8, count, file) != size_t(count)) exit(2);
    return found;
  }
};

int main(int, char **given) {
  Reader in{fopen(given[1], "rb")};
  if (!in.file) return 2;
  auto shape = in.next<Int>();  // queues, intervals, groups, columns of offers, skills, stages, replications
  const Int V = shape[0], P = shape[1], G = shape[2], J = shape[3], K = shape[4], D = shape[5], R = shape[6];
  ExpX = in.next<double>(), ExpF = in.next<double>(), NormalX = in.next<double>(), NormalF = in.next<double>();
  auto streams = in.next<Word>();
  auto numbers = in.next<double>(), rates = in.next<double>();
  auto type_of = in.next<Int>(), law_kind = in.next<Int>(), law_at = in.next<Int>();
  auto law_by = in.next<double>(), values = in.next<double>(), shares = in.next<double>(), limits = in.next<double>();
  auto inclusive = in.next<Int>(), lets_go = in.next<Int>(), offers = in.next<Int>(), offer_group = in.next<Int>();
  auto offer_after = in.next<double>();
  auto offer_rank = in.next<Int>(), ties = in.next<Int>();
  auto stages = in.next<double>();
  auto skills = in.next<Int>(), skill_queue = in.next<Int>(), skill_class = in.next<Int>();
  auto skill_wait = in.next<double>();
  auto single = in.next<Int>(), server_group = in.next<Int>();
  auto server_pace = in.next<double>(), change_time = in.next<double>();
  auto change_server = in.next<Int>(), change_by = in.next<Int>();

  Floor plan;
  plan.width = numbers[0], plan.horizon = numbers[1], plan.most_lines = numbers[2], plan.intervals = int(P);
  plan.values = values, plan.coming.assign(V, 0), plan.heap.resize(2049), plan.slots.reserve(1024);
  auto law = [&](Int row, int which) {
    Int at = row * Laws + which;
    return Law{law_kind[at], law_at[2 * at], law_at[2 * at + 1], law_by[2 * at], law_by[2 * at + 1]};
  };
  plan.busyness = law(V, Busyness);
  for (Int v = 0; v < V; v++) {
    Queue q{};
    q.head = q.tail = -1, q.type = int(type_of[v]), q.ties = ties[v], q.lets_go = lets_go[v];
    q.never_waits = shares[3 * v], q.redials = shares[3 * v + 1], q.repeats = shares[3 * v + 2];
    q.in_time = limits[3 * v], q.brief = limits[3 * v + 1], q.longest = limits[3 * v + 2];
    q.in_time_tie = inclusive[2 * v], q.brief_tie = inclusive[2 * v + 1];
    for (int which = 0; which < Laws; which++) q.law[which] = law(v, which);
    for (Int j = 0; j < offers[v]; j++)
      q.offers.push_back({int(offer_group[v * J + j]), int(offer_rank[v * J + j]), offer_after[v * J + j]});
    q.stages.assign(&stages[v * D], &stages[v * D] + D);
    q.rates.assign(&rates[v * P], &rates[v * P] + P);
    q.gaps.assign(P, 0);
    plan.queues.push_back(q);
  }
  const Int pools = Int(server_group.size()) - G;
  for (Int g = 0; g < G; g++) {
    Group one{0, 0, -1, -1, single[g] != 0, int(pools + g), {}};
    for (Int j = 0; j < skills[g]; j++)
      one.skills.push_back({int(skill_queue[g * K + j]), int(skill_class[g * K + j]), skill_wait[g * K + j]});
    plan.groups.push_back(one);
  }
  for (size_t a = 0; a < server_group.size(); a++)
    plan.seats.push_back({Off, -1, -1, int(server_group[a]), 0, server_pace[a]});
  for (size_t e = 0; e < change_time.size(); e++)
    plan.changes.push_back({change_time[e], int(change_server[e]), change_by[e]});
  plan.counts.assign(V * P * kCounted, 0), plan.waits.assign(V * P * 2, 0), plan.work.assign(G * (P + 1) * 2, 0);
  plan.served.assign(V * G * 2, 0), plan.by_group.assign(G * P * 2, 0);

  FILE *out = fopen(given[3], "wb");
  for (int round = 0; round < atoi(given[2]); round++) {
    timespec a, b;
    double seconds = 0;
    Floor floor = plan;
    for (Int r = 0; r < R; r++) {
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
      floor = plan;
      const Word *s = &streams[size_t(r) * (2 + 2 * V) * 4];
      auto stream = [&](Int k) { return Stream{{s[4 * k], s[4 * k + 1], s[4 * k + 2], s[4 * k + 3]}}; };
      floor.returns = stream(0), floor.factors = stream(1);
      for (Int v = 0; v < V; v++)
        floor.queues[v].arrivals = stream(2 + 2 * v), floor.queues[v].attributes = stream(3 + 2 * v);
      floor.run();
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
      seconds += double(b.tv_sec - a.tv_sec) + 1e-9 * double(b.tv_nsec - a.tv_nsec);
      if (round == 0) {
        fwrite(floor.counts.data(), 8, floor.counts.size(), out);
        fwrite(floor.waits.data(), 8, floor.waits.size(), out);
        fwrite(floor.work.data(), 8, floor.work.size(), out);
      }
    }
    printf("%.6f\n", seconds);
  }
  fclose(out);
  return 0;
}
