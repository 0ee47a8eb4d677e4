"""Over HTTP: resumed by ranges, proved by digest, wherever it breaks off."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from edge.updates import fetching
from edge.updates.fetching import Cloud, fetch, source
from edge.updates.refusals import NotNow, UpdateRefused
from protocols.envelope.release import Archive

DATA = bytes(range(256)) * 4096  # 1 MiB
SHA = hashlib.sha256(DATA).hexdigest()
ARCHIVE = Archive(platform="p", python="3.11", name="a.tar.gz", size=len(DATA), sha256=SHA, files_sha256=SHA)


class Server(ThreadingHTTPServer):
    """Serves one archive; ``breaks`` are the lengths after which an answer breaks off."""

    ranges, data = True, DATA

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.breaks, self.asked = [], []


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        asked = self.headers.get("Range")
        server.asked.append((self.path, asked))
        if not self.path.endswith(SHA):
            return self.send_error(404)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and server.ranges else 0
        body = server.data[start:]
        self.send_response(206 if asked and server.ranges else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: server.breaks.pop(0)] if server.breaks else body)
        return None

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def origin(server):
    return Cloud(f"http://127.0.0.1:{server.server_port}/gateways/v1/releases/{'0' * 64}")


@pytest.mark.edge(
    "EDGE-187", "A download that breaks off goes on where it stopped, and counts only with the signed digest."
)
def test_a_download_goes_on_where_it_broke_off(server, tmp_path):
    server.breaks = [300_000, 500_000]
    into = tmp_path / "archive"
    lengths = []
    for _ in range(2):
        with pytest.raises(NotNow, match="goes on where it stopped"):
            fetch(origin(server), ARCHIVE, into)
        lengths.append(into.stat().st_size)
    fetch(origin(server), ARCHIVE, into)
    assert into.read_bytes() == DATA
    assert lengths == [300_000, 800_000]
    assert [asked for _, asked in server.asked] == [None, "bytes=300000-", "bytes=800000-"]


def test_a_server_without_ranges_begins_anew(server, tmp_path):
    server.ranges = False
    into = tmp_path / "archive"
    into.write_bytes(DATA[:1000])
    fetch(origin(server), ARCHIVE, into)
    assert into.read_bytes() == DATA


def test_damaged_bytes_are_thrown_away(server, tmp_path):
    server.data = DATA[:-1] + b"?"
    into = tmp_path / "archive"
    with pytest.raises(NotNow, match="damaged"):
        fetch(origin(server), ARCHIVE, into)
    assert not into.exists()


def test_more_than_was_signed_is_refused(server, tmp_path):
    server.data = DATA + b"more"
    with pytest.raises(UpdateRefused, match="larger than was signed"):
        fetch(origin(server), ARCHIVE, tmp_path / "archive")
    assert (tmp_path / "archive").stat().st_size <= len(DATA)


def test_a_cloud_that_has_no_such_release_is_asked_later(server):
    with pytest.raises(NotNow, match=r"\(404\)"):
        origin(server).manifest()
    assert server.asked == [(f"/gateways/v1/releases/{'0' * 64}", None)]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host/x"])
def test_only_http_is_fetched_from(url):
    with pytest.raises(UpdateRefused, match="not an address") as refusal:
        source(url).manifest()
    assert url in str(refusal.value)


def test_nobody_there(tmp_path):
    with pytest.raises(NotNow, match="URLError"):
        Cloud("http://127.0.0.1:1/x").manifest()
    with pytest.raises(NotNow, match=r"manifest\.json cannot be read"):
        source(str(tmp_path)).manifest()
    assert fetching.PATIENCE_S > 0
