#!/usr/bin/env bash
# Makes a Debian or Ubuntu machine with Node.js and Python ready: packages, notebooks, TensorFlow for its GPU. The GPU
# container runs it at its creation; docs/gpu.md names it for Colab, Kaggle and rented machines. Quick where all is there.
set -euo pipefail
cd "$(dirname "$0")/../.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
if ! command -v g++ >/dev/null || [ ! -e /usr/include/faiss/Index.h ] || ! python3 -m pip --version >/dev/null 2>&1; then
  as_root apt-get update
  as_root apt-get install --yes --no-install-recommends g++ libfaiss-dev libopenblas0-openmp python3-pip python3-venv
fi

npm ci
npm run setup
npm run build
# JupyterLab and the kernel
npm run --if-present notebook -- --set-up
if nvidia-smi --list-gpus >/dev/null 2>&1; then
  npm run setup:gpu -- --yes
else
  echo "no NVIDIA GPU is seen: TensorFlow without CUDA" >&2
  npm run setup:gpu -- --cpu
fi
node bin/llm-embedding.mjs doctor
