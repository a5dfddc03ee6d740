"""The frameworks whose words are known, and how people shorten their import paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nonlin.errors import InvalidInput, did_you_mean


@dataclass(frozen=True)
class Framework:
    """A framework whose words for activations are known.

    Attributes
    ----------
    word : str
        What `dialect=` takes.
    title : str
        Its name in sentences.
    also : tuple of str
        Other words for it, and other roots of its import paths.
    homes : tuple of str
        Its modules; of several functions with one name, a bare name means that of the earliest.
    short : mapping of str to str
        Modules that people write instead: `F` for torch.nn.functional, `flax.linen`, which has jax.nn's functions.
    in_place : str
        How the names of functions end that write over their input; they mean what they mean without it.
    """

    word: str
    title: str
    also: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()
    short: Mapping[str, str] = field(default_factory=dict)
    in_place: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """All words for it."""
        return (self.word, *self.also)

    def rank(self, spelling: str) -> int:
        """Return the place of a spelling's module among the homes."""
        home = spelling.rpartition(".")[0]
        return self.homes.index(home) if home in self.homes else len(self.homes)


FRAMEWORKS = (
    Framework(
        "torch", "PyTorch", ("pytorch",), ("torch.nn.functional", "torch.nn", "torch", "torch.special"),
        {"f": "torch.nn.functional", "nnf": "torch.nn.functional"}, in_place="_",
    ),
    Framework(
        "keras", "Keras", ("tf.keras",), ("keras.activations", "keras.layers", "keras.ops"),
        {"keras.ops": "keras.activations", "ops": "keras.activations"},
    ),
    Framework(
        "jax", "JAX and Flax", ("flax",), ("jax.nn", "jax.numpy", "flax.linen", "flax.nnx"),
        {"jnp": "jax.numpy"} | dict.fromkeys(["flax.linen", "flax.nnx", "linen", "nnx"], "jax.nn"),
    ),
    Framework("onnx", "ONNX", ("ai.onnx",)),
    Framework("hf", "Hugging Face", ("transformers", "huggingface")),
    Framework("timm", "timm", ("pytorch-image-models",)),
    Framework("mlx", "MLX", (), ("mlx.nn", "mlx.core"), {"mx": "mlx.core"}),
    Framework("tinygrad", "tinygrad", (), ("tinygrad.Tensor",)),
    Framework("tfa", "TensorFlow Addons", ("tensorflow_addons", "tf_addons")),
)  # fmt: skip

_BY_WORD = {word: framework for framework in FRAMEWORKS for word in framework.words}


def framework(dialect: object) -> Framework:
    """Return the framework of a word such as "torch" or "PyTorch", in any case.

    Raises
    ------
    InvalidInput
        If no framework is called so; the message lists all.
    """
    found = _BY_WORD.get(str(dialect).strip().lower())
    if found is None:
        known = ", ".join(f.word for f in FRAMEWORKS)
        raise InvalidInput(
            f"no dialect is called {dialect!r}.{did_you_mean(str(dialect), _BY_WORD)} Dialects: {known}"
        )
    return found


def framework_of_path(word: str) -> Framework | None:
    """Return the framework that a dotted path begins with, such as that of "torch.nn.silu"."""
    return next((f for w, f in _BY_WORD.items() if word.startswith(f"{w}.")), None)
