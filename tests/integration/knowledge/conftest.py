"""An encoder, and libraries with something in them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.encoder import ArticleEncoder, Encoder
from knowledge.readings import EncoderReader
from tests.integration.knowledge.exported import exported


@pytest.fixture(scope="session")
def encoder_folder() -> Path:
    return exported()


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> Encoder:
    return Encoder.open(encoder_folder)


@pytest.fixture(scope="session")
def article_encoder(encoder_folder: Path) -> ArticleEncoder:
    encoder = Encoder.open(encoder_folder, precision="fp32", threads=2)
    return ArticleEncoder(encoder.encode, encoder.fingerprint)


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture
def reader(encoder: Encoder, thread: ThreadPoolExecutor) -> EncoderReader:
    return EncoderReader(encoder, thread)
