"""
The checkout chain in Python, to compare the engine with: the same closed loop as the other programs. With SimPy when it can be
imported, otherwise with the standard library's heapq, which is what SimPy itself keeps its events in: a lower bound of
what SimPy takes.

python3 checkout.py USERS WORKERS SECONDS
prints: requests, seconds of CPU, median response time (ms), library
"""
import math
import random
import sys
import time
from heapq import heappop, heappush

P50 = [300.0, 200.0, 400.0, 150.0]
SIGMA = math.log(3) / 2.3263478740408408


def with_simpy(simpy, users, workers, end):
    env = simpy.Environment()
    services = [simpy.Resource(env, capacity=workers) for _ in P50]
    times = []

    def user(number):
        yield env.timeout(1000.0 * number / users)
        while env.now < end:
            sent = env.now
            for service, p50 in zip(services, P50):
                with service.request() as place:
                    yield place
                    yield env.timeout(p50 * random.lognormvariate(0, SIGMA))
            times.append(env.now - sent)

    for number in range(users):
        env.process(user(number))
    env.run()
    return times


def with_heapq(users, workers, end):
    steps = len(P50)
    heap = []
    busy = [0] * steps
    queues = [[] for _ in P50]
    heads = [0] * steps
    step_of = [-1] * users
    sent_at = [0.0] * users
    times = []
    order = 0
    for number in range(users):
        heappush(heap, (1000.0 * number / users, order, number))
        order += 1
    draw = random.lognormvariate
    while heap:
        now, _, user = heappop(heap)
        step = step_of[user]
        if step >= 0:
            busy[step] -= 1
            if heads[step] < len(queues[step]):
                following = queues[step][heads[step]]
                heads[step] += 1
                busy[step] += 1
                heappush(heap, (now + P50[step] * draw(0, SIGMA), order, following))
                order += 1
            if step == steps - 1:
                times.append(now - sent_at[user])
        if step < 0 or step == steps - 1:
            if now >= end:
                continue
            sent_at[user] = now
            step = -1
        step += 1
        step_of[user] = step
        if busy[step] < workers:
            busy[step] += 1
            heappush(heap, (now + P50[step] * draw(0, SIGMA), order, user))
            order += 1
        else:
            queues[step].append(user)
    return times


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: checkout.py USERS WORKERS SECONDS")
    users, workers, end = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) * 1000
    random.seed(1)
    begun = time.process_time()
    try:
        import simpy

        times, library = with_simpy(simpy, users, workers, end), "simpy"
    except ImportError:
        times, library = with_heapq(users, workers, end), "heapq"
    seconds = time.process_time() - begun
    times.sort()
    print(len(times), f"{seconds:.6f}", f"{times[len(times) // 2]:.1f}", library)


main()
