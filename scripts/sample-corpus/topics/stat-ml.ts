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
  quantities: r`effective dimension ~ d_{\rm eff}; length scale ~ \ell; posterior variance; regularisation parameter ~ \lambda; smoothness ~ \beta; sample size ~ n; interval width; false-discovery rate; number of inducing points ~ m; noise variance ~ \sigma^2; bandwidth ~ h; signal strength; degrees of freedom`,
  effects: r`heavy-tailed noise; model misspecification; covariate shift; dependent observations; measurement error in covariates; missing values; heteroscedasticity; anisotropic smoothness; outliers; collinearity; censoring; non-exchangeable data`,
  tools: r`empirical-process bounds; Nyström subsampling; Hamiltonian Monte Carlo; Laplace approximations; spectral filtering; Mercer expansions; Stein discrepancies; knockoff variables; quantile regression; conjugate gradients; Vecchia approximations; jackknife corrections; leverage scores; Bernstein inequalities; sliced distances`,
  contexts: r`spatial statistics; precision medicine; Bayesian optimisation; environmental monitoring; computer experiments; genomics; insurance pricing; active learning; demand forecasting; survey sampling`,
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
    online learners | predictors updated one example at a time
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

export const statMl: TopicText = {
  category: 'stat.ML',
  papers: 230,
  subfields: [kernels, sequential],
};
