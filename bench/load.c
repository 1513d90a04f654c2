/* Load, and a double of the Graph API, in one small process: one thread, one epoll, nothing allocated while it runs.
 *
 * Requests are whole HTTP texts, signed beforehand, read from a file of records: u32 length, bytes.
 *
 * Without a double: every record is POSTed once, over kept connections, in a closed loop, or at a rate.
 * With a double: records are conversations of --steps messages, one customer after the other. --customers of them talk
 * at once; a customer says the next thing when the double has accepted the reply to the last. A reply is recognised by
 * the telephone number it goes to, which is --first-phone plus --phone-step for each customer before it in the file.
 *
 * It ends when every record is answered, or when it has posted for --for-s seconds and everything posted is answered.
 * Latencies are measured from the moment a request was due, so a server that falls behind cannot hide it.
 * The result goes out as one line of JSON; latencies are exact, not binned. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 2048, ROOM = 16384, TIMER = -1, LISTENER = -2 };
typedef struct { int fd, busy, size; int64_t record; char in[ROOM]; } Client;                /* towards the webhook */
typedef struct { int fd, size; char in[ROOM]; } Caller;                                      /* who sends to the double */
typedef struct { int64_t due; int slot, fd; long customer; } Answer;

static int port, graph_port, connections = 1, steps = 1, customers = 1, limit_s = 120, delay_ms, stopped;
static long first_phone, phone_step = 1, count, issued, answered, accepted, refused, extra, again;
static double rate, for_s;
static char *file, **text, *where;
static uint32_t *length;
static int64_t *due, *post_ns, *reply_ns, began;
static Client client[MOST];
static Caller caller[MOST];
static int idle[MOST], idles, epoll, timer, listener;
static long *ready, ready_head, ready_tail, next_customer;     /* records that may be posted */
static Answer *answers;
static long answers_head, answers_tail;

static void fail(const char *why) { fprintf(stderr, "load: %s: %s\n", why, strerror(errno)); exit(1); }
static int64_t now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000LL + t.tv_nsec; }
static int over(void) { long wanted = stopped ? issued : count; return answered >= wanted && (!graph_port || (accepted >= wanted && answers_head == answers_tail)); }
static int64_t tick(long n) { return began + (int64_t)(n * 1e9 / rate); }

static void watch(int fd, int64_t mark) {
    struct epoll_event e = { .events = EPOLLIN, .data.u64 = (uint64_t)mark };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e)) fail("epoll");
}

static struct sockaddr_in local(int at) {
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(at) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static void connect_client(int i) {
    int one = 1;
    struct sockaddr_in a = local(port);
    client[i].fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client[i].fd, (void *)&a, sizeof a)) fail("connect to the webhook");
    setsockopt(client[i].fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(client[i].fd, F_SETFL, O_NONBLOCK);
    client[i].size = 0;
    watch(client[i].fd, i);
}

/* Requests and answers are far smaller than a socket's buffer: a short write is a failure, not a state. */
static int write_all(int fd, const char *what, size_t size) { return send(fd, what, size, MSG_NOSIGNAL) == (ssize_t)size; }

static void post(int i, long record) {
    client[i].busy = 1;
    client[i].record = record;
    if (!write_all(client[i].fd, text[record], length[record])) {
        close(client[i].fd);
        connect_client(i);
        again++;
        if (!write_all(client[i].fd, text[record], length[record])) fail("write to the webhook");
    }
}

static void flow(void) {
    int64_t at = now();
    if (for_s && at - began > for_s * 1e9) stopped = 1;
    if (stopped && (graph_port || ready_head == ready_tail)) return;
    while (!stopped && graph_port == 0 && issued < count && (rate ? tick(issued) <= at : ready_tail - ready_head < idles)) {
        due[issued] = rate ? tick(issued) : at;
        ready[ready_tail++] = issued++;
    }
    while (idles && ready_head < ready_tail) {
        long record = ready[ready_head];
        if (graph_port && rate) {
            if (tick(issued) > at) break;
            due[record] = tick(issued);
        } else if (graph_port) due[record] = at;
        if (graph_port) issued++;
        ready_head++;
        post(idle[--idles], record);
    }
}

/* Where the body begins, when head and body are there; sets *whole to the size of both. */
static char *whole_message(char *in, int size, int *whole) {
    in[size] = 0;
    char *end = strstr(in, "\r\n\r\n");
    if (!end) return NULL;
    char *field = strcasestr(in, "\r\ncontent-length:");
    *whole = end + 4 - in + (field && field < end ? atoi(field + 17) : 0);
    return size >= *whole ? end + 4 : NULL;
}

static void hear_client(int i) {
    Client *c = &client[i];
    ssize_t got = recv(c->fd, c->in + c->size, ROOM - 1 - c->size, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {                                                       /* the server let the connection go */
        close(c->fd);
        connect_client(i);
        again++;
        if (c->busy) post(i, c->record);
        return;
    }
    int whole;
    c->size += got;
    if (!whole_message(c->in, c->size, &whole)) return;
    if (strncmp(c->in + 9, "200", 3)) refused++;
    post_ns[answered++] = now() - due[c->record];
    c->size = c->busy = 0;
    idle[idles++] = i;
}

static void take_reply(long customer, int64_t at) {
    if (customer < 0 || customer >= count / steps || where[customer] >= steps || !due[customer * steps + where[customer]]) { extra++; return; }
    long record = customer * steps + where[customer];
    reply_ns[accepted++] = at - due[record];
    if (++where[customer] < steps) ready[ready_tail++] = record + 1;
    else if (next_customer < count / steps) ready[ready_tail++] = next_customer++ * steps;
}

static void answer_send(Answer *a) {
    static long wamid;
    long phone = a->customer * phone_step + first_phone;
    char body[256], whole[512];
    int size = snprintf(body, sizeof body, "{\"messaging_product\":\"whatsapp\",\"contacts\":[{\"input\":\"%ld\",\"wa_id\":\"%ld\"}],"
        "\"messages\":[{\"id\":\"wamid.LOAD%ld.%ld\"}]}", phone, phone, began, wamid++);
    int all = snprintf(whole, sizeof whole, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", size, body);
    take_reply(a->customer, now());
    if (caller[a->slot].fd != a->fd || !write_all(a->fd, whole, all)) return;   /* the caller is gone: its affair */
}

static void hear_caller(int slot) {
    Caller *c = &caller[slot];
    ssize_t got = recv(c->fd, c->in + c->size, ROOM - 1 - c->size, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) { close(c->fd); c->fd = -1; return; }
    int whole;
    c->size += got;
    char *body = whole_message(c->in, c->size, &whole), *to = body ? strstr(body, "\"to\":") : NULL;
    if (!body) return;
    if (!to) to = strstr(body, "\"recipient\":");                                /* by BSUID; ours end in the telephone number */
    if (to) to += strcspn(to, "0123456789");
    Answer a = { now() + delay_ms * 1000000LL, slot, c->fd, to ? (atol(to) - first_phone) / phone_step : -1 };
    c->size = 0;
    if (delay_ms) answers[answers_tail++ % (2 * MOST)] = a;
    else answer_send(&a);
}

static void take_caller(void) {
    int one = 1, fd, slot = 0;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        while (slot < MOST && caller[slot].fd >= 0) slot++;
        if (slot == MOST) fail("too many callers");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        caller[slot].fd = fd;
        caller[slot].size = 0;
        watch(fd, MOST + slot);
    }
}

static void set_timer(void) {
    int64_t at = 0;
    if (rate && !stopped && issued < count && tick(issued) > now()) at = tick(issued);
    if (answers_head < answers_tail) {
        int64_t first = answers[answers_head % (2 * MOST)].due;
        if (!at || first < at) at = first;
    }
    struct itimerspec t = { .it_value = { at / 1000000000, at % 1000000000 } };
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &t, NULL);
}

static void run(void) {
    struct epoll_event found[256];
    began = now();
    while (!over()) {
        if (now() - began > limit_s * 1000000000LL) { fprintf(stderr, "load: not done in %d s: %ld posted, %ld answered, %ld accepted, %ld extra\n", limit_s, issued, answered, accepted, extra); exit(1); }
        while (answers_head < answers_tail && answers[answers_head % (2 * MOST)].due <= now()) answer_send(&answers[answers_head++ % (2 * MOST)]);
        flow();
        set_timer();
        int n = epoll_wait(epoll, found, 256, 1000);
        for (int k = 0; k < n; k++) {
            int64_t mark = (int64_t)found[k].data.u64;
            uint64_t rung;
            if (mark == TIMER) { if (read(timer, &rung, sizeof rung) < 0 && errno != EAGAIN) fail("timer"); }
            else if (mark == LISTENER) take_caller();
            else if (mark < MOST) hear_client(mark);
            else hear_caller(mark - MOST);
        }
    }
}

static int compare(const void *a, const void *b) { int64_t x = *(int64_t *)a, y = *(int64_t *)b; return (x > y) - (x < y); }

static void tell(const char *name, int64_t *ns, long n) {
    if (!n) { printf(", \"%s\": null", name); return; }
    qsort(ns, n, sizeof *ns, compare);
    printf(", \"%s\": {\"p50\": %.3f, \"p95\": %.3f, \"p99\": %.3f, \"most\": %.3f}", name,
        ns[n / 2] / 1e6, ns[n * 95 / 100] / 1e6, ns[n * 99 / 100] / 1e6, ns[n - 1] / 1e6);
}

static void read_requests(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) fail(path);
    fseek(f, 0, SEEK_END);
    long size = ftell(f), at = 0;
    rewind(f);
    file = malloc(size);
    if (fread(file, 1, size, f) != (size_t)size) fail(path);
    fclose(f);
    for (long pass = 0; pass < 2; pass++, at = 0) {
        if (pass) { text = malloc(count * sizeof *text); length = malloc(count * sizeof *length); count = 0; }
        for (; at < size; count++) {
            uint32_t n;
            memcpy(&n, file + at, 4);
            if (pass) { text[count] = file + at + 4; length[count] = n; }
            at += 4 + n;
        }
    }
}

static void prepare(void) {
    due = calloc(count, sizeof *due); post_ns = calloc(count + 1, sizeof *post_ns); reply_ns = calloc(count + 1, sizeof *reply_ns);
    ready = calloc(count + 1, sizeof *ready); where = calloc(count / steps + 1, 1); answers = calloc(2 * MOST, sizeof *answers);
    epoll = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    watch(timer, TIMER);
    for (int i = 0; i < MOST; i++) caller[i].fd = -1;
    for (int i = 0; i < connections; i++) { connect_client(i); idle[idles++] = i; }
    if (!graph_port) return;
    int one = 1;
    struct sockaddr_in a = local(graph_port);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (void *)&a, sizeof a) || listen(listener, 1024)) fail("listen for sends");
    watch(listener, LISTENER);
    for (; next_customer < customers && next_customer < count / steps; next_customer++) ready[ready_tail++] = next_customer * steps;
}

int main(int argc, char **argv) {
    const char *requests = NULL;
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *k = argv[i], *v = argv[i + 1];
        if (!strcmp(k, "--requests")) requests = v;
        else if (!strcmp(k, "--port")) port = atoi(v);
        else if (!strcmp(k, "--connections")) connections = atoi(v);
        else if (!strcmp(k, "--rate")) rate = atof(v);
        else if (!strcmp(k, "--graph-port")) graph_port = atoi(v);
        else if (!strcmp(k, "--delay-ms")) delay_ms = atoi(v);
        else if (!strcmp(k, "--steps")) steps = atoi(v);
        else if (!strcmp(k, "--customers")) customers = atoi(v);
        else if (!strcmp(k, "--first-phone")) first_phone = atol(v);
        else if (!strcmp(k, "--phone-step")) phone_step = atol(v);
        else if (!strcmp(k, "--limit-s")) limit_s = atoi(v);
        else if (!strcmp(k, "--for-s")) for_s = atof(v);
        else { fprintf(stderr, "load: what is %s?\n", k); return 2; }
    }
    if (!requests || !port || connections < 1 || connections > MOST || steps < 1) { fprintf(stderr, "load: --requests, --port, --connections\n"); return 2; }
    read_requests(requests);
    prepare();
    run();
    struct rusage used;
    double seconds = (now() - began) / 1e9;
    getrusage(RUSAGE_SELF, &used);
    printf("{\"messages\": %ld, \"seconds\": %.4f, \"refused\": %ld, \"extra\": %ld, \"reconnected\": %ld, \"cpu_s\": %.4f", answered, seconds, refused, extra, again,
        used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
    tell("post_ms", post_ns, answered);
    tell("reply_ms", reply_ns, accepted);
    puts("}");
    return 0;
}
