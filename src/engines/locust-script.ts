/** What the exported script for Locust does with its constants, whatever the load is. Python. */
export const SCRIPT = `
if not locust.runners.__version__:  # Debian's package: a master takes no workers without one
    locust.runners.__version__ = "2"


# When requests start. Worker k of n has every n-th user, or request: indices and moments are those of one generator.

def pieces_of(stages):
    """Straight pieces of the load: (begin, end, level at the beginning, level at the end), in seconds of the window."""
    level, end = stages[0][1], 0.0
    pieces = [(float("-inf"), 0.0, level, level)]
    for duration, target in stages[1:]:
        pieces.append((end, end + duration, level, target))
        end, level = end + duration, target
    return [*pieces, (end, float("inf"), level, level)]


PIECES = pieces_of(STAGES or [[0, LEVEL]])
FIRST = PIECES[0][2]


def due_at(requests):
    """Seconds after the start of the window at which so many requests have been due."""
    for begin, end, level, target in PIECES[1:]:
        within = (level + target) / 2 * (end - begin) if level + target > 0 else 0
        if requests < within:
            if level == target:
                return begin + requests / level
            root = (level ** 2 + 2 * (target - level) * requests / (end - begin)) ** 0.5
            return begin + 2 * requests / (level + root) if requests > 0 else begin
        requests -= within
    return float("inf")


def schedule(worker, workers):
    """Moments of this worker's requests, in seconds after the start of the window, with their indices."""
    for n in range(worker, int(WARMUP * FIRST), workers):
        yield -WARMUP + n / FIRST, -1 - n
    draws, sum_of_gaps = random.Random(SEED * 1000 + worker), 0.0
    n = worker
    while True:
        if POISSON:  # n-th parts of a Poisson process, together one of the whole rate
            sum_of_gaps += draws.expovariate(1.0)
        at = due_at(sum_of_gaps * workers if POISSON else n)
        if at >= DURATION:
            return
        yield at, n
        n += workers


def ready_at(user, moment):
    """The earliest moment from one on at which a user is there; None when that is not within the window."""
    moment = max(moment, -WARMUP + user * ENTRY / FIRST if user < FIRST else 0.0)
    for begin, end, level, target in PIECES:
        if end <= moment:
            continue
        at = max(begin, moment)
        there = level if level == target else level + (target - level) * (at - begin) / (end - begin)
        if there <= user and target > user:  # they come within this piece
            at = max(at, begin + (user - level) / (target - level) * (end - begin))
        elif there <= user:
            continue
        return at if at < DURATION else None
    return None


# One connection: an outcome for every request that was sent, timed from its intended start.

def filled(text, index):
    return text.replace("{{index}}", str(index)).replace("{{uuid}}", str(uuid.uuid4())) if "{{" in text else text


class Sender:
    def __init__(self, work):
        self.work = work
        self.client = None

    def send(self, intended, index):
        """@returns whether a connection was to be had"""
        at, work = now(), self.work
        client = self.client or HTTPClient.from_url(TARGET, concurrency=1, connection_timeout=TIMEOUT, network_timeout=TIMEOUT)
        self.client = client
        timeout = gevent.Timeout(max(0.001, intended + TIMEOUT - work.begun(at)))
        outcome, status, length = "connection", 0, 0
        try:
            timeout.start()
            headers = {name: filled(value, index) for name, value in HEADERS.items()}
            headers[INDEX_HEADER] = str(index)
            answer = client.request(METHOD, filled(PATH, index), body=filled(BODY, index), headers=headers)
            outcome = "hangup"
            body = bytes(answer.read())
            status, length = answer.status_code, len(body)
            outcome = outcome_of(status, body, index)
        except gevent.Timeout:
            outcome = "timeout"
        except socket.timeout:
            outcome = "timeout"
        except ConnectionRefusedError:
            outcome = "connection"
        except Exception:  # reset, closed, or no HTTP
            outcome = "hangup" if outcome == "hangup" else "connection"
        finally:
            timeout.close()
        ended = now()
        if status == 0:
            client.close()
            self.client = None
        work.rows.append([index, intended * 1000, work.begun(at) * 1000, work.begun(ended) * 1000, outcome, status])
        events.request.fire(
            request_type=METHOD, name=PATH, response_time=(work.begun(ended) - intended) * 1000, response_length=length,
            exception=None if outcome == "ok" else Exception(outcome), context={},
        )
        return outcome != "connection"


def outcome_of(status, body, index):
    good = status in GOOD_STATUS if GOOD_STATUS else 200 <= status < 300 or status == 304
    if good:
        return "ok" if GOOD_BODY is None or filled(GOOD_BODY, index).encode() in body else "mismatch"
    return "http4xx" if 400 <= status < 500 else "http5xx" if status >= 500 else "mismatch"


# What one worker does, from the word to begin until its last answer.

now = time.monotonic
PATH = URL(TARGET).request_uri


class Work:
    def __init__(self, environment, worker, workers):
        self.environment, self.worker, self.workers = environment, worker, workers
        self.rows = []
        self.start = now() + LEAD + WARMUP
        self.clock = time.time() + LEAD + WARMUP

    def begun(self, moment):
        """Seconds since the start of the window."""
        return moment - self.start

    def run(self):
        telling = gevent.spawn(self.tell)
        if OPEN:
            self.run_schedule()
        else:
            users = range(self.worker, int(LEVEL), self.workers)
            gevent.joinall([gevent.spawn(self.run_user, user) for user in users])
        telling.kill()
        self.send_rows(last=True)

    def run_user(self, user):
        sender, moment = Sender(self), -WARMUP
        while (moment := ready_at(user, moment)) is not None:
            gevent.sleep(max(0, moment - self.begun(now())))
            reached = sender.send(moment, self.next_index(moment))
            moment = self.begun(now()) + (THINK if reached else max(THINK, 0.1))

    indices = None

    def next_index(self, moment):
        """Of the closed model: -1, -2, ... while warming up, then 0, 1, ...; worker k of n has every n-th."""
        self.indices = self.indices or {True: self.worker - self.workers, False: self.worker - self.workers}
        warming = moment < 0
        self.indices[warming] += self.workers
        return -1 - self.indices[True] if warming else self.indices[False]

    def run_schedule(self):
        idle, sending = [], []
        for moment, index in schedule(self.worker, self.workers):
            gevent.sleep(max(0, moment - self.begun(now())))
            sender = idle.pop() if idle else Sender(self)
            greenlet = gevent.spawn(sender.send, moment, index)
            greenlet.link(lambda _, sender=sender: idle.append(sender))
            sending.append(greenlet)
            if len(sending) > 1000:
                sending = [one for one in sending if not one.ready()]
        gevent.joinall(sending)

    def tell(self):
        while True:
            gevent.sleep(1)
            self.send_rows(last=False)

    def send_rows(self, last):
        rows, self.rows = self.rows, []
        told = {"worker": self.worker, "startedAt": self.clock * 1000, "rows": rows, "last": last}
        self.environment.runner.send_message("rows", told)


class Load(User):
    """The load is the workers' own: of these there is one for show."""

    fixed_count = 1

    @task
    def wait(self):
        gevent.sleep(3600)


# Master and workers. Run on one machine without a master, Locust carries messages to itself.

@events.init.add_listener
def on_init(environment, **_):
    runner = environment.runner
    if not isinstance(runner, locust.runners.MasterRunner):
        def begin(environment, msg, **_):
            gevent.spawn(Work(environment, msg.data["worker"], msg.data["workers"]).run)
        runner.register_message("begin", begin)
    if not isinstance(runner, locust.runners.WorkerRunner):
        environment.collected = Collected(environment)
        runner.register_message("rows", environment.collected.take)


class Collected:
    """The rows of all workers, in one file. Its last line says what there should be."""

    def __init__(self, environment):
        self.environment = environment
        self.file = open(os.environ.get("ROWS_FILE", ROWS), "w", encoding="utf-8")
        self.workers, self.done, self.count, self.ending = 0, set(), 0, None

    def take(self, environment, msg, **_):
        told = msg.data
        for row in told["rows"]:
            self.file.write(json.dumps({"worker": told["worker"], "startedAt": told["startedAt"], "row": row}) + "\\n")
        self.count += len(told["rows"])
        if told["last"]:
            self.done.add(told["worker"])
            self.ending = self.ending or gevent.spawn(self.wait_for_others)

    def wait_for_others(self):
        """Ends the run when everybody has told the last row who still lives."""
        while len(self.done) < self.living():
            gevent.sleep(0.5)
        gevent.sleep(1)
        self.environment.runner.quit()

    def living(self):
        clients = getattr(self.environment.runner, "clients", None)
        return 1 if clients is None else sum(clients[one].state != "missing" for one in list(clients.keys()))

    def close(self):
        total = self.environment.stats.total
        end = {"engine": "locust", "rows": self.count, "requests": total.num_requests, "workers": self.workers, "done": len(self.done)}
        self.file.write(json.dumps({"end": end}) + "\\n")
        self.file.close()


@events.test_start.add_listener
def on_start(environment, **_):
    runner = environment.runner
    if isinstance(runner, locust.runners.WorkerRunner):
        return
    ids = sorted(runner.clients.keys()) if isinstance(runner, locust.runners.MasterRunner) else [None]
    environment.collected.workers = len(ids)
    for worker, client_id in enumerate(ids):
        told = {"worker": worker, "workers": len(ids)}
        if client_id is None:
            runner.send_message("begin", told)
        else:
            runner.send_message("begin", told, client_id=client_id)


@events.quitting.add_listener
def on_quitting(environment, **_):
    if getattr(environment, "collected", None):
        environment.collected.close()
`;
