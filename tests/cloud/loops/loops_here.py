"""People with tests and medicines ordered, and tasks brought to any state the way the house draws."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from cloud.kernel.clock import now
from cloud.kernel.ids import uuid7
from cloud.loops import ordering, services
from cloud.loops.ordering import Drug, Test
from cloud.people.models import Patient
from cloud.queue import queries
from cloud.queue import services as queue
from cloud.queue.choices import Step as State
from cloud.queue.models import Task
from cloud.worklist import services as worklist
from protocols.queue.machines import DRAWN, Machine
from tests.cloud.queue.store_here import Open

BORN = date(1958, 3, 4)
GTIN = "09506000134352"
CODE = f"]d201{GTIN}1730123110L-7"
READY = {
    "identified": {"number": "R-1", "born": "1958-03-04"},
    "in_progress": {"eye": "yes", "drops": "yes"},
    "told": {"how": "in person"},
    "reserved": {"looked": "yes"},
    "picked": {"lot": "L-7", "expiry": "2099-12-31"},
    "handed_out": {"number": "R-1", "code": "L-7"},
}


@dataclass
class Loop:
    """An open store with Grace in the doctor's room; ``step`` is the doctor's."""

    store: Open
    step: int
    stay: int
    ticket: str

    def work(self):
        return self.store.work()

    def tests(self, *wanted, **told):
        """Alice orders tests; their numbers."""
        with self.work() as session:
            tests = [Test(one, **told) for one in wanted or ("oct_macula",)]
            made = ordering.tests(session, self.store.step(session, self.step), tests, by=self.store.world.alice.id)
            return [one.id for one in made]

    def medicine(self, name="Fluorometholone 0.1 %", **told):
        """Alice sends a medicine to the dispensary; its number."""
        with self.work() as session:
            one = self.store.step(session, self.step)
            return ordering.medicines(session, one, [Drug(name, **told)], by=self.store.world.alice.id)[0].id

    def task(self, number):
        """As it stands."""
        with self.work() as session:
            return queries.task(session, number, self.store.world.pier.id)

    def state(self, number):
        """How far it is."""
        return self.task(number).state

    def step_state(self, number=None):
        """How far the doctor's step is."""
        with self.work() as session:
            return self.store.step(session, number or self.step).step.state

    def at(self, sort):
        """Steps of Grace at the stations of a sort, by state."""
        with self.work() as session:
            steps = queries.steps_of(session, [self.stay])[self.stay]
            return [one.state for one in steps if one.station_id == self.store.stations[sort]]

    def done(self, number):
        """The instrument's result comes home."""
        with self.work() as session:
            task = session.get(Task, (self.store.world.one, number))
            worklist.arrive(session, task.order_id, uuid7())

    def follow(self):
        """What goes on by itself."""
        with self.work() as session:
            return services.follow(session, self.store.world.pier.id)

    def post(self, client, task, *states, **said):
        """Press deeds one after the other, each with what it asks for; the last answer."""
        for one in states:
            data = READY.get(one, {}) | said
            answer = client.post(f"/loops/tasks/{task}/turn/{one}", data=data, follow_redirects=True)
            assert answer.status_code == 200
        return answer.text


def loop(store: Open, *, born=BORN, state=State.EXAM_DRAFT) -> Loop:
    """Grace, known by her birth date, is being examined by Alice."""
    world = store.world
    with store.work() as session:
        session.get(Patient, (world.one, world.grace)).birth_date = born
        step = store.at_doctor(session, patient_id=world.grace)
        one = store.step(session, step)
        for becomes in (State.IN_ROOM, State.EXAM_DRAFT):
            queue.turn(session, one, becomes, by=world.alice.id)
            if becomes == state:
                break
        return Loop(store, step, one.stay.id, one.stay.ticket)


def way(machine, state):
    """States from the beginning to this one, the shortest that is drawn."""
    drawn, found = DRAWN[Machine(machine)], {"": []}
    heads = [""]
    while heads:
        at = heads.pop(0)
        for one in sorted(drawn.get(at, ())):
            if one not in found:
                found[one] = [*found[at], one]
                heads.append(one)
    return found[state]


def put(at: Loop, machine, state):
    """A task in this state, by SQL along what is drawn; its number."""
    world, first = at.store.world, way(machine, state)[0]
    stamp = {"by": world.alice.id, "through": "page", "moved_at": now()}
    whose = {"store_id": world.pier.id, "stay_id": at.stay, "patient_id": world.grace, "asked_by": world.alice.id}
    with at.work() as session:
        task = Task(**whose, what="x", amount=0, told={}, machine=machine, state=first, **stamp)
        session.add(task)
        session.flush()
        for one in way(machine, state)[1:]:
            moved = text("UPDATE queue_task SET state = :one, moved_at = clock_timestamp() WHERE id = :id")
            session.execute(moved, {"one": one, "id": task.id})
        return task.id
