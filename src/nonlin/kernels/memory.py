"""Memory as written code sees it: words by index, shared words in atomic steps, numbers at an address."""

from __future__ import annotations

from typing import Any, overload

from llvmlite import ir

from nonlin.kernels.lanes import BYTE, DOUBLE, FLOAT, WORD, Lanes, Real, Truth, Whole

WORDS, PLACE = WORD.as_pointer(), BYTE.as_pointer()
ITEMS = {"f": FLOAT, "d": DOUBLE}
SIZES = {"f": 4, "d": 8}
ONE = ir.Constant(ir.IntType(32), 1)


class Words:
    """Words of 8 bytes: `words[i]` reads one, `words[i] = n` writes it, `words[i:]` are those from i on."""

    def __init__(self, lanes: Lanes, value: Any) -> None:
        self.lanes, self.value = lanes, value

    @overload
    def __getitem__(self, index: int | Whole) -> Whole: ...
    @overload
    def __getitem__(self, index: slice) -> Words: ...
    def __getitem__(self, index: int | Whole | slice) -> Whole | Words:
        if isinstance(index, slice):
            return Words(self.lanes, self._at(index.start))
        return Whole(self.lanes, self.lanes.builder.load(self._at(index)))

    def __setitem__(self, index: int | Whole, number: int | Whole) -> None:
        self.lanes.builder.store(self.lanes.whole(number).value, self._at(index))

    @property
    def address(self) -> Whole:
        """Where they begin."""
        return Whole(self.lanes, self.lanes.builder.ptrtoint(self.value, WORD))

    def shared(self) -> Shared:
        """Return the same words, read and written by several threads."""
        return Shared(self.lanes, self.value)

    def _at(self, index: int | Whole) -> Any:
        return self.lanes.builder.gep(self.value, [self.lanes.whole(index).value])


class Shared(Words):
    """Words that several threads read and write: each access is one step, and all threads see one order."""

    @overload
    def __getitem__(self, index: int | Whole) -> Whole: ...
    @overload
    def __getitem__(self, index: slice) -> Words: ...
    def __getitem__(self, index: int | Whole | slice) -> Whole | Words:
        if isinstance(index, slice):
            return super().__getitem__(index)
        return Whole(self.lanes, self.lanes.builder.load_atomic(self._at(index), "seq_cst", 8))

    def __setitem__(self, index: int | Whole, number: int | Whole) -> None:
        value = self.lanes.whole(number).value
        self.lanes.builder.store_atomic(value, self._at(index), "seq_cst", 8)

    def add(self, index: int, number: int | Whole) -> Whole:
        """Add to a word, and return what it was."""
        return self._changed("add", index, number)

    def swap(self, index: int, number: int | Whole) -> Whole:
        """Set a word, and return what it was."""
        return self._changed("xchg", index, number)

    def _changed(self, how: str, index: int, number: int | Whole) -> Whole:
        value = self.lanes.whole(number).value
        return Whole(self.lanes, self.lanes.builder.atomic_rmw(how, self._at(index), value, "seq_cst"))


class Place:
    """An address at which numbers lie, aligned or not."""

    def __init__(self, lanes: Lanes, value: Any) -> None:
        self.lanes, self.value = lanes, value

    @property
    def address(self) -> Whole:
        """The address as a number."""
        return Whole(self.lanes, self.lanes.builder.ptrtoint(self.value, WORD))

    def item(self, code: str, index: Whole) -> Place:
        """Return the place of the number with that index in an array of dtype "f" or "d"."""
        return self.after(index * SIZES[code])

    def after(self, size: Whole) -> Place:
        """Return the place so many bytes further on."""
        return Place(self.lanes, self.lanes.builder.gep(self.value, [size.value]))

    def load(self, lanes: Lanes, where: Truth | None = None) -> Real:
        """Return what lies there, a number for each lane; 0 in lanes where it is not to be touched."""
        kind = lanes.vector(lanes.item)
        place = self._holding(kind)
        if where is None:
            return Real(lanes, self.lanes.builder.load(place, align=1))
        otherwise = lanes.constant(0.0).value
        return Real(lanes, self._masked("load", kind, kind, place, ONE, where.value, otherwise))

    def store(self, number: Real, where: Truth | None = None) -> None:
        """Write a number, or one for each lane in which it is to be written."""
        kind = number.value.type
        place = self._holding(kind)
        if where is None:
            self.lanes.builder.store(number.value, place, align=1)
        else:
            self._masked("store", ir.VoidType(), kind, number.value, place, ONE, where.value)

    def _masked(self, what: str, answer: Any, vector: Any, *given: Any) -> Any:
        """Call LLVM's masked load or store, for places aligned to a byte."""
        name = f"llvm.masked.{what}.v{vector.count}{'f32' if vector.element == FLOAT else 'f64'}.p0"
        known = self.lanes.builder.module.globals
        if name not in known:
            ir.Function(self.lanes.builder.module, ir.FunctionType(answer, [g.type for g in given]), name)
        return self.lanes.builder.call(known[name], given)

    def _holding(self, kind: Any) -> Any:
        return self.lanes.builder.bitcast(self.value, kind.as_pointer())


def words_at(address: Whole) -> Words:
    """Return the words at an address."""
    return Words(address.lanes, address.lanes.builder.inttoptr(address.value, WORDS))


def place_at(address: Whole) -> Place:
    """Return the place with that address."""
    return Place(address.lanes, address.lanes.builder.inttoptr(address.value, PLACE))
