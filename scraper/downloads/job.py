"""One download from claim to published file."""

from __future__ import annotations

import contextlib
import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.fetching.resolvers import file_address
from scraper.downloads.fetching.transfer import transfer
from scraper.downloads.publishing.evidence import Rejected, keep_evidence, with_evidence
from scraper.downloads.publishing.finishing import PublishedFile, complete, name_of, publish_file
from scraper.downloads.publishing.place import is_file
from scraper.downloads.publishing.unpacked import is_to_be_unpacked, unpack_beside
from scraper.http.errors import FetchError
from scraper.http.retry import retried
from storage.errors import CratedigError, LeaseLostError
from storage.reasons import Reason, explain
from storage.unbroken import in_thread, unbroken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import PurePosixPath

    from scraper.downloads.content.verdict import Content
    from scraper.downloads.fetching.received import Received
    from scraper.downloads.part.part import Part
    from scraper.downloads.workshop import Workshop
    from storage.records import Download

_log = logging.getLogger(__name__)

# What says that the file is not what was wanted, not that it did not come.
_REFUSED = frozenset({Reason.NOT_AUDIO, Reason.PROBE_FAILED, Reason.HTML_INSTEAD, Reason.CHECKSUM})


async def run_job(
    download: Download,
    shop: Workshop,
    *,
    on_bytes: Callable[[int], None],
    announced: Callable[[int | None], None],
    received: Callable[[], None],
    sleep: Callable[[float], Awaitable[None]],
) -> Path:
    """Fetch, verify and publish a claimed download, acknowledge it, and return the file's path.

    The order: part file, fsync, verify, intent in the database, link to the final name, fsync of the
    folder, done. Once the intent is written a cancellation waits for the end. `on_bytes` and `announced` are
    those of `transfer`, `received` is told when all bytes are there; `sleep` passes the time before another
    try, which keeps the claim and the part. Raises `FetchError`, `DownloadError`, `VolumeError` and
    `LeaseLostError`; of the part that stays which a later claim can go on from.
    """
    with _errors_of_the_disk(download, shop):
        part = await shop.in_groups.begin(download)
        before = await in_thread(_published_before, download) if download.path is not None else None
        if before is not None:
            await in_thread(part.remove)
            return await _unpack_and_complete(download, shop, before)
        try:
            with _this_one_alone(download):
                came = await _fetch(download, shop, part, on_bytes=on_bytes, announced=announced, sleep=sleep)
            received()
            async with shop.finishing:
                with _this_one_alone(download):
                    content = await _examine(download, shop, part, came)
                    wanted = await name_of(download, shop, content.extension)
                return await _publish(download, shop, part, wanted=wanted, came=came, content=content)
        except DownloadError as error:
            raise await unbroken(_rejected(download, shop, part, error)) from error
        except BaseException as error:
            if not part.lasting or _is_final(error):
                await in_thread(_remove, part)
            raise


async def _fetch(
    download: Download,
    shop: Workshop,
    part: Part,
    *,
    on_bytes: Callable[[int], None],
    announced: Callable[[int | None], None],
    sleep: Callable[[float], Awaitable[None]],
) -> Received:
    address = file_address(download)
    with shop.volume.booking() as booking:
        fetch = partial(
            transfer,
            shop.client,
            address,
            part,
            max_bytes=shop.settings.max_bytes,
            on_bytes=on_bytes,
            bandwidth=shop.bandwidth,
            checksum=download.checksum,
            enough_room=partial(booking.need, where=address),
            announced=announced,
        )
        shop.examiner.warm()
        return await retried(fetch, attempts=shop.client.limits.attempts, sleep=sleep)


async def _examine(download: Download, shop: Workshop, part: Part, came: Received) -> Content:
    return await shop.examiner.examine(part.path, download.url, to_the_end=not came.length_known)


async def _publish(
    download: Download,
    shop: Workshop,
    part: Part,
    *,
    wanted: PurePosixPath,
    came: Received,
    content: Content,
) -> Path:
    async def publish_and_complete() -> PublishedFile:
        file = await publish_file(download, shop, part, wanted=wanted, came=came, content=content)
        if part.lasting:
            await in_thread(_remove, part)  # what is left of it: its journal
        if not is_to_be_unpacked(shop, file):
            await complete(download, shop, file)
        return file

    file = await unbroken(publish_and_complete())
    return await _unpack_and_complete(download, shop, file) if is_to_be_unpacked(shop, file) else file.path


async def _unpack_and_complete(download: Download, shop: Workshop, file: PublishedFile) -> Path:
    # To unpack takes minutes: who cancels it meets the file without its folder, which the next claim makes.
    if is_to_be_unpacked(shop, file):
        await unpack_beside(download, shop, file)
    await unbroken(complete(download, shop, file))
    return file.path


@contextlib.contextmanager
def _this_one_alone(download: Download) -> Iterator[None]:
    """Let a mistake of ours that one stranger's answer brings out fail that download, not the whole run."""
    try:
        yield
    except (CratedigError, OSError):
        raise
    except Exception as error:
        _log.exception("%s could not be downloaded", download.url)
        raise DownloadError(Reason.INTERNAL_ERROR, download.url, detail=repr(error)[:200]) from error


def _is_final(error: BaseException) -> bool:
    return isinstance(error, LeaseLostError) or (isinstance(error, FetchError) and not error.transient)


def _published_before(download: Download) -> PublishedFile | None:
    # A worker died between publishing and acknowledging: the intent that it wrote tells which file it was.
    # Its part is gone by now: if it lives after all, it published before this look or never does.
    if download.path is None or download.sha256 is None or download.bytes is None:
        return None
    path = Path(download.path)
    if not is_file(path, size=download.bytes, sha256=download.sha256):
        return None
    return PublishedFile(path=path, size=download.bytes, sha256=download.sha256)


async def _rejected(download: Download, shop: Workshop, part: Part, error: DownloadError) -> DownloadError:
    """Keep apart or remove what was refused; return the error that tells of it."""
    if part.lasting and part.resumable and explain(error.reason).transient:
        return error
    kept: str | None = None
    if shop.settings.keep_rejected and error.reason in _REFUSED:
        what = Rejected(download=download, reason=error.reason, detail=error.detail, when=shop.clock())
        try:
            kept = await in_thread(keep_evidence, shop.folder, part.name, what)
        except (DownloadError, VolumeError) as trouble:
            _log.warning("What came of %s could not be kept: %s", download.url, trouble)
    await in_thread(_remove, part)
    return DownloadError(error.reason, error.where or download.url, detail=with_evidence(error.detail, kept))


def _remove(part: Part) -> None:
    # Where even this fails, what is already raised says more; the next claim removes it.
    with contextlib.suppress(OSError):
        part.remove()


@contextlib.contextmanager
def _errors_of_the_disk(download: Download, shop: Workshop) -> Iterator[None]:
    """Raise an `OSError` of a part as what it is: one of the volume, or of the one file."""
    try:
        with shop.folder.errors(download.stem or download.key):
            yield
    except FileExistsError as error:
        detail = error.strerror or str(error)
        raise DownloadError(Reason.DISK_ERROR, str(shop.folder.incomplete), detail=detail) from error
