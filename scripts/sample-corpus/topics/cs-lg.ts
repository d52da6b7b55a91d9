/** Machine learning. */
import type { SubfieldText, TopicText } from '../bank.js';

const r = String.raw;

const generalisation: SubfieldText = {
  style: 'learning',
  crossLists: 'stat.ML cs.AI cs.CV cs.NE',
  phenomena: r`
    out-of-distribution generalisation | performance beyond the training distribution @of
    catastrophic forgetting | loss of previously learned skills @in
    neural collapse | convergence of class means to a simplex @in
    calibration | reliability of predicted probabilities @of
    adversarial robustness | resistance to worst-case perturbations @of
    grokking | delayed generalisation after memorisation @in
    loss of plasticity | fading ability to learn @in`,
  objects: r`
    deep networks | overparameterised neural networks
    vision transformers | attention-based image classifiers
    graph neural networks | message-passing networks
    residual networks | networks with skip connections
    recurrent networks | sequence models with hidden state
    state-space models | linear recurrent sequence layers
    mixture-of-experts models | sparsely activated expert layers`,
  qualifiers: 'pretrained; shallow; quantised; wide; self-supervised; compressed',
  methods: r`
    sharpness-aware minimisation | flatness-seeking optimisation
    contrastive learning | instance discrimination
    knowledge distillation | teacher-student training
    meta-learning | learning to learn
    elastic weight consolidation | importance-weighted regularisation
    test-time adaptation | adaptation on unlabelled test batches
    mixup augmentation | convex combination of examples`,
  settings: r`
    CIFAR-100 and ImageNet | standard image-classification benchmarks
    the WILDS benchmark | a suite of real-world distribution shifts
    open graph benchmarks | large node-classification graphs
    long-range sequence tasks | sequence problems with distant dependencies
    streams of non-stationary tasks | sequences of changing tasks
    medical imaging cohorts | radiology and pathology collections`,
  results: r`
    a sharp phase transition during training | an abrupt change of training dynamics
    a trade-off between accuracy and robustness | competing clean and robust accuracy
    double descent | a second descent of the test error
    spurious feature reliance | dependence on shortcut features
    linear mode connectivity | a barrier-free path between solutions`,
  quantities: r`test accuracy; worst-group error; expected calibration error; sharpness ~ \lambda_{\max}; weight norm; learning rate ~ \eta; effective rank; batch size; number of labelled examples; depth; forgetting measure; clean accuracy; margin; training time; gradient variance`,
  effects: r`label noise; distribution shift; class imbalance; spurious correlations; data augmentation; batch normalisation; weight decay; early stopping; missing modalities; adversarial perturbations; long-tailed classes; domain gaps; duplicated examples; rank collapse; background clutter`,
  tools: r`stochastic weight averaging; low-rank adapters; spectral normalisation; replay buffers; influence functions; orthogonal initialisation; gradient clipping; temperature scaling; prototype memories; Fourier features; deep ensembles; dropout masks; curriculum schedules; entropy minimisation; feature whitening; random pruning`,
  contexts: r`medical diagnosis; autonomous driving; continual learning; edge devices; federated systems; remote sensing; fraud detection; industrial inspection; foundation models; wildlife monitoring; safety certification`,
  background: r`
    [Models trained on yesterday's data|Trained models] are asked about tomorrow's, and [their accuracy|performance] [quietly|often] erodes as the world drifts.
    A network that has memorised its training set may, [thousands of steps later|long afterwards], suddenly begin to generalise.
    [Learning a new task|Every new task] tends to overwrite the weights that [encoded|solved] the old ones.
    [A confident classifier|Confidence] is not [necessarily a correct one|the same as correctness].`,
  claims: r`
    flat minima [explain|account for] only {percent} of the variation in [test|out-of-domain] accuracy
    models of [equal|the same] accuracy can differ by {points} points on the worst group
    the final layer [alone|by itself] [carries|accounts for] most of the [degradation|loss in robustness]
    [longer|extended] training [repairs|undoes] what {E} [had|have] damaged
    the benefit of {T} [vanishes|disappears] once the {Q} is matched
    [dormant|saturated] units [accumulate|pile up] over the stream and [explain|track] the decline in accuracy
    [larger|wider] models [forget less|are better calibrated], but only [if|when] the {Q} is [tuned|scaled] accordingly`,
  formulas: r`
    the objective $\min_\theta\max_{\|\delta\|\le\epsilon}\ell(\theta;x+\delta)$
    the scaling $L(N)\propto N^{-\alpha}$
    the Hessian trace $\operatorname{tr}\nabla^2 L$`,
};

const generative: SubfieldText = {
  style: 'learning',
  crossLists: 'cs.CV stat.ML cs.CL eess.SP',
  phenomena: r`
    conditional generation | guided sampling @with
    mode collapse | loss of sample diversity @in
    fast sampling | few-step generation @from
    memorisation | reproduction of training examples @by
    inverse-problem solving | posterior sampling from corrupted data @with
    likelihood estimation | density evaluation @with
    controllable editing | localised modification of samples @with`,
  objects: r`
    diffusion models | score-based generative models
    normalising flows | invertible density models
    variational autoencoders | latent-variable autoencoders
    generative adversarial networks | adversarially trained generators
    flow-matching models | continuous-time transport models
    autoregressive models | next-token generators
    energy-based models | unnormalised density models`,
  qualifiers: 'latent; discrete; multimodal; equivariant; hierarchical; text-conditioned',
  methods: r`
    consistency training | self-consistent one-step training
    classifier-free guidance | guidance without a separate classifier
    rectified transport | straightened probability paths
    progressive distillation | stepwise compression of samplers
    Schrödinger bridges | entropic interpolation of distributions
    vector quantisation | learned discrete codebooks`,
  settings: r`
    CelebA and LSUN images | face and scene image collections
    molecular conformer data | three-dimensional molecule sets
    speech and music corpora | collections of recorded audio
    accelerated MRI scans | undersampled magnetic-resonance data
    multivariate time series | sensor and weather records
    protein backbone structures | backbones from structure databases`,
  results: r`
    a fidelity-diversity trade-off | a tension between sample quality and coverage
    state-of-the-art sample quality | the best reported sample quality
    leakage of training data | extraction of training samples
    a tenfold reduction in sampling cost | an order-of-magnitude speed-up
    posterior samples with calibrated spread | well-calibrated reconstructions`,
  quantities: r`Fréchet distance ~ d_F; number of function evaluations; guidance weight ~ w; noise level ~ \sigma; latent dimension; bits per dimension; recall; codebook size; reconstruction error; sampling temperature; inpainting quality; log-likelihood`,
  effects: r`discretisation error; score mismatch; posterior collapse; out-of-support noise; limited data; prompt ambiguity; codebook collapse; truncated schedules; exposure bias; unpaired supervision; aliasing; a mismatched prior`,
  tools: r`denoising score matching; stochastic interpolants; ordinary-differential-equation solvers; latent adapters; optimal couplings; cross-attention control; Langevin correction; perceptual losses; equivariant backbones; noise-schedule search; exponential moving averages; reparameterised gradients; Fisher divergences; wavelet decompositions`,
  contexts: r`drug discovery; image restoration; scientific simulation; data augmentation; creative tools; speech enhancement; weather forecasting; privacy auditing; materials design; video synthesis; medical imaging`,
  background: r`
    [Turning noise into data|Generation by gradual denoising] takes [hundreds of|many] network evaluations, [which is|a cost that is] prohibitive on [small|mobile] devices.
    [A generator that looks perfect|Photorealistic samples] may [cover|represent] only a fraction of the distribution it was trained on.
    [Whether generators create or copy|The line between creating and copying] has become a legal as well as a scientific question.`,
  claims: r`
    straight paths [cut|reduce] the number of solver steps from {count} to {few} [at|with] equal quality
    [duplicated|repeated] images are {factor} times more likely to be [regenerated|reproduced verbatim]
    strong guidance [oversaturates|distorts] samples because it [pushes|drives] trajectories off the data manifold
    the learned prior [transfers|carries over] to unseen [degradations|measurement operators] without [fine-tuning|retraining]
    the gap in likelihood [closes|disappears] when {E} {E:is/are} corrected
    [coarse|low-frequency] structure is [fixed|decided] in the first {percent} of the steps`,
  formulas: r`
    the score $\nabla_x\log p_t(x)$
    the reverse process $dx=[f-g^2\nabla\log p_t]\,dt+g\,d\bar w$`,
};

export const csLg: TopicText = {
  category: 'cs.LG',
  papers: 270,
  subfields: [generalisation, generative],
};
