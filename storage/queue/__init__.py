"""The download queue: its port, and the implementation in SQL."""

from __future__ import annotations

from storage.queue.port import DownloadQueue
from storage.queue.sql import Queue

__all__ = ["DownloadQueue", "Queue"]
