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
    a trade-off between accuracy and robustness | competition of clean with robust accuracy
    double descent | a second descent of the test error
    spurious feature reliance | dependence on shortcut features
    linear mode connectivity | a barrier-free path between solutions`,
  quantities: r`test accuracy; worst-group error; expected calibration error; sharpness ~ \lambda_{\max}; weight norm; learning rate ~ \eta; effective rank; batch size; number of labelled examples; depth; forgetting measure; clean accuracy; margin; training time; gradient variance`,
  effects: r`label noise; distribution shift; class imbalance; spurious correlations; data augmentation; batch normalisation; weight decay; early stopping; missing modalities; adversarial perturbations; long-tailed classes; domain gaps; duplicated examples; rank collapse; background clutter`,
  tools: r`stochastic weight averaging; low-rank adapters; spectral normalisation; replay buffers; influence functions; orthogonal initialisation; gradient clipping; temperature scaling; prototype memories; Fourier features; deep ensembles; dropout masks; curriculum schedules; entropy minimisation; feature whitening; random pruning`,
  contexts: r`medical diagnosis; autonomous driving; continual learning; edge devices; federated systems; remote sensing; fraud detection; industrial inspection; foundation models; wildlife monitoring; safety certification`,
  examples: r`CIFAR-10; ImageNet-C; Waterbirds; Camelyon17; MNIST; ResNet-18; modular addition; iNaturalist; CelebA hair colour; the Tiny-ImageNet split; DomainNet; ViT-B/16; Split CIFAR; colored digits; ObjectNet; AutoAugment`,
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
  quantities: r`Fréchet distance ~ d_F; number of function evaluations; guidance weight ~ w; noise level ~ \sigma; latent dimension; coding cost in bits; recall; codebook size; reconstruction error; sampling temperature; inpainting quality; log-likelihood`,
  effects: r`discretisation error; score mismatch; posterior collapse; out-of-support noise; limited data; prompt ambiguity; codebook collapse; truncated schedules; exposure bias; unpaired supervision; aliasing; a mismatched prior`,
  tools: r`denoising score matching; stochastic interpolants; ordinary-differential-equation solvers; latent adapters; optimal couplings; cross-attention control; Langevin correction; perceptual losses; equivariant backbones; noise-schedule search; exponential moving averages; reparameterised gradients; Fisher divergences; wavelet decompositions`,
  contexts: r`drug discovery; image restoration; scientific simulation; data augmentation; creative tools; speech enhancement; weather forecasting; privacy auditing; materials design; video synthesis; medical imaging`,
  examples: r`Stable Diffusion; FFHQ; LAION; CelebA-HQ; LibriSpeech; QM9; fastMRI; DDPM; EDM; Glow; VQ-GAN; MusicNet; GEOM-Drugs; ImageNet-64; StyleGAN; LSUN churches`,
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

const federated: SubfieldText = {
  style: 'learning',
  crossLists: 'cs.CR cs.DC stat.ML',
  phenomena: r`
    privacy-preserving training | confidential learning @of
    client drift | divergence of local updates @in
    machine unlearning | removal of training influence @from
    membership inference | detection of training membership @against
    backdoor attacks | poisoning by hidden triggers @on
    communication-efficient optimisation | training under bandwidth limits @of
    personalisation | adaptation to individual clients @in`,
  objects: r`
    federated learners | decentralised learning systems
    on-device models | models running on phones
    split neural networks | networks divided between client and server
    gradient-boosted trees | boosted decision ensembles
    peer-to-peer learners | serverless learning networks
    keyboard prediction models | next-word models on handsets
    hospital consortia | collaborating clinical sites`,
  qualifiers: 'cross-silo; asynchronous; heterogeneous; encrypted; resource-constrained; vertically partitioned',
  methods: r`
    differential privacy | noisy clipped training
    secure aggregation | cryptographic summation of updates
    gradient compression | sparsified and quantised updates
    proximal local training | regularised local objectives
    Byzantine-robust aggregation | outlier-resistant averaging
    clustered aggregation | grouping of similar clients
    influence-based deletion | approximate retraining by influence`,
  settings: r`
    LEAF handwriting data | federated character recognition
    multi-hospital intensive-care records | records of several hospitals
    non-identical splits of CIFAR-10 | label-skewed image partitions
    a fleet of simulated handsets | emulated mobile devices
    cross-bank transaction data | payments at several banks
    speech commands from many speakers | keyword audio by speaker`,
  results: r`
    a privacy-utility frontier | the price of confidentiality
    verifiable removal of records | certified forgetting
    leakage through shared gradients | reconstruction from updates
    fairness gaps between clients | uneven client accuracy
    convergence with few communication rounds | linear speed-up in the number of clients`,
  quantities: r`privacy budget ~ \varepsilon; attack success rate; number of communication rounds; client participation rate; clipping norm; upload volume; heterogeneity level; worst-client accuracy; noise multiplier; staleness; memory footprint; unlearning time; energy consumption; false-positive rate; number of local epochs; compression ratio`,
  effects: r`non-identical client data; stragglers; colluding clients; partial participation; honest-but-curious servers; label skew; device dropout; correlated noise; free riders; concept drift; intermittent connectivity; gradient inversion; unequal hardware; malicious updates; sparse feedback; clock skew`,
  tools: r`Rényi accountants; homomorphic encryption; low-rank updates; momentum correction; shadow models; error feedback; trimmed means; canary insertion; knowledge transfer; trusted hardware; random masks; variance-reduced updates; anomaly scores; shuffling amplification; public proxy data; adaptive clipping; hypernetworks; Shapley values`,
  contexts: r`digital health; finance; mobile keyboards; smart grids; vehicle fleets; regulatory compliance; the Internet of Things; drug trials across borders; advertising measurement`,
  examples: r`EMNIST; MIMIC-IV; Shakespeare lines; StackOverflow tags; FedAvg; SCAFFOLD; DP-SGD; Adult census data; Purchase-100; TinyImageNet`,
  background: r`
    [Data that may not leave the hospital|Records that must stay where they are] can still [teach|train] a shared model, if [updates travel instead|only gradients travel].
    [The right to be forgotten|Deletion requests] [collides|sit uneasily] with models that have [absorbed|digested] every record.
    [An attacker|Anyone] who sees [gradients|updates] may reconstruct the [pictures|examples] behind them.
    [Phones|Participating devices] drop out, [lag behind|run late] and hold data unlike [anyone else's|that of others].`,
  claims: r`
    [membership|training membership] can be inferred with {percent} advantage [even|] at a privacy budget [usually considered|thought to be] safe
    {few} [malicious|colluding] clients [suffice|are enough] to plant a trigger that [survives|outlives] {count} rounds of clean training
    local steps help [up to|until] about {few} epochs and [hurt|slow convergence] beyond
    uploads shrink by a factor of {factor} [at|with] no loss in [accuracy|worst-client accuracy]
    removed records remain [detectable|traceable] unless {E} {E:is/are} addressed
    [the largest|data-rich] clients gain {points} points while the [smallest|poorest] lose`,
  formulas: r`
    an $(\varepsilon,\delta)$-guarantee with $\delta=10^{-5}$
    the update $w\leftarrow w-\eta\sum_kp_kg_k$
    the rate $\mathcal{O}(1/\sqrt{nKT})$`,
};

const reinforcement: SubfieldText = {
  style: 'learning',
  crossLists: 'cs.AI cs.RO stat.ML cs.MA',
  phenomena: r`
    offline policy learning | learning from logged transitions @for
    sparse-reward exploration | discovery of rare rewards @by
    reward misspecification | exploitation of proxy objectives @by
    sim-to-real transfer | transfer from simulators @of
    value overestimation | optimistic bootstrapping errors @in
    imitation from demonstrations | behaviour cloning @by
    safe control | constraint-satisfying behaviour @of`,
  objects: r`
    actor-critic agents | policy-gradient agents with critics
    model-based agents | agents that plan in learned models
    legged robots | walking machines
    dexterous manipulators | multi-fingered robot hands
    goal-conditioned policies | policies indexed by goals
    world models | latent dynamics predictors
    Q-learning agents | value-based agents`,
  qualifiers: 'off-policy; risk-averse; hierarchical; pixel-based; cooperative; population-based',
  methods: r`
    conservative value estimation | pessimistic critics
    hindsight relabelling | retrospective goal replacement
    curiosity-driven exploration | intrinsic novelty bonuses
    trajectory optimisation with diffusion | diffusion planning
    inverse reinforcement learning | recovery of reward functions
    constrained policy optimisation | Lagrangian policy search
    domain randomisation | training under varied dynamics`,
  settings: r`
    the D4RL suite | offline locomotion data sets
    Atari games with limited frames | arcade games at low sample budgets
    the Meta-World tasks | tabletop manipulation tasks
    procedurally generated mazes | randomly generated labyrinths
    driving simulators with traffic | simulated urban driving
    a physical quadruped | hardware trials on four legs`,
  results: r`
    a primacy bias | overfitting to early experience
    emergent recovery behaviour | spontaneous recovery from falls
    zero-shot transfer to hardware | direct deployment on robots
    monotone improvement | guaranteed policy improvement
    reward hacking at scale | exploitation of imperfect rewards`,
  quantities: r`average return; sample efficiency; constraint-violation rate; replay ratio; discount factor ~ \gamma; success probability; entropy bonus; planning horizon ~ H; critic bias; episode length; control frequency; exploration coverage; temporal-difference error; tracking error; energy per metre; demonstration count`,
  effects: r`partial observability; actuation delays; distractor pixels; extrapolation error; multimodal demonstrations; nonstationary opponents; contact discontinuities; reward sparsity; terrain variation; model bias; unsafe exploration; suboptimal data; sensor dropout; stochastic transitions; credit-assignment delays; friction changes`,
  tools: r`ensembles of critics; prioritised replay; recurrent latent spaces; successor features; Bellman backups; natural gradients; model-predictive control; skill embeddings; reward shaping; distributional critics; action chunking; control barrier functions; asymmetric critics; quasi-metric values; tree search; world-model rollouts; uncertainty penalties; motion capture`,
  contexts: r`robotics; recommendation; game playing; energy management; process control; autonomous racing; surgical assistance; warehouse automation; chip design; data-centre cooling`,
  examples: r`HalfCheetah; Montezuma's Revenge; the Franka arm; MuJoCo; AntMaze; PPO; SAC; NetHack; Procgen; CARLA`,
  background: r`
    [An agent|A learner] that cannot try things out must [be wary of|distrust] whatever its data do not show.
    [A reward|The reward one writes down] is rarely the reward one means.
    [Simulated robots|Robots in simulation] fall thousands of times for free; real ones [do not|break].
    [When reward comes|If reward arrives] only at the end, most of what the agent does goes unjudged.`,
  claims: r`
    pessimism [pays off|helps] only when data cover fewer than {percent} of the state space
    [resetting|re-initialising] the last layers recovers {percent} of the [lost|missing] return
    policies trained with [random|randomised] [masses and delays|dynamics] walk on [snow|gravel] they have never seen
    the learned model is [accurate|useful] for about {count} steps and [misleads|harms] planning beyond
    proxy [reward|return] keeps rising while true [performance|success] peaks after {percent} of training
    {count} demonstrations [equal|are worth] {bigcount} steps of exploration`,
  formulas: r`
    the target $r+\gamma\max_aQ(s',a)$
    the advantage $A(s,a)=Q(s,a)-V(s)$
    the penalty $\alpha\log\sum_ae^{Q(s,a)}$`,
};

const graphsScience: SubfieldText = {
  style: 'learning',
  crossLists: 'physics.comp-ph q-bio.QM cs.CE cs.AI',
  phenomena: r`
    property prediction | estimation of material properties @with
    over-smoothing | loss of node distinctiveness @in
    operator learning | learning of solution maps @with
    long-rollout stability | bounded error accumulation @of
    traffic forecasting | prediction of vehicle flows @with
    link prediction | inference of missing edges @with
    symmetry-aware learning | exploitation of group structure @in`,
  objects: r`
    equivariant networks | symmetry-preserving networks
    neural operators | function-to-function networks
    molecular graph models | networks on atoms and bonds
    physics-informed networks | networks constrained by equations
    graph transformers | global-attention graph networks
    interatomic potentials | learned force fields
    weather emulators | data-driven atmospheric models`,
  qualifiers: 'multiscale; probabilistic; pre-trained; higher-order; lightweight; mesh-free',
  methods: r`
    spectral message passing | frequency-domain propagation
    self-supervised pretraining | label-free representation learning
    active learning | query-based data acquisition
    neural ordinary differential equations | continuous-depth dynamics
    topological rewiring | curvature-guided edge changes
    multi-fidelity training | joint use of cheap and costly simulations
    conservation-law constraints | hard-wired invariants`,
  settings: r`
    the QM9 and OC20 collections | quantum-chemistry data sets
    reanalysis of the atmosphere | forty years of reanalysed weather
    turbulent-flow simulations | high-resolution flow data
    loop-detector readings | sensor data of urban motorways
    protein-ligand complexes | structures of bound molecules
    citation networks | graphs of scientific references`,
  results: r`
    extrapolation to larger systems | size generalisation
    a data-efficiency gain | fewer labels at equal error
    spectral bias towards low frequencies | slow learning of fine scales
    violation of physical constraints | unphysical predictions
    chemical accuracy at a fraction of the cost | near-reference accuracy`,
  quantities: r`force error; rollout length; root-mean-square error; spatial resolution; energy drift; receptive field; cut-off radius; homophily ratio; anomaly correlation; Dirichlet energy; number of parameters; physical residual; inference speed; lead time; edge density; mean absolute error`,
  effects: r`long-range dependencies; irregular sampling; over-squashing; unseen geometries; stiff dynamics; conformational flexibility; sensor failure; boundary mismatch; heterophily; chaotic growth of errors; scarce labels; symmetry breaking; mesh refinement; class overlap; measurement noise; rare extremes`,
  tools: r`spherical tensors; Fourier layers; Laplacian eigenvectors; random-walk encodings; adjoint gradients; subgraph sampling; attention over edges; graph coarsening; Gaussian radial bases; curriculum rollouts; invariant frames; denoising objectives; domain decomposition; jumping connections; Hodge Laplacians; variational integrators; committee disagreement; stochastic forcing`,
  contexts: r`drug design; battery materials; climate modelling; transport planning; fluid mechanics; catalysis; social-network analysis; power-flow analysis; structural engineering; seismology`,
  examples: r`MD17; ERA5; METR-LA; aspirin; the Navier-Stokes benchmark; Cora; the Materials Project; OGB; perovskites; MeshGraphNets; the Darcy problem`,
  background: r`
    [Stacking layers|Depth] on a graph [averages|blurs] neighbours until all nodes look alike.
    [A simulation|Solving the equations] takes hours, a trained network [milliseconds|a blink], but [nobody|nothing] guarantees its answer.
    [Rotating a molecule|A rotated molecule] does not change its energy, and a model that knows this needs fewer examples.
    [Errors of one step|Small one-step errors] compound, and after a week of forecast [little|nothing] but climatology is left.`,
  claims: r`
    [rollouts|forecasts] stay [stable|bounded] for {count} steps when [noise is injected|energy is conserved] [during|in] training
    the error falls as a power of the number of [labels|simulations] with exponent {low}
    [low-frequency|large-scale] modes are learned {factor} times faster than fine detail
    attention over [edges|frames] [recovers|restores] {percent} of the accuracy lost to {E}
    [transfer|pretraining] helps [most|only] when the target has fewer than {count} labelled examples
    [signals|messages] [fail|cannot] to cross bottlenecks of the graph, however wide the layers`,
  formulas: r`
    the layer $H^{(l+1)}=\sigma(\hat AH^{(l)}W)$
    the residual $\|\partial_tu-\mathcal{N}[u]\|^2$
    the group action $f(gx)=\rho(g)f(x)$`,
};

const efficiency: SubfieldText = {
  style: 'learning',
  crossLists: 'cs.CL cs.DC cs.AR stat.ML',
  phenomena: r`
    low-bit quantisation | reduced-precision inference @of
    neural scaling | power-law improvement @of
    parameter-efficient fine-tuning | adaptation with few weights @of
    structured pruning | removal of heads and channels @in
    training instability | divergence and loss spikes @in
    data selection | curation of training examples @for
    long-context extrapolation | generalisation to longer inputs @of`,
  objects: r`
    transformer language models | decoder-only language models
    embedding models | text encoders
    speech recognisers | acoustic sequence models
    convolutional networks | image-filter networks
    tabular learners | models for tabular data
    time-series forecasters | sequence forecasters
    recommender models | click-through predictors`,
  qualifiers: 'billion-parameter; binarised; sparse; byte-level; distilled; streaming',
  methods: r`
    low-rank adaptation | additive low-rank updates
    lottery-ticket pruning | iterative magnitude pruning
    second-order optimisation | curvature-preconditioned training
    speculative decoding | draft-and-verify generation
    dataset distillation | synthesis of tiny training sets
    maximal-update parametrisation | width-independent hyperparameters
    linear attention | kernelised attention`,
  settings: r`
    web-scale text corpora | filtered crawls of the web
    GLUE and its successors | language-understanding tasks
    commodity graphics cards | a single consumer accelerator
    microcontrollers with little memory | embedded devices
    electricity and traffic series | public forecasting data
    click logs of an online shop | logged recommendations`,
  results: r`
    compute-optimal allocations | optimal splits of parameters and data
    outlier channels | a few activations of extreme size
    lossless compression of the cache | a smaller key-value cache
    a rank bottleneck | insufficient adaptation rank
    hyperparameter transfer across widths | tuning on small proxies`,
  quantities: r`perplexity; memory traffic; adaptation rank ~ r; throughput; compute budget ~ C; bit width ~ b; sparsity level ~ s; gradient norm; warm-up length; token count ~ D; critical batch size ~ B_c; loss exponent ~ \alpha; cache size; model width; peak learning rate; wall-clock time`,
  effects: r`activation outliers; vocabulary mismatch; numerical overflow; attention sinks; duplicated documents; optimiser-state drift; heavy-tailed gradients; tail tokens; layer imbalance; batch-size scaling; quantisation noise; low-resource languages; padding waste; catastrophic rank loss; hardware variance; stale embeddings`,
  tools: r`Hadamard rotations; per-channel scales; Kronecker factorisations; gradient checkpointing; rotary position interpolation; mixed-precision arithmetic; sign-based optimisers; perplexity filters; deduplication by hashing; block-sparse kernels; cosine schedules; proxy models; straight-through estimators; Hessian sketches; activation clipping; token merging; hashing tricks; embedding tables`,
  contexts: r`edge inference; sustainable computing; multilingual deployment; search engines; voice assistants; academic-scale training; cloud serving; low-latency services; hardware co-design; document analysis`,
  examples: r`LLaMA-style decoders; BERT-base; WikiText-103; AdamW; the C4 corpus; an A100; SQuAD; ResNet-50; Whisper; MovieLens`,
  background: r`
    [Large models|The best models] are [mostly|chiefly] limited by how fast weights can be [moved|read], not by how fast they can be multiplied.
    [Loss falls|Error falls] as a straight line on logarithmic axes, [over|across] more orders of magnitude than [physics usually grants|anyone expected].
    [Most weights|Nine weights in ten] of a trained network can be removed, [yet|but] training the small network from scratch [fails|seldom works].
    [Not every example|Not all text] is worth [learning from|a gradient].`,
  claims: r`
    {few} bits per weight [suffice|are enough] once {E} {E:is/are} [isolated|handled]
    the optimal token count grows as the compute to the power {low}
    rank {few} [recovers|reaches] {percent} of the gain of full fine-tuning [on|for] most tasks
    loss spikes are preceded by a [growth|surge] of the {Q} [some|about] {count} steps earlier
    [half|{percent}] of the corpus can be discarded without [harming|changing] downstream accuracy
    [the draft|a small draft model] is accepted {percent} of the time, [giving|for] a speed-up of {factor}`,
  formulas: r`
    the update $W+\frac{\alpha}{r}BA$
    the law $L(N,D)=E+AN^{-\alpha}+BD^{-\beta}$
    a cost of $\mathcal{O}(nd^2)$ per token`,
};

export const csLg: TopicText = {
  category: 'cs.LG',
  related: r`satellite imagery; crop yields; leaf diseases; bird songs; whale calls; seismograms; electrocardiograms; retinal scans; mammograms; dermatology photographs; genomic variants; protein sequences; antibody libraries; molecules; crystals; alloys; batteries; solar panels; wind farms; smart meters; building heating; water networks; traffic cameras; taxi trips; flight delays; bicycle sharing; parcel routing; warehouse robots; grasping; legged locomotion; drones; self-driving cars; lidar scans; radar echoes; sonar; hyperspectral cubes; microscopy; telescopes; gravitational waves; jets at colliders; plasma control; fusion reactors; turbulence; ocean currents; hurricanes; rainfall nowcasts; wildfires; landslides; earthquakes; air quality; river floods; insurance claims; credit cards; stock returns; cryptocurrencies; auctions; click streams; playlists; film ratings; recipes; fashion catalogues; handwriting; historical maps; sheet music; speech; sign language; lip reading; emotion recognition; keystrokes; gait; fingerprints; malware; phishing; network intrusions; spam; deepfakes; source code; compilers; circuit layouts; theorem provers; chess; Go; poker; crosswords; tabular data; survey answers; patient notes; clinical trials; hospital beds; ventilators; insulin dosing; pathology slides; surgical videos; dental X-rays; wearables; sleep stages; brain signals; prosthetics; hearing aids; chatbots; translation; summarisation; dialogue; legal documents; tax forms; patents; scientific articles; chemistry recipes; reaction yields; catalysts; polymers; steel plates; printed circuits; weld seams; engine noise; bearings; pumps; railway tracks; bridges; point clouds; meshes; hand poses; avatars; animation; image compression; video codecs; 3D printing; agriculture; forestry; fisheries; wildlife cameras; beehives; space probes; Mars rovers; kernels; Gaussian processes; decision trees; boosting; clustering; matrix factorisation; topic models; hashing; nearest neighbours; prototypes; capsules; spiking neurons; reservoirs; Hopfield layers; memristors; photonic chips`,
  papers: 270,
  subfields: [generalisation, generative, federated, reinforcement, graphsScience, efficiency],
};
