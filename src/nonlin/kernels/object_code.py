"""Machine code as bytes: LLVM's intermediate language becomes an object file, and an object file an address."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import Any

import llvmlite.binding as llvm

from nonlin.kernels.interrupts import held_back

_inside_llvm = llvm.ffi.lib._lock  # llvmlite has no public name for it
if hasattr(os, "register_at_fork"):  # a child would wait for ever for the thread that was in LLVM
    os.register_at_fork(
        before=_inside_llvm.__enter__,
        after_in_parent=_inside_llvm.__exit__,
        after_in_child=_inside_llvm.__exit__,
    )

_kept: list[Any] = []  # code that has been handed out must stay


@dataclass(frozen=True)
class ObjectCode:
    """An object file that holds one public function.

    Attributes
    ----------
    symbol : str
        The function's name.
    code : bytes
        The whole file, for this machine's processor.
    """

    symbol: str
    code: bytes


def from_ir(text: str, symbol: str) -> ObjectCode:
    """Return the machine code of a module in LLVM's intermediate language."""
    with held_back():
        target = _target()
        module = llvm.parse_assembly(text)
        module.verify()
        builder = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=1))
        passes = builder.getModulePassManager()
        passes.run(module, builder)
        return ObjectCode(symbol, target.emit_object(module))


def load(object_code: ObjectCode) -> int:
    """Return the address of the function, which stays for the life of the process."""
    with held_back():
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _new_target())
        engine.add_object_file(llvm.ObjectFileRef.from_data(object_code.code))
        engine.finalize_object()
        _kept.append(engine)
        return int(engine.get_function_address(object_code.symbol))


def processor() -> tuple[str, str]:
    """Return the name and the features of the processor that code is made for.

    They are this machine's, unless Numba's variables NUMBA_CPU_NAME and NUMBA_CPU_FEATURES say otherwise.
    """
    name, features = os.environ.get("NUMBA_CPU_NAME"), os.environ.get("NUMBA_CPU_FEATURES")
    if name is None and features is None:
        return _host()
    return name or "generic", features or ""


@cache
def _host() -> tuple[str, str]:
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def has_wide_vectors() -> bool:
    """Tell whether the processor has vectors of 512 bits."""
    return "+avx512f" in processor()[1].split(",")


@cache
def _target() -> Any:
    return _new_target()


def _new_target() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    name, features = processor()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(name, features, opt=2, codemodel="jitdefault", jit=True)
