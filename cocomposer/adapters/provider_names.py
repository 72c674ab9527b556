"""The execution providers by name, for whoever only offers them: ONNX Runtime is not loaded for this."""

from enum import StrEnum


class Provider(StrEnum):
    """An execution provider of ONNX Runtime that we know how to feed."""

    CUDA = "CUDAExecutionProvider"
    DIRECTML = "DmlExecutionProvider"
    COREML = "CoreMLExecutionProvider"
    CPU = "CPUExecutionProvider"

    @property
    def word(self) -> str:
        """Its name for people and for the command line."""
        return {"CUDA": "cuda", "DIRECTML": "directml", "COREML": "coreml", "CPU": "cpu"}[self.name]

    @property
    def device(self) -> str:
        """Where its tensors live, in ONNX Runtime's words."""
        return "cuda" if self is Provider.CUDA else "cpu"


WORDS = ("auto", *(provider.word for provider in Provider))
