"""Floors A and B of ``simulated_floors`` in SimPy and in Ciw, as their own users write them; test peers only.

Each answers with CPU seconds and what it counted: offered, abandoned, in time.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Iterator
from math import log, sqrt
from typing import Any

from simulated_floors import (
    PACE_B,
    PATIENCE_B,
    POOLS_B,
    RATES_B,
    REDIAL_AFTER_B,
    REDIAL_B,
    TO_GROUPS_B,
    TO_TYPES_B,
)

WITHIN = 1 / 15
SIGMA = sqrt(log(2.0))
Counts = dict[str, int]


def simpy_a(contacts: int, seed: int) -> tuple[float, Counts]:
    """A resource of 100 and a process for each contact that waits for it or for its patience."""
    import simpy

    rng, env = random.Random(seed), simpy.Environment()
    agents, told = simpy.Resource(env, 100), {"offered": 0, "abandoned": 0, "in_time": 0}

    def contact() -> Iterator[Any]:
        began = env.now
        told["offered"] += 1
        with agents.request() as asked:
            if not asked.triggered:
                yield asked | env.timeout(rng.expovariate(1.0))
                if not asked.triggered:
                    told["abandoned"] += 1
                    return
            told["in_time"] += env.now - began <= WITHIN
            yield env.timeout(rng.expovariate(1.0))

    def arrivals() -> Iterator[Any]:
        for _ in range(contacts):
            yield env.timeout(rng.expovariate(95.0))
            env.process(contact())

    until = env.process(arrivals())
    start = time.process_time()
    env.run(until=until)
    return time.process_time() - start, told


def simpy_b(contacts: int, seed: int) -> tuple[float, Counts]:  # noqa: C901  processes are closures in SimPy
    """Queues and idle counts by hand, an event for each contact that waits."""
    import simpy

    rng, env = random.Random(seed), simpy.Environment()
    idle, queues = list(POOLS_B), [deque() for _ in range(3)]
    told, fresh = {"offered": 0, "abandoned": 0, "in_time": 0}, [0]

    def serve(group: int) -> Iterator[Any]:
        yield env.timeout(rng.lognormvariate(-SIGMA * SIGMA / 2, SIGMA) * PACE_B[group])
        for kind in TO_TYPES_B[group]:
            while queues[kind]:
                event, gone = queues[kind].popleft()
                if not gone[0]:
                    gone[0] = True
                    event.succeed(group)
                    return
        idle[group] += 1

    def contact(kind: int) -> Iterator[Any]:
        began = env.now
        told["offered"] += 1
        for group in TO_GROUPS_B[kind]:
            if idle[group]:
                idle[group] -= 1
                told["in_time"] += 1
                yield from serve(group)
                return
        event, gone = env.event(), [False]
        queues[kind].append((event, gone))
        yield event | env.timeout(rng.expovariate(1 / PATIENCE_B[kind]))
        if not event.triggered:
            gone[0] = True
            told["abandoned"] += 1
            if rng.random() < REDIAL_B:
                env.process(again(kind))
            return
        told["in_time"] += env.now - began <= WITHIN
        yield from serve(event.value)

    def again(kind: int) -> Iterator[Any]:
        yield env.timeout(rng.expovariate(1 / REDIAL_AFTER_B))
        env.process(contact(kind))

    def arrivals(kind: int) -> Iterator[Any]:
        while fresh[0] < contacts:
            yield env.timeout(rng.expovariate(RATES_B[kind]))
            fresh[0] += 1
            env.process(contact(kind))

    sources = [env.process(arrivals(kind)) for kind in range(3)]
    start = time.process_time()
    env.run(until=sources[0])
    return time.process_time() - start, told


def ciw_a(contacts: int, seed: int) -> tuple[float, Counts]:
    """A node with 100 servers and reneging."""
    import ciw

    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(95.0)],
        service_distributions=[ciw.dists.Exponential(1.0)],
        number_of_servers=[100],
        reneging_time_distributions=[ciw.dists.Exponential(1.0)],
    )
    start = time.process_time()
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(contacts, method="Arrive")
    records = simulation.get_all_records(only=["service", "renege"])
    seconds = time.process_time() - start
    lost = sum(record.record_type == "renege" for record in records)
    in_time = sum(record.record_type == "service" and record.waiting_time <= WITHIN for record in records)
    return seconds, {"offered": len(records), "abandoned": lost, "in_time": in_time}


def ciw_b(contacts: int, seed: int) -> tuple[float, Counts]:
    """Servers of one node with skills need a node of our own; redials go through a node that only delays."""
    import ciw

    ciw.seed(seed)
    names = [f"kind {kind}" for kind in range(3)]
    exponential = ciw.dists.Exponential
    network = ciw.create_network(
        arrival_distributions={name: [exponential(RATES_B[k]), None] for k, name in enumerate(names)},
        service_distributions={name: [exponential(1.0), exponential(1 / REDIAL_AFTER_B)] for name in names},
        number_of_servers=[sum(POOLS_B), float("inf")],
        priority_classes={name: k for k, name in enumerate(names)},
        reneging_time_distributions={name: [exponential(1 / PATIENCE_B[k]), None] for k, name in enumerate(names)},
        routing={name: ciw.routing.NetworkRouting([_redialling(ciw)(), ciw.routing.Direct(to=1)]) for name in names},
    )
    start = time.process_time()
    simulation = ciw.Simulation(network, node_class=_skilled(ciw))
    simulation.simulate_until_max_customers(contacts, method="Arrive")
    records = [one for one in simulation.get_all_records(only=["service", "renege"]) if one.node == 1]
    seconds = time.process_time() - start
    lost = sum(record.record_type == "renege" for record in records)
    in_time = sum(record.record_type == "service" and record.waiting_time <= WITHIN for record in records)
    return seconds, {"offered": len(records), "abandoned": lost, "in_time": in_time}


def _redialling(ciw: Any) -> type:
    class Redialling(ciw.routing.NodeRouting):  # type: ignore[misc]
        """Who was served leaves; of those who reneged some go to the delay."""

        def __init__(self) -> None:
            pass

        def next_node(self, _individual: Any) -> Any:
            return self.simulation.nodes[-1]

        def next_node_for_jockeying(self, _individual: Any) -> Any:
            return self.simulation.nodes[2 if random.random() < REDIAL_B else -1]

    return Redialling


def _skilled(ciw: Any) -> type:  # noqa: C901  one class of Ciw
    class Skilled(ciw.Node):  # type: ignore[misc]
        """Node 1 has pools: who arrives goes to the first pool in order, who is free takes the first kind in order."""

        def __init__(self, number: int, simulation: Any) -> None:
            super().__init__(number, simulation)
            if number == 1:
                pools = [pool for pool, size in enumerate(POOLS_B) for _ in range(size)]
                for server, pool in zip(self.servers, pools, strict=True):
                    server.pool = pool

        def find_free_server(self, individual: Any) -> Any:
            if self.id_number != 1:
                return super().find_free_server(individual)
            for pool in TO_GROUPS_B[int(individual.customer_class[-1])]:
                for server in self.servers:
                    if server.pool == pool and not server.busy:
                        return server
            return None

        def begin_service_if_possible_accept(self, individual: Any) -> None:
            if self.id_number != 1:
                super().begin_service_if_possible_accept(individual)
                return
            individual.arrival_date = self.now
            individual.reneging_date = self.get_reneging_date(individual)
            server = self.find_free_server(individual)
            if server is not None:
                self._begin(server, individual)

        def begin_service_if_possible_release(self, _next: Any, server: Any) -> None:
            if self.id_number != 1:
                return
            server.next_end_service_date = float("inf")
            for kind in TO_TYPES_B[server.pool]:
                waiting = next((one for one in self.individuals[kind] if not one.server), None)
                if waiting is not None:
                    self._begin(server, waiting)
                    return

        def _begin(self, server: Any, individual: Any) -> None:
            self.attach_server(server, individual)
            individual.service_start_date = self.now
            mean_1 = random.lognormvariate(-SIGMA * SIGMA / 2, SIGMA)
            individual.service_time = mean_1 * PACE_B[server.pool]
            individual.service_end_date = self.now + individual.service_time
            self.number_in_service += 1
            server.next_end_service_date = individual.service_end_date

    return Skilled
