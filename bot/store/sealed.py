"""The column type for people's words and identifiers: sealed at rest, plain in the program."""

from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Column, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from bot.store.keyring import Keyring

T = TypeVar("T")


class Seal(Protocol):
    """Makes a sealed column, named by its place: table.column."""

    def __call__(self, place: str, *, nullable: bool = False) -> Column[Any]: ...


class Sealed(TypeDecorator[T], Generic[T]):
    """A value of one type, kept as sealed JSON. `place` is the column's full name."""

    impl = LargeBinary
    cache_ok = True  # compared by the identity of adapter and key ring

    def __init__(self, adapter: TypeAdapter[T], keyring: Keyring, place: str) -> None:
        super().__init__()
        self.adapter = adapter
        self.keyring = keyring
        self.place = place

    @override
    def process_bind_param(self, value: T | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return self.keyring.seal(self.adapter.dump_json(value), place=self.place)

    @override
    def process_result_value(self, value: bytes | None, dialect: Dialect) -> T | None:
        return None if value is None else self.opened(value)

    def opened(self, value: bytes) -> T:
        """What a sealed value holds."""
        return self.adapter.validate_json(self.keyring.open(value, place=self.place))
