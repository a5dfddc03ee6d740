"""SwiGLU of gpt-oss: value and gate are kept within a limit, and the value is raised by 1."""

from nonlin.vocabulary import GatedDefinition, Parameter, Value, gate, sigmoid, where, x

alpha = Parameter("alpha", 1.702, "sharpness of the gate")
limit = Parameter("limit", 7.0, "the gate is at most this, the value between minus this and this")

opening = where(gate > limit, limit, gate)
value = where(x > limit, limit, where(x < -limit, -limit, x))

swiglu_clamped = GatedDefinition(
    formula=(value + 1) * opening * sigmoid(alpha * opening),
    parameters=[alpha, limit],
    source="OpenAI (2025), gpt-oss model card, arXiv:2508.10925",
    claims=[Value(at=(-1, 3), is_=0), Value(at=(1, 0), is_=0), Value(at=(100, 100), is_=55.999625026427)],
)  # fmt: skip
