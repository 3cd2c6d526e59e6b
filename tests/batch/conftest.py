"""A small workspace of made-up units, and the command line as a program of its own."""

from __future__ import annotations

import itertools
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

from generate import generate

UNITS = 24
S3_MISSING = 'no S3 server to test with: pip install "moto[server]" s3fs'


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c() -> Iterator[None]:
    """Let Ctrl-C be heard by the programs started here: a shell's job in the background hands on that it is not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of some units that can all be published; to be copied."""
    root = tmp_path_factory.mktemp("made_up")
    generate(root, UNITS, seed=7)
    return root


@pytest.fixture
def many(made_up: Path, tmp_path: Path) -> Path:
    root = tmp_path / "many"
    shutil.copytree(made_up, root)
    return root


@pytest.fixture(scope="session")
def _s3_server() -> Iterator[None]:
    """Run an S3 server on this machine, to which every ``s3://`` leads, from the processes started here too."""
    pytest.importorskip("s3fs", reason=S3_MISSING)
    server = pytest.importorskip("moto.server", reason=S3_MISSING).ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "testing")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        yield
    server.stop()


@pytest.fixture
def s3(_s3_server: None) -> str:
    """The address of a folder in an S3 store, empty."""
    import fsspec  # noqa: PLC0415 - of an extra

    bucket = f"bucket-{next(_buckets)}"
    fsspec.filesystem("s3").mkdir(bucket)
    return f"s3://{bucket}/决算/ws"


_buckets = itertools.count(1)
