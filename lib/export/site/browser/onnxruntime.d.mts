/** `onnxruntime-web/wasm`, which an export copies beside the page's own files. */
export { env, InferenceSession, Tensor } from 'onnxruntime-common';
