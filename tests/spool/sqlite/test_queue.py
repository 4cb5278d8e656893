from maild.spool.queue import Queue
from maild.spool.sqlite import SqliteQueue
from tests.spool.queue_contract import QueueContract


class TestSqliteQueue(QueueContract):
    async def open_queue(self) -> Queue:
        return SqliteQueue(self.folder / "queue.sqlite3", self.bodies)
