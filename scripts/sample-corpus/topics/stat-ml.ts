/** Machine learning, the statistical side. */
import type { SubfieldText, TopicText } from '../bank.js';

const r = String.raw;

const kernels: SubfieldText = {
  style: 'statistics',
  crossLists: 'cs.LG math.ST stat.ME stat.CO',
  phenomena: r`
    nonparametric regression | estimation of smooth functions @with
    posterior contraction | concentration of the posterior @for
    variable selection | recovery of relevant covariates @in
    benign overfitting | harmless interpolation of noise @in
    two-sample testing | detection of distributional differences @with
    uncertainty quantification | construction of error bars @for
    hyperparameter learning | choice of bandwidths and length scales @in`,
  objects: r`
    Gaussian processes | random-function priors
    kernel ridge regressors | regularised least squares in Hilbert spaces
    random forests | ensembles of randomised trees
    Bayesian neural networks | networks with weight distributions
    generalised additive models | sums of univariate smoothers
    sparse linear models | high-dimensional regressions with few effects
    deep Gaussian processes | compositions of random functions`,
  qualifiers: 'multi-output; high-dimensional; distributed; heteroscedastic; stationary; misspecified',
  methods: r`
    variational inference | optimisation of an evidence bound
    random feature approximation | randomised kernel expansions
    conformal prediction | distribution-free prediction sets
    inducing-point approximation | sparse pseudo-input approximation
    cross-validation | repeated data splitting
    empirical Bayes | marginal-likelihood maximisation
    spike-and-slab priors | mixtures with a point mass at zero`,
  settings: r`
    UCI regression data | small tabular regression benchmarks
    satellite temperature fields | gridded surface temperatures
    electronic health records | hospital admission records
    gene-expression panels | transcriptome measurements
    spatial air-quality data | pollutant monitoring networks
    synthetic functions with known smoothness | simulated functions of given regularity`,
  results: r`
    minimax-optimal rates | convergence at the optimal rate
    finite-sample coverage | exact coverage without asymptotics
    selection consistency | recovery of the true support
    a saturation effect | rates that stop improving with smoothness
    a double-descent risk curve | non-monotone risk in model size`,
  quantities: r`effective dimension ~ d_{\rm eff}; length scale ~ \ell; posterior variance; regularisation parameter ~ \lambda; smoothness ~ \beta; sample size ~ n; interval width; false-discovery rate; number of inducing points ~ m; noise variance ~ \sigma^2; bandwidth ~ h; signal strength`,
  effects: r`heavy-tailed noise; model misspecification; covariate shift; dependent observations; measurement error in covariates; missing values; heteroscedasticity; anisotropic smoothness; outliers; collinearity; censoring; non-exchangeable data`,
  tools: r`empirical-process bounds; Nyström subsampling; Hamiltonian Monte Carlo; Laplace approximations; spectral filtering; Mercer expansions; Stein discrepancies; knockoff variables; quantile regression; conjugate gradients; Vecchia approximations; jackknife corrections; leverage scores; Bernstein inequalities; sliced distances`,
  contexts: r`spatial statistics; precision medicine; Bayesian optimisation; environmental monitoring; computer experiments; genomics; insurance pricing; active learning; demand forecasting; survey sampling`,
  examples: r`the Matérn family; the Boston housing data; the Friedman function; the Nadaraya-Watson smoother; the Mauna Loa record; concrete strength; BART; XGBoost; the Wishart prior; MCMC baselines; CASP structures; the protein data; the Brownian bridge; California housing`,
  background: r`
    [A prediction without an error bar|A point forecast] is of little use where decisions are costly.
    [Interpolating noisy data|Fitting the noise] was once thought to be the surest way to predict badly.
    [Exact inference|Inference] with a random-function prior scales with the cube of the sample size, [and so|which is why] approximations abound.`,
  claims: r`
    the intervals [keep|retain] their nominal coverage [when|although] the model is wrong, at the cost of being {percent} wider
    [a logarithmic number|the square root of the sample size] of random features suffices for the optimal rate
    the posterior [contracts|concentrates] at the minimax rate up to a [logarithmic|polylogarithmic] factor
    interpolation is harmless [if and only if|only when] the effective rank of the tail is large compared with the sample size
    [tuning|selection] by [marginal likelihood|held-out error] [oversmooths|undersmooths] under {E}
    the false-discovery rate is [controlled|kept] at the nominal level for [arbitrary|any] dependence`,
  formulas: r`
    the rate $n^{-2\beta/(2\beta+d)}$
    the kernel $k(x,x')=\exp(-\|x-x'\|^2/2\ell^2)$
    the bound $\mathcal{O}(\sqrt{\log p/n})$
    the effective dimension $\operatorname{tr}K(K+n\lambda I)^{-1}$`,
};

const sequential: SubfieldText = {
  style: 'statistics',
  crossLists: 'cs.LG math.OC math.PR econ.EM',
  phenomena: r`
    regret minimisation | low-regret decision making @in
    off-policy evaluation | estimation from logged decisions @for
    best-arm identification | pure exploration @in
    treatment-effect estimation | measurement of causal effects @in
    change-point detection | localisation of structural breaks @in
    convergence of stochastic gradients | stochastic optimisation error @for
    exploration | information-seeking action @in`,
  objects: r`
    contextual bandits | bandits with side information
    Markov decision processes | controlled Markov chains
    observational studies | non-randomised studies
    hidden Markov models | latent-state sequence models
    adaptive experiments | sequentially randomised trials
    online learners | incrementally updated predictors
    panel-data models | repeated measurements of many units`,
  qualifiers: 'nonstationary; linear; partially observed; delayed-feedback; high-dimensional; clustered',
  methods: r`
    Thompson sampling | posterior sampling of actions
    doubly robust estimation | augmented inverse-probability weighting
    optimistic exploration | upper-confidence-bound policies
    mirror descent | non-Euclidean gradient steps
    sequential Monte Carlo | particle filtering
    targeted learning | debiased plug-in estimation
    fitted value iteration | regression-based dynamic programming`,
  settings: r`
    a news-recommendation log | logged clicks on news articles
    a mobile-health trial | a micro-randomised fitness study
    simulated clinical trials | synthetic dose-finding trials
    job-training programme data | labour-market programme records
    high-frequency trading records | tick-level market data
    sepsis treatment trajectories | intensive-care treatment histories`,
  results: r`
    logarithmic regret | instance-optimal logarithmic growth
    asymptotically valid confidence intervals | honest confidence intervals
    a matching lower bound | an information-theoretic limit
    last-iterate convergence | convergence without averaging
    an identification result | sufficient conditions for identifiability`,
  quantities: r`cumulative regret ~ R_T; horizon ~ T; propensity score ~ e(x); number of arms ~ K; overlap constant; mixing time ~ t_{\rm mix}; step size ~ \eta_t; average treatment effect ~ \tau; discount factor ~ \gamma; variance of the estimator; detection delay; exploration rate ~ \epsilon; suboptimality gap ~ \Delta`,
  effects: r`unmeasured confounding; delayed rewards; interference between units; limited overlap; adversarial corruption; nonstationary rewards; selection bias; adaptive stopping; safety constraints; autocorrelated errors; noncompliance; attrition; communication limits`,
  tools: r`martingale concentration; importance weights; self-normalised bounds; cross-fitting; instrumental variables; information-directed sampling; elliptical potentials; variance reduction; Polyak averaging; synthetic controls; e-processes; coupling arguments; negative controls; Bellman residuals; binary segmentation`,
  contexts: r`online advertising; personalised medicine; policy evaluation; dynamic pricing; A/B testing; epidemiology; portfolio choice; recommender systems; adaptive clinical trials; tutoring systems`,
  examples: r`the Yahoo front page; the LaLonde sample; HeartSteps; MIMIC-III; UCB1; EXP3; the Criteo log; the warfarin data; the 401(k) data; Kalman filters; LinUCB; the IHDP study; the Hoeffding race; S&P 500 futures; the Gittins index`,
  background: r`
    [Who receives a treatment|Treatment] is rarely decided by a coin, and [naive comparisons|raw differences] [confuse|mix] the effect with its selection.
    [To learn about an action|In order to learn], one has to take it, even if it seems inferior.
    [Data collected adaptively|Adaptive data] [violate|break] the independence that textbook inference takes for granted.`,
  claims: r`
    the regret grows [only|at most] logarithmically when the gap is known and as the square root of the horizon otherwise
    the estimator is consistent if either the outcome or the propensity model is [correct|well specified]
    [greedy|myopic] decisions are [optimal|sufficient] once contexts are [diverse|rich] enough
    [a delay|feedback delay] of {count} rounds costs [no more than|about] a constant factor
    [every|any] consistent procedure must [sample|explore] each arm at least logarithmically often
    the interval [undercovers|is too short] unless {E} {E:is/are} [modelled|accounted for]`,
  formulas: r`
    the regret bound $\tilde{\mathcal{O}}(d\sqrt{T})$
    the gap-dependent sum $\sum_a\log T/\Delta_a$
    the step size $\eta_t\propto t^{-3/4}$
    the moment condition $\mathbb{E}[\psi(W;\theta)]=0$`,
};

const highDim: SubfieldText = {
  style: 'statistics',
  crossLists: 'math.ST cs.LG stat.ME math.PR cs.IT',
  phenomena: r`
    low-rank recovery | reconstruction of low-rank signals @in
    covariance estimation | estimation of second moments @for
    computational-statistical gaps | hardness of feasible inference @in
    phase retrieval | recovery from magnitudes @with
    multiple testing | simultaneous hypothesis tests @in
    tensor decomposition | factorisation of multiway data @for
    graph estimation | recovery of conditional dependencies @in`,
  objects: r`
    spiked matrix models | signal-plus-noise matrices
    Gaussian graphical models | sparse precision-matrix models
    generalised linear models | link-function regressions
    principal components | leading spectral directions
    stochastic block models | random graphs with communities
    mixture models | finite mixtures
    multi-index models | functions of few projections`,
  qualifiers: 'sparse; overparameterised; high-dimensional; nonnegative; contaminated; elliptical',
  methods: r`
    approximate message passing | iterative mean-field estimation
    convex relaxation | semidefinite relaxation
    the leave-one-out technique | one-row perturbation analysis
    debiased regularisation | bias-corrected penalised estimation
    spectral initialisation | eigenvector-based starting points
    empirical-likelihood inference | data-tilting inference
    sketching | randomised dimension reduction`,
  settings: r`
    single-cell expression matrices | counts of single-cell transcripts
    the proportional asymptotic regime | samples and features growing together
    brain-connectivity data | functional connectome matrices
    stock-return panels | daily returns of many stocks
    hyperspectral images | pixels with many bands
    genome-wide association data | genotypes of large cohorts`,
  results: r`
    a sharp recovery threshold | an exact phase boundary
    universality beyond Gaussian designs | insensitivity to the design law
    adaptive confidence sets | honest adaptive sets
    exact risk asymptotics | precise limiting risk
    a hardness result | a computational barrier`,
  quantities: r`signal-to-noise ratio ~ \lambda; aspect ratio ~ \gamma; sparsity level ~ s; eigenvalue gap; operator norm; rank ~ r; misclassification rate; false-discovery proportion; condition number ~ \kappa; overlap with the truth; penalty level; number of clusters ~ K; sample covariance; effective rank; leave-one-out error`,
  effects: r`heterogeneous noise; missing entries; correlated designs; adversarial contamination; weak signals; unequal cluster sizes; heavy tails; rank misspecification; nonlinearity; batch effects; spatial dependence; quantised measurements; degree heterogeneity; non-Gaussian features`,
  tools: r`Gaussian comparison inequalities; random-matrix equivalents; the replica prediction; nuclear-norm penalties; Davis-Kahan bounds; low-degree polynomials; Lindeberg swapping; proximal splitting; eigenvalue shrinkage; bootstrap calibration; state evolution; factor adjustments; power iteration; median-of-means; random projections`,
  contexts: r`genomics; finance; neuroimaging; community detection; signal processing; recommender systems; astronomy; psychometrics; wireless communication; anomaly detection`,
  examples: r`the BBP transition; Marchenko-Pastur bulk; the lasso; Wishart matrices; UK Biobank; Netflix ratings; knockoffs; MovieLens; the Stieltjes transform; political blogs`,
  background: r`
    [Below a critical signal strength|When the signal is weak], the leading eigenvector [carries no information|is pure noise].
    [What is possible in principle|What can be estimated] and what can be computed [need not coincide|are different questions].
    [With thousands of tests|When many hypotheses are tested], something is always significant.`,
  claims: r`
    recovery [is impossible|fails] below a signal-to-noise ratio of {decimal} and [succeeds|becomes easy] above {high}
    the limiting risk [depends|turns] on the design only through its spectrum
    the [debiased|corrected] estimator is asymptotically normal [when|if] the sparsity is [below|smaller than] the square root of the sample size
    the [spectral|two-step] estimator [attains|matches] the information bound up to a factor of {decimal}
    [discoveries|selected variables] [replicate|recur] in {percent} of the random splits
    [contamination|corruption] of {percent} of the entries [shifts|moves] the threshold by a [constant|bounded] factor`,
  formulas: r`
    the model $Y=\lambda uu^\top+W$
    the rate $\sqrt{s\log p/n}$
    the threshold $\lambda>\sqrt\gamma$
    the penalty $\|\Theta\|_1$`,
};

const bayesian: SubfieldText = {
  style: 'statistics',
  crossLists: 'stat.CO stat.ME cs.LG',
  phenomena: r`
    posterior sampling | simulation from posteriors @for
    likelihood-free inference | inference from simulators @for
    model comparison | weighing of competing models @for
    Bayesian optimisation | sample-efficient optimisation @of
    prior elicitation | translation of expert knowledge @for
    mixing of Markov chains | convergence to stationarity @for
    simulation-based calibration | checking of posterior accuracy @of`,
  objects: r`
    hierarchical models | multilevel models
    intractable simulators | implicit stochastic models
    expensive black-box functions | costly objective functions
    state-space models | latent dynamical models
    spatial point processes | random point patterns
    phylogenetic models | tree-structured models
    Dirichlet-process mixtures | nonparametric mixtures`,
  qualifiers: 'non-conjugate; multimodal; nonlinear; large-scale; doubly intractable; time-varying',
  methods: r`
    Hamiltonian Monte Carlo | gradient-based Markov-chain sampling
    amortised variational inference | inference networks
    annealed importance sampling | tempered weighting
    piecewise-deterministic samplers | continuous-time zigzag samplers
    expectation propagation | local moment matching
    stochastic-gradient Langevin dynamics | noisy gradient sampling
    neural ratio estimation | classifier-based likelihood ratios`,
  settings: r`
    epidemic incidence counts | weekly case numbers
    gravitational-lens images | simulated lens cut-outs
    educational test scores | pupils nested in schools
    hyperparameter-tuning tasks | tuning problems from public suites
    animal-tracking records | positions of tagged animals
    pharmacokinetic profiles | drug concentrations over time`,
  results: r`
    geometric ergodicity | exponential convergence of chains
    overconfident posteriors | understated uncertainty
    dimension-free mixing | mixing independent of dimension
    a consistent evidence estimator | reliable marginal likelihoods
    improved acquisition decisions | better queries`,
  quantities: r`effective sample size; acceptance rate ~ \alpha; step size ~ \epsilon; evidence lower bound; Monte Carlo error; number of simulator calls; posterior coverage; temperature ladder; integrated autocorrelation time ~ \tau; Bayes factor; credible-interval width; Kullback-Leibler divergence; gradient noise; simple regret`,
  effects: r`multimodality; funnel geometry; simulator misspecification; discontinuous likelihoods; weak identifiability; label switching; stochastic gradients; constrained parameters; observation noise; high curvature; batch parallelism; costly gradients; latent discrete variables; prior-data conflict`,
  tools: r`control variates; Riemannian metrics; Stein operators; couplings of chains; noncentred parametrisations; Wasserstein contraction; parallel tempering; summary-statistic networks; knowledge gradients; Pareto-smoothed weights; delayed acceptance; reparameterisation; leapfrog integrators; normalising flows; rank histograms`,
  contexts: r`epidemiology; astronomy; ecology; drug development; engineering design; education research; climate attribution; materials screening; robotics; cognitive modelling`,
  examples: r`eight schools; Stan; the banana density; Lotka-Volterra; sum-of-trees priors; the Branin function; NUTS; MALA; the horseshoe; BOLD signals`,
  background: r`
    [A simulator|Many simulators] can produce data but not tell how likely they [were|are].
    [A chain that looks converged|Apparent convergence] may [merely|simply] be stuck in one of several modes.
    [When each evaluation costs|If an evaluation takes] a day, one should think [hard|twice] about the next.
    [Priors|A prior] [matter|matters] most where data are [few|scarce], [and|which is] where it is hardest to justify.`,
  claims: r`
    the chain mixes in a number of steps [linear|polynomial] in the condition number and [independent|free] of the dimension
    amortised posteriors are [overconfident|too narrow] in {percent} of the [tests|replications], most of all in the tails
    {count} evaluations [suffice|are enough] to come within {percent} of the optimum
    tempering [recovers|finds] all {few} modes, [whereas|while] a single chain [finds|visits] one
    the variance of the evidence [falls|drops] by a factor of {factor} with {T}
    misspecification [biases|moves] the {Q} [more|further] than any reasonable prior`,
  formulas: r`
    the divergence $\mathrm{KL}(q\|p)$
    the dynamics $d\theta=-\nabla U\,dt+\sqrt2\,dW$
    the acceptance probability $1\wedge e^{-\Delta H}$
    the ratio $p(x|\theta)/p(x)$`,
};

const theoryDeep: SubfieldText = {
  style: 'statistics',
  crossLists: 'cs.LG math.ST cond-mat.dis-nn cs.NE',
  phenomena: r`
    implicit regularisation | bias of the optimiser @in
    feature learning | adaptation of representations @in
    generalisation bounds | capacity-based guarantees @for
    in-context learning | adaptation without weight updates @in
    loss-landscape structure | geometry of critical points @of
    approximation power | expressiveness @of
    edge-of-stability dynamics | training at the stability limit @of`,
  objects: r`
    two-layer networks | one-hidden-layer networks
    deep linear networks | products of weight matrices
    random-feature models | networks with frozen first layers
    attention layers | softmax-attention maps
    infinitely wide networks | networks of unbounded width
    score networks | learned score functions
    diagonal networks | coordinatewise product networks`,
  qualifiers: 'wide; homogeneous; regularised; ReLU; teacher-student; finitely trained',
  methods: r`
    the neural tangent kernel | linearised training dynamics
    mean-field limits | interacting-particle descriptions
    PAC-Bayesian analysis | prior-posterior complexity bounds
    dynamical mean-field equations | self-consistent learning curves
    algorithmic stability | sensitivity-based generalisation
    Fourier analysis of Boolean functions | harmonic analysis on the cube
    gradient-flow analysis | continuous-time training`,
  settings: r`
    Gaussian-mixture data | clusters of Gaussian inputs
    sparse parities | hidden parity functions
    structured covariates with power-law spectra | inputs of decaying spectrum
    teacher-generated labels | planted-teacher data
    linear-regression prompts | prompts of input-output pairs
    MNIST and CIFAR subsets | small image subsets`,
  results: r`
    a staircase of saddle-to-saddle transitions | stepwise learning of features
    margin maximisation | convergence to max-margin solutions
    a separation from kernel methods | provable advantage over kernels
    balancedness of the layers | conserved layer imbalance
    incremental rank growth | greedy low-rank learning`,
  quantities: r`width ~ m; sharpness ~ S; initialisation scale ~ \alpha; generalisation gap; information exponent ~ k_*; margin ~ \gamma; Rademacher complexity; learning-rate threshold ~ 2/\eta; number of gradient steps; excess risk; path norm; teacher rank; leap complexity; gradient alignment; excess test loss`,
  effects: r`label noise; momentum; normalisation layers; large learning rates; anisotropic inputs; weight sharing; depth; small initialisation; minibatch noise; residual connections; saturation; weight decay; softmax concentration; correlated features; early stopping`,
  tools: r`Hermite expansions; martingale arguments; covering numbers; convex Gaussian min-max theorems; Łojasiewicz inequalities; optimal transport; stochastic differential equations; tensor methods; Grönwall bounds; statistical-query bounds; path-kernel expansions; mirror-flow equivalences; homogenised gradient flow; Barron norms; empirical eigenvalues`,
  contexts: r`the theory of deep learning; transfer learning; pruning; scaling laws; the design of optimisers; representation learning; adversarial robustness; large language models; neuroscience`,
  examples: r`the perceptron; AdaGrad; the XOR problem; Barron space; the staircase function; Hopfield memories; the double-well loss; SGD with momentum; LayerNorm; the lazy regime`,
  background: r`
    [Among the many weights|Of all weight settings] that fit the data, training picks [some|one], and [which one|the choice] is not up to the loss alone.
    [Very wide networks|Wide networks] barely move from where they start, and behave like [kernels|linear models].
    [Training|Gradient descent] likes to hover where the curvature is [just|barely] too large for its step.
    [Given a few examples|From examples in the prompt], a frozen transformer can [fit|learn] a regression it was never trained on.`,
  claims: r`
    [small|vanishing] initialisation leads to [sparse|low-rank] solutions, large initialisation to [dense|kernel-like] ones
    features are learned [one at a time|sequentially], each after a plateau of [logarithmic|polynomial] length
    the network needs a sample size [linear|quadratic] in the dimension where kernels need its {few}-th power
    the sharpness [rises|climbs] to its threshold and [hovers|oscillates] there while the loss [keeps falling|decreases]
    one layer of attention [implements|emulates] {few} steps of preconditioned gradient descent
    [noise|label noise] [drives|pushes] the iterates towards [flatter|sparser] minimisers`,
  formulas: r`
    the kernel $K(x,x')=\langle\nabla f(x),\nabla f(x')\rangle$
    the sample complexity $\tilde{\mathcal{O}}(d^{k_*-1})$
    the bound $\sqrt{\mathrm{KL}(Q\|P)/n}$
    the flow $\dot w=-\nabla L(w)$`,
};

const distributional: SubfieldText = {
  style: 'statistics',
  crossLists: 'cs.LG stat.ME stat.AP math.OC',
  phenomena: r`
    optimal-transport estimation | estimation of transport maps @between
    domain adaptation | transfer across domains @for
    fair prediction | prediction without disparate impact @with
    survival prediction | forecasting of event times @with
    anomaly detection | identification of outlying records @in
    clustering | unsupervised grouping @of
    density-ratio estimation | estimation of likelihood ratios @between`,
  objects: r`
    functional data | curves as observations
    categorical sequences | strings of symbols
    multimodal measurements | several views of one object
    censored event times | incompletely observed durations
    probability measures | distributions as data points
    compositional data | vectors of proportions
    streaming records | data arriving over time`,
  qualifiers: 'irregularly sampled; unlabelled; multivariate; noisy; distribution-valued; imbalanced',
  methods: r`
    entropic regularisation | Sinkhorn-type smoothing
    distributionally robust optimisation | worst-case risk minimisation
    kernel mean embedding | Hilbert-space representation of laws
    quantile-based ensembles | ensembles of quantile learners
    spectral clustering | eigenvector-based grouping
    invariant risk minimisation | invariance across environments
    copula modelling | separate modelling of margins and dependence`,
  settings: r`
    cancer registries | population-based tumour records
    wearable-sensor streams | wrist-worn activity data
    credit-scoring portfolios | histories of borrowers
    cross-country survey waves | repeated international surveys
    cell-differentiation snapshots | destructive measurements over time
    network-traffic logs | packets of a campus network`,
  results: r`
    parametric rates for smooth measures | fast rates under smoothness
    group-wise validity | coverage within groups
    an invariance-accuracy trade-off | the price of invariance
    identifiable latent factors | recoverable latent structure
    consistent cluster recovery | exact recovery of groups`,
  quantities: r`Wasserstein distance ~ W_2; regularisation strength ~ \varepsilon; concordance index; calibration slope; ambiguity radius ~ \rho; number of environments; silhouette width; hazard ratio; Brier score; group gap; intrinsic dimension; kernel bandwidth; detection power; tail index ~ \xi; worst-group risk`,
  effects: r`label shift; dependent censoring; unbalanced groups; irregular sampling; unobserved environments; competing risks; outlying clusters; conditional shift; rounding; duplicate records; time-varying covariates; informative missingness; measurement drift; tail dependence`,
  tools: r`input-convex networks; pinball losses; Sinkhorn iterations; pseudo-observations; inverse weighting; stability selection; Gromov couplings; self-training; isotonic regression; maximum mean discrepancy; permutation tests; survival forests; splines; random Fourier features; shape constraints`,
  contexts: r`oncology; credit risk; developmental biology; fraud monitoring; social surveys; manufacturing; insurance; cybersecurity; demography; quality control`,
  examples: r`SEER; Cox regression; the Kaplan-Meier curve; FICO scores; the Adult data; NHANES; Waddington landscapes; isolation forests; KDD Cup data; Brenier maps`,
  background: r`
    [Comparing distributions|To compare distributions] by moving mass has a geometry that [divergences|pointwise comparisons] lack.
    [A patient who leaves the study|Censoring] tells us only that nothing had happened [yet|so far].
    [A model trained in one hospital|A model] [stumbles|fails] in the next, often for reasons that the data could have [revealed|shown].`,
  claims: r`
    the plug-in map converges at the rate [governed|set] by the intrinsic rather than the ambient dimension
    [coverage|validity] holds within each group at the cost of intervals {percent} wider
    invariant predictors [help|pay off] only when the number of environments exceeds {few}
    the concordance [improves|rises] from {low} to {middle} if {E} {E:is/are} modelled
    [outliers|anomalies] are [found|flagged] with {percent} power at a false-alarm rate of {percent2}
    the groups can be recovered exactly as soon as their separation exceeds {decimal} standard deviations`,
  formulas: r`
    the problem $\min_\pi\int c\,d\pi+\varepsilon H(\pi)$
    the rate $n^{-1/d}$
    the hazard $\lambda(t|x)=\lambda_0(t)e^{x^\top\beta}$
    the ratio $w(x)=q(x)/p(x)$`,
};

export const statMl: TopicText = {
  category: 'stat.ML',
  related: r`crop yields; soil moisture; rainfall gauges; ocean buoys; ice cores; tree rings; bird counts; fish stocks; whale sightings; pollen records; air pollutants; noise maps; traffic counts; taxi trips; bicycle rentals; electricity loads; wind speeds; solar irradiance; house prices; rents; wages; school grades; test items; voter files; opinion polls; census tracts; crime reports; court decisions; loan defaults; option prices; bond yields; exchange rates; insurance losses; catastrophe claims; clinical trials; blood pressure; glucose curves; growth charts; tumour sizes; biopsies; gene expression; methylation; proteomics; microbiomes; metabolites; cell images; spike trains; brain scans; eye movements; sleep recordings; gait data; accelerometers; phone usage; purchase histories; baskets of goods; film ratings; playlists; web logs; search queries; advertisements; e-mails; citations; friendships; trade networks; supply chains; flights; epidemics; vaccination records; hospital stays; waiting times; call centres; warranties; machine failures; sensors; turbines; semiconductors; chemical reactors; batteries; alloys; spectra; galaxies; supernovae; exoplanets; gravitational lenses; particle tracks; seismic waves; volcanoes; floods; droughts; hurricanes; wildfires; glaciers; phylogenies; languages; manuscripts; melodies; chess games; football matches; auctions; surveys; experiments; images; texts; graphs; trees; rankings; permutations; curves; surfaces; shapes; directions; rotations; compositions; counts; binary strings; point patterns; intervals; histograms; matrices; tensors; partitions; clusters; extremes; records; quantiles; copulas; splines; wavelets; kernels; forests; boosting; networks; priors; posteriors; bridges; martingales; chains; particles; ensembles; surrogates; emulators; bandits; auctions with reserve; matchings; treatments; instruments; mediators`,
  papers: 230,
  subfields: [kernels, sequential, highDim, bayesian, theoryDeep, distributional],
};
