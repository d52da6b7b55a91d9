/** Statistical mechanics. */
import type { SubfieldText, TopicText } from '../bank.js';

const r = String.raw;

const critical: SubfieldText = {
  style: 'simulation',
  crossLists: 'cond-mat.dis-nn hep-lat cond-mat.str-el',
  phenomena: r`
    critical behaviour | the universality class @of
    phase coexistence | first-order coexistence @in
    finite-size scaling | size dependence near criticality @in
    spin-glass ordering | freezing into disordered states @in
    the Kosterlitz-Thouless transition | vortex unbinding @in
    geometrical frustration | competing local constraints @in
    coarsening | growth of ordered domains @in`,
  objects: r`
    Ising models | two-state spin lattices
    Potts models | q-state lattice models
    Heisenberg magnets | isotropic spin systems
    lattice gases | particles with site exclusion
    percolation clusters | connected random clusters
    hard-core fluids | systems of impenetrable particles
    dimer coverings | close-packed dimers`,
  qualifiers: 'diluted; long-range; three-dimensional; site-disordered; kinetically constrained; antiferromagnetic',
  methods: r`
    Monte Carlo simulation | Markov-chain sampling
    the Wolff cluster algorithm | single-cluster updates
    tensor renormalisation | coarse-graining of tensor networks
    series expansions | high-temperature series
    Wang-Landau sampling | flat-histogram sampling
    the functional renormalisation group | exact flow equations`,
  settings: r`
    lattices of up to a million sites | large lattices with periodic boundaries
    the triangular lattice | triangular geometry
    small-world networks | rewired regular graphs
    samples with quenched bond disorder | many realisations of random couplings
    quasi-one-dimensional strips | transfer-matrix strips`,
  results: r`
    a tricritical point | a multicritical end point
    a re-entrant phase boundary | re-entrance on cooling
    logarithmic corrections to scaling | marginal scaling corrections
    a new universality class | exponents of an unknown class
    a residual entropy | an extensive ground-state degeneracy`,
  quantities: r`critical temperature ~ T_c; correlation length ~ \xi; order parameter ~ m; specific heat ~ C; susceptibility ~ \chi; Binder cumulant ~ U_4; correlation-length exponent ~ \nu; anomalous dimension ~ \eta; dynamical exponent ~ z; fractal dimension ~ d_f; latent heat; domain size ~ L(t); helicity modulus ~ \Upsilon; percolation threshold ~ p_c`,
  effects: r`quenched disorder; single-ion anisotropy; a transverse field; vacancies; random fields; dipolar interactions; lattice anisotropy; free boundaries; next-nearest-neighbour couplings; critical slowing down; metastable trapping; quantum fluctuations; a surface field; inhomogeneous coordination`,
  tools: r`parallel tempering; histogram reweighting; cumulant crossings; Suzuki-Trotter decomposition; the Swendsen-Wang algorithm; data collapse; microcanonical analysis; worm updates; corner transfer matrices; Fisher zeros; Padé approximants; multicanonical weights; bootstrap resampling; Kasteleyn matrices; hyperscaling relations`,
  contexts: r`magnetic materials; the theory of glasses; adsorption on surfaces; opinion dynamics; conformal invariance; optimisation problems; frustrated magnetism; self-assembly; error-correcting codes`,
  examples: r`the Blume-Capel model; the Edwards-Anderson glass; the Baxter-Wu model; the kagome lattice; pyrochlore oxides; the six-state clock; CO2; the Ashkin-Teller line; spin ice; the Villain model; the square-lattice gas; beta brass; the Hoshen-Kopelman labels; the Nishimori line`,
  background: r`
    [Near a continuous transition|At criticality], microscopic detail is forgotten and systems as different as [fluids and magnets|alloys and liquids] obey the same power laws.
    [Competing interactions|Frustrated couplings] leave a system with many ways of being almost satisfied.
    [In two dimensions|In the plane], order that breaks a continuous symmetry gives way to [algebraic|power-law] correlations.
    [Domains of opposite sign|Competing domains] [grow|coarsen] after a quench at the expense of [their smaller neighbours|the smallest ones].`,
  claims: r`
    the transition changes from continuous to first order [at|beyond] a {Q} of {decimal}
    the exponents [agree with|differ from] those of the pure system by [less|more] than the statistical error
    [the two transitions|ordering of the two sublattices] [merge|coincide] as the [dilution|anisotropy] increases
    autocorrelation times [grow|increase] as a power of the linear size with exponent {decimal}
    the ordered phase [disappears|is destroyed] when more than {percent} of the sites are [removed|vacant]
    [domain walls|interfaces] [roughen|pin] below the transition of the pure system`,
  formulas: r`
    the scaling form $\chi = L^{\gamma/\nu}f(tL^{1/\nu})$
    the growth law $L(t)\sim t^{1/3}$
    the Hamiltonian $H=-J\sum_{\langle ij\rangle}s_is_j-h\sum_i s_i$
    the exponent relation $\alpha+2\beta+\gamma=2$`,
};

const stochastic: SubfieldText = {
  style: 'theory',
  crossLists: 'cond-mat.soft physics.bio-ph physics.data-an',
  phenomena: r`
    entropy production | irreversible dissipation @in
    first-passage times | exit-time statistics @of
    anomalous diffusion | non-Fickian transport @in
    large deviations of currents | rare current fluctuations @in
    stochastic resetting | renewal at random times @of
    motility-induced phase separation | clustering without attraction @of
    ageing | waiting-time dependence of correlations @in`,
  objects: r`
    Brownian particles | overdamped colloids
    active particles | self-propelled particles
    heat engines | cyclic microscopic machines
    exclusion processes | driven lattice gases with hard-core repulsion
    continuous-time random walks | walks with random waiting times
    molecular motors | processive motor proteins
    run-and-tumble walkers | persistent random movers`,
  qualifiers: 'underdamped; confined; interacting; periodically driven; feedback-controlled; heterogeneous',
  methods: r`
    fluctuation theorems | exact nonequilibrium work relations
    macroscopic fluctuation theory | hydrodynamic large-deviation theory
    path-integral methods | functional integrals over trajectories
    the tilted-generator approach | biased-ensemble spectral theory
    optimal transport | Wasserstein geometry of protocols
    renewal theory | exact renewal equations`,
  settings: r`
    the overdamped limit | the high-friction limit
    a harmonic trap | quadratic confinement
    the weak-noise limit | the small-noise regime
    a disordered energy landscape | rugged random potentials
    one-dimensional channels | single-file geometry`,
  results: r`
    a thermodynamic uncertainty relation | a precision-dissipation trade-off
    a dynamical phase transition | a singularity of the rate function
    an optimal resetting rate | a finite best restart frequency
    a non-Gaussian stationary state | stationary distributions with fat tails
    a violation of detailed balance | broken time-reversal symmetry`,
  quantities: r`entropy-production rate ~ \dot S; mean squared displacement ~ \langle x^2\rangle; persistence time ~ \tau_p; efficiency at maximum power ~ \eta^*; resetting rate ~ r; Péclet number ~ {\rm Pe}; Fano factor ~ F; effective temperature ~ T_{\rm eff}; scaled cumulant generating function ~ \psi(k); mean first-passage time; friction coefficient ~ \gamma; dissipated work ~ W; mobility`,
  effects: r`memory; hydrodynamic interactions; coloured noise; inertia; hidden degrees of freedom; a finite-time protocol; steric repulsion; chirality of the motion; measurement errors; crowding; a moving boundary; strong coupling to the bath; Lévy-distributed steps; delayed feedback`,
  tools: r`Langevin equations; Fokker-Planck operators; Doob transforms; the Jarzynski equality; level-2.5 large deviations; matrix-product states; Laplace transforms; cavity arguments; Onsager reciprocity; cloning algorithms; Mori-Zwanzig projection; Fisher information; hydrodynamic mean-field theory; martingale identities`,
  contexts: r`biological search processes; nanoscale thermodynamics; information engines; soft-matter rheology; climate extremes; animal foraging; intracellular transport; optimal control; single-molecule experiments`,
  examples: r`the Szilárd engine; kinesin; the Ornstein-Uhlenbeck process; E. coli; the Carnot cycle; Janus colloids; optical tweezers; the Sinai landscape; the East model; the Maxwell demon; the telegraph process; RNA hairpins; the Feynman ratchet; Vicsek flocks`,
  background: r`
    [At the scale of a single molecule|In small systems], heat and work fluctuate, and the second law holds only on average.
    [Starting over|Returning to the start] now and then can [speed up|shorten] a search that would otherwise [wander off|never end].
    [Particles that propel themselves|Self-propelled agents] crowd together even if nothing attracts them.
    [Every precise clock|Precision] has its price in dissipation.`,
  claims: r`
    the distribution of the [current|work] [acquires|develops] a kink at which two kinds of trajectory coexist
    the optimal protocol [jumps|has discontinuities] at the [beginning and the end|two ends] and is [smooth|linear] in between
    [fluctuations|the variance] can be reduced below the equilibrium value only by dissipating more than {decimal} per [cycle|step]
    restarting [shortens|reduces] the search whenever the relative fluctuation of the completion time exceeds unity
    displacement [grows|increases] subdiffusively at short times and [crosses over|returns] to normal diffusion [later|after the persistence time]
    [hidden|unobserved] cycles [account for|carry] {percent} of the total dissipation`,
  formulas: r`
    the inequality $\mathrm{Var}(J)/\langle J\rangle^2 \ge 2k_B/\Sigma$
    the subdiffusive law $\langle x^2(t)\rangle\sim t^{\alpha}$
    the symmetry $P(\sigma)/P(-\sigma)=e^{\sigma}$
    the rate function $I(x)=\sup_k\{kx-\psi(k)\}$`,
};

const quantumMany: SubfieldText = {
  style: 'simulation',
  crossLists: 'quant-ph cond-mat.str-el cond-mat.quant-gas cond-mat.dis-nn',
  phenomena: r`
    many-body localisation | failure of thermalisation by disorder @in
    quantum many-body scars | weak ergodicity breaking @in
    prethermalisation | long-lived quasi-stationary behaviour @in
    measurement-induced transitions | entanglement transitions under monitoring @in
    Hilbert-space fragmentation | shattering into disconnected sectors @in
    spin transport | magnetisation dynamics @in
    operator spreading | growth of local operators @in`,
  objects: r`
    Heisenberg spin chains | chains of exchange-coupled spins
    Rydberg-blockaded arrays | constrained atom arrays
    random unitary circuits | brickwork circuits of random gates
    kicked rotors and Floquet chains | periodically driven chains
    Bose-Hubbard lattices | lattice bosons with on-site repulsion
    free-fermion chains | non-interacting fermions
    dual-unitary circuits | space-time symmetric circuits`,
  qualifiers: 'integrable; disordered; monitored; long-range interacting; dissipative; quasi-periodic',
  methods: r`
    generalised hydrodynamics | Euler-scale theory of quasiparticles
    exact diagonalisation | full-spectrum numerics
    the density-matrix renormalisation group | matrix-product-state optimisation
    the eigenstate thermalisation hypothesis | random-matrix typicality of eigenstates
    Clifford-circuit sampling | stabiliser simulation
    Krylov-space recursion | Lanczos operator growth`,
  settings: r`
    short chains of a few dozen sites | small chains accessible to full diagonalisation
    quenches from a Néel state | sudden quenches of staggered order
    circuits with thousands of qubits | large stabiliser circuits
    bipartitioned initial states | junctions of two temperatures
    boundary-driven steady states | chains attached to reservoirs`,
  results: r`
    superdiffusive transport | Kardar-Parisi-Zhang-like spreading
    revivals of the initial state | persistent fidelity oscillations
    a volume-to-area-law transition | an entanglement phase transition
    a mobility edge | an energy-resolved localisation threshold
    logarithmic entanglement growth | slow dephasing of entanglement`,
  quantities: r`entanglement entropy ~ S; gap ratio ~ \langle r\rangle; diffusion constant ~ D; Drude weight ~ \mathcal{D}; inverse participation ratio; measurement rate ~ p; quench amplitude; heating rate; spin-autocorrelation function ~ C(t); localisation length ~ \xi; bond dimension ~ \chi; Loschmidt echo ~ \mathcal{L}; Lanczos coefficient ~ b_n; imbalance ~ I; negativity; transport exponent ~ 1/z`,
  effects: r`integrability breaking; dephasing noise; rare thermal regions; a staggered field; next-neighbour hopping; kinetic constraints; a quasi-periodic potential; three-spin interactions; time-periodic driving; conserved charges; non-Hermitian hopping; finite bond dimension; particle loss; open boundaries; mid-circuit feedback; dipole conservation`,
  tools: r`time-evolving block decimation; Bethe-ansatz dressing; polynomially filtered diagonalisation; Magnus expansions; influence functionals; quantum trajectories; finite-size collapse; spectral form factors; Lindblad master equations; tensor cross interpolation; typicality; stabiliser tableaux; replica mappings; light-cone evolution; neural quantum states; Keldysh diagrams; self-consistent Born approximations`,
  contexts: r`cold-atom experiments; quantum memories; noisy quantum processors; the foundations of statistical mechanics; quantum batteries; nonequilibrium phases; superconducting qubits; random-matrix theory; information scrambling`,
  examples: r`the PXP model; the XXZ chain; the Kitaev honeycomb; KCuF3; the Aubry-André potential; the SYK dot; the Lieb-Liniger gas; the Sycamore chip; rubidium microtraps; the Fredkin chain`,
  background: r`
    [An isolated quantum system|A closed quantum system] never forgets, [yet|and still] its parts [behave|act] as if they were in contact with a bath.
    [Strong disorder|Disorder] may keep a system from ever reaching equilibrium, [though|but] whether it does so [forever|in the thermodynamic limit] is disputed.
    [Each measurement|Measuring] removes entanglement that the dynamics [creates|has built], and the two tendencies can balance.
    [Some atypical eigenstates|A few special states] refuse to thermalise in an otherwise chaotic spectrum.`,
  claims: r`
    the transport exponent [crosses over|drifts] from {low} to {middle} as the [anisotropy|integrability breaking] grows
    the critical measurement rate is {decimal} [per|for each] site and time step
    [revivals|oscillations] [persist|last] for {count} driving periods before they [decay|dephase]
    the apparent localisation [recedes|moves] to stronger disorder with every added site
    the number of sectors grows exponentially, [and|although] the largest [contains|covers] a vanishing fraction of all states
    [heating|energy absorption] is [exponentially slow|suppressed] in the driving frequency [except|save] near resonances`,
  formulas: r`
    the dynamical structure factor $S(q,\omega)$
    the scaling $x\sim t^{2/3}$
    the entropy $S(t)\sim\log t$
    the ansatz $O_{mn}=O(\bar E)\delta_{mn}+e^{-S/2}fR_{mn}$`,
};

const growth: SubfieldText = {
  style: 'theory',
  crossLists: 'math-ph math.PR cond-mat.dis-nn physics.data-an',
  phenomena: r`
    kinetic roughening | fluctuation growth @of
    depinning | the onset of motion @of
    avalanche dynamics | intermittent bursts @in
    extreme-value statistics | laws of maxima and records @for
    persistence | survival of the initial sign @in
    condensation | macroscopic accumulation @in
    record-breaking events | sequences of new extremes @in`,
  objects: r`
    Kardar-Parisi-Zhang interfaces | nonlinear stochastic growth fronts
    directed polymers | elastic lines in random media
    sandpile models | slowly driven threshold models
    zero-range processes | models of hopping with mass-dependent rates
    crumpled membranes | thermally fluctuating sheets
    random sequential adsorption models | irreversible deposition models
    domain walls | driven magnetic walls`,
  qualifiers: 'one-dimensional; flat; driven; disordered; conserved; self-affine',
  methods: r`
    the replica method | averaging by copies
    the weak-noise theory | optimal-fluctuation theory
    functional renormalisation | disorder-correlator flows
    scaling analysis | dimensional and scaling arguments
    generating-function techniques | combinatorial transforms
    mode-coupling theory | self-consistent response theory`,
  settings: r`
    the stationary regime | the saturated regime
    curved initial conditions | droplet initial data
    the half-space geometry | growth next to a wall
    the quasistatic limit | infinitely slow driving
    correlated noise | noise with power-law correlations`,
  results: r`
    Tracy-Widom fluctuations | random-matrix height distributions
    a roughness exponent below one half | weak roughening
    a gelation-like transition | macroscopic clustering
    a dynamical symmetry breaking of optimal paths | a singular large-deviation tail
    exact scaling functions | closed-form universal functions`,
  quantities: r`roughness exponent ~ \alpha; growth exponent ~ \beta; avalanche size exponent ~ \tau; threshold force ~ f_c; height variance ~ \langle h^2\rangle_c; record rate; persistence exponent ~ \theta; interface velocity ~ v; free energy of the polymer ~ F; spread of the maximum; jamming coverage ~ \rho_J; hopping rate ~ u(n); elastic modulus; critical mass density ~ \rho_c; number of near-extreme events`,
  effects: r`overhangs; thermal rounding; quenched noise; nonlocal elasticity; anharmonicity; a wall; temporal correlations; a moving defect; viscoelastic relaxation; finite driving rate; surfactants; long jumps; inertia; branching; a soft pinning potential; evaporation`,
  tools: r`Pfaffian formulas; the Bethe ansatz; Martin-Siggia-Rose actions; extremal process theory; height-function mappings; Edwards-Wilkinson baselines; Laplace inversion; Sparre Andersen's theorem; steepest ascent; percolation hulls; invariance principles; record statistics; Burgers shocks; moment closures; supersymmetric averaging; event-driven sampling; Airy processes`,
  contexts: r`fracture of materials; earthquakes; vortex matter; thin-film deposition; bacterial colonies; financial extremes; traffic flow; turbulence; hydrology; neuronal activity`,
  examples: r`the Eden model; TASEP; the Barkhausen effect; the Bak-Tang-Wiesenfeld pile; the Family-Vicsek form; liquid-crystal turbulence; the ABBM model; the Manna class; coffee rings; the random-energy model`,
  background: r`
    [A burning sheet of paper|The front of a fire], a [growing colony|bacterial colony] and a [wetting|drying] liquid [roughen|fluctuate] according to the same statistics.
    [Pulled slowly|Driven slowly], an elastic line in a rough landscape moves in jerks of all sizes.
    [The largest of many|The maximum of many] random numbers is well understood when they are independent, [and|but] much less so when they are [not|correlated].
    [When mass hops|If hopping slows down as mass accumulates], one site may [swallow|collect] a finite fraction of everything.`,
  claims: r`
    the [one-point|height] distribution [crosses over|changes] from Gaussian to Tracy-Widom at a time of order {count}
    the tail of the rate function [shows|has] exponent {few} on one side and [three halves|five halves] on the other
    avalanches are cut off at a size [proportional|inversely proportional] to the [square|inverse] of the {Q}
    the expected number of records grows [logarithmically|as the square root of the number of steps]
    the condensate [forms|nucleates] when the density exceeds {decimal} and [moves|relocates] on exponentially long times
    persistence [decays|vanishes] with an exponent [unrelated to|independent of] the other critical exponents`,
  formulas: r`
    the equation $\partial_th=\nu\nabla^2h+\frac\lambda2(\nabla h)^2+\eta$
    the scaling law $w(L,t)=L^\alpha f(t/L^z)$
    the distribution $P(s)\sim s^{-\tau}e^{-s/s_c}$
    the height $h\simeq v_\infty t+(\Gamma t)^{1/3}\chi$`,
};

const complexSystems: SubfieldText = {
  style: 'simulation',
  crossLists: 'physics.soc-ph cond-mat.dis-nn nlin.AO cs.SI',
  phenomena: r`
    synchronisation | spontaneous phase locking @in
    cascading failures | propagation of breakdowns @in
    consensus formation | ordering of opinions @in
    explosive percolation | abrupt emergence of connectivity @in
    epidemic thresholds | onset of spreading @on
    community structure | modular organisation @of
    network robustness | resilience to removal of nodes @of`,
  objects: r`
    scale-free networks | networks with power-law degrees
    multilayer networks | interconnected layers of links
    coupled oscillators | populations of phase oscillators
    voter models | imitation models of opinion
    hypergraphs | networks with group interactions
    temporal networks | time-varying graphs
    spatially embedded networks | geometric and transport networks`,
  qualifiers: 'directed; weighted; adaptive; heterogeneous; signed; modular',
  methods: r`
    message passing | cavity-type recursions
    heterogeneous mean-field theory | degree-based mean-field theory
    Gillespie simulation | event-by-event stochastic simulation
    the Ott-Antonsen reduction | low-dimensional phase reduction
    maximum-entropy ensembles | exponential random graphs
    spectral perturbation theory | eigenvalue-based stability analysis`,
  settings: r`
    empirical social networks | contact and friendship data
    power-grid topologies | maps of transmission grids
    synthetic networks of tunable clustering | artificial graphs with triangles
    airline mobility networks | passenger-flow graphs
    ensembles of random regular graphs | configuration-model ensembles`,
  results: r`
    a hybrid transition | a discontinuous jump with critical fluctuations
    chimera states | coexistence of order and disorder
    a vanishing threshold | absence of a critical point
    an optimal heterogeneity | best performance at intermediate diversity
    polarised stationary states | lasting disagreement`,
  quantities: r`mean degree ~ \langle k\rangle; coupling strength ~ K; clustering coefficient ~ C; giant-component size ~ S; infection rate ~ \beta; largest eigenvalue ~ \Lambda; consensus time ~ T_c; modularity ~ Q; degree exponent ~ \gamma; rewiring rate ~ w; natural-frequency spread ~ \Delta; assortativity ~ r; node load ~ L_i; confidence bound ~ \epsilon; order parameter ~ R; betweenness`,
  effects: r`degree correlations; higher-order interactions; zealots; time delays; noise in updating; bursty activity; frustration of links; community overlap; targeted attacks; recovery of nodes; peer pressure; heterogeneous thresholds; distance costs; external forcing; mobility; memory of past contacts`,
  tools: r`the configuration model; pair approximations; nonbacktracking matrices; bond-percolation mappings; finite-size scaling; stochastic block models; generating functions; master stability functions; random walks; Monte Carlo rewiring; kernel density estimates; greedy dismantling; Kuramoto order parameters; branching approximations; simplicial complexes; survival analysis`,
  contexts: r`infrastructure resilience; opinion polarisation; brain networks; epidemic control; ecological webs; finance; urban mobility; online platforms; language change; innovation spreading`,
  examples: r`the Watts-Strogatz graph; the Kuramoto model; the Barabási-Albert tree; the Italian blackout; the Sznajd rule; the Karate Club; the SIS process; the Deffuant rule; bitcoin transactions; London buses`,
  background: r`
    [One overloaded line|A single failed line] can [black out|darken] a continent, because its load [moves|shifts] to others that fail in turn.
    [Fireflies, pacemaker cells and generators|Generators on a grid] [agree on|fall into] a common rhythm [without a conductor|though nobody conducts].
    [People copy their neighbours|Imitation], [and|yet] societies seldom reach [unanimity|agreement].
    [Hubs|A few hubs] [hold together|dominate] many real networks, which makes them [sturdy and fragile at once|robust to accidents and vulnerable to attack].`,
  claims: r`
    removing the {percent} most [central|connected] nodes [dismantles|fragments] the network, compared with {percent2} [needed|required] when nodes are [chosen|picked] at random
    group interactions [turn|change] the onset from continuous to [abrupt|discontinuous] once their share exceeds {percent}
    consensus time [scales|grows] with the {few}-th power of the [logarithm of the|] number of agents
    the threshold [vanishes|tends to zero] in the infinite-size limit, though only [logarithmically|very slowly]
    [delays|adaptive links] [stabilise|favour] {few} coexisting clusters
    [real|empirical] networks [fail|synchronise] [earlier|later] than their randomised counterparts by {percent}`,
  formulas: r`
    the dynamics $\dot\theta_i=\omega_i+K\sum_jA_{ij}\sin(\theta_j-\theta_i)$
    the degree law $P(k)\sim k^{-\gamma}$
    the threshold $\beta_c=1/\Lambda$
    the criterion $\langle k^2\rangle/\langle k\rangle>2$`,
};

const softGlass: SubfieldText = {
  style: 'theory',
  crossLists: 'cond-mat.soft cond-mat.dis-nn cond-mat.mtrl-sci',
  phenomena: r`
    the glass transition | dynamical arrest @in
    jamming | rigidity onset @in
    yielding | plastic failure @of
    dynamic heterogeneity | spatially varying mobility @in
    nucleation | birth of the stable phase @in
    depletion attraction | entropic attraction @between
    vibrational anomalies | excess low-frequency modes @in
    memory formation | retention of past deformation @in`,
  objects: r`
    supercooled liquids | deeply undercooled melts
    amorphous solids | structural glasses
    granular packings | static assemblies of grains
    colloidal suspensions | dispersions of Brownian spheres
    polymer melts | dense entangled chains
    patchy particles | anisotropic sticky particles
    liquid crystals | fluids of elongated molecules`,
  qualifiers: 'polydisperse; sheared; ultrastable; dense; soft-sphere; confined',
  methods: r`
    replica-symmetry-breaking theory | hierarchical free-energy theory
    dynamical mean-field theory | infinite-dimensional dynamics
    density-functional theory | free-energy functionals of density
    swap Monte Carlo equilibration | particle-exchange sampling
    elastoplastic modelling | mesoscopic block models
    integral-equation theory | closure relations for correlations`,
  settings: r`
    infinite dimensions | the mean-field limit of high dimension
    oscillatory shear | cyclic deformation
    the athermal limit | zero temperature
    slit confinement | parallel walls
    the isobaric ensemble | constant pressure`,
  results: r`
    a Gardner phase | marginally stable glass states
    a quartic density of vibrational states | a universal law of soft modes
    a ductile-to-brittle crossover | a change from smooth to abrupt yielding
    a growing static length | an increasing amorphous order scale
    two-step relaxation | a plateau in the correlators`,
  quantities: r`relaxation time ~ \tau_\alpha; packing fraction ~ \varphi; yield strain ~ \gamma_Y; configurational entropy ~ s_c; four-point susceptibility ~ \chi_4; shear modulus ~ G; fragility ~ m; nucleation barrier ~ \Delta F^*; coordination number ~ z; surface free energy ~ \gamma; Debye-Waller factor; stress drop; fictive temperature ~ T_f; orientational order ~ S_2; nonaffine displacement ~ D^2_{\min}; mode-coupling temperature ~ T_{\rm MCT}`,
  effects: r`friction; pinned particles; polydispersity; attractive bonds; gravity; preparation history; activity of the particles; hydrodynamic lubrication; shape anisotropy; thermal activation; cyclic training; vacancies; three-body interactions; electrostatic repulsion; a rough wall; cooling-rate dependence`,
  tools: r`inherent-structure analysis; point-to-set correlations; isoconfigurational averages; Percus-Yevick closures; umbrella sampling; Hessian spectra; fundamental-measure functionals; Voronoi volumes; machine-learned softness; metadynamics; strain-controlled quasistatics; isostatic counting; Kirkwood-Buff integrals; facilitation models; local stress maps; transition-path sampling; Gaussian-core references`,
  contexts: r`metallic glasses; geophysical flows; protein crystallisation; food science; cell tissues; additive manufacturing; pharmaceuticals; concrete and clay; optimisation landscapes`,
  examples: r`the Kob-Andersen mixture; silica; the Lennard-Jones fluid; the Asakura-Oosawa model; PMMA spheres; the perceptron; glycerol; emulsions; Onsager rods; the Hertzian potential`,
  background: r`
    [A glass|Window glass] has the structure of a liquid and the rigidity of a solid, and [why it stops flowing|the reason it does not flow] is [still debated|not agreed upon].
    [Pour sand|Compress grains] slowly, and at some density [it|they] [locks|lock] into a solid without any change of structure.
    [In a supercooled liquid|Close to arrest], some regions move [thousands of|many] times faster than others a few diameters away.
    [The first nucleus|A critical nucleus] is too small and too short-lived to be [seen|caught in the act].`,
  claims: r`
    the relaxation time grows by {few} decades while the static length increases by {percent}
    [well-annealed|stable] samples fail [through|by] a single system-spanning band, [poorly annealed|rapidly quenched] ones [flow|yield] smoothly
    [soft|quasi-localised] modes follow the quartic law in [every|each] dimension from {few} upward
    the system remembers {few} [amplitudes|directions] at once, [provided|if] it is trained in [ascending|decreasing] order
    the barrier is [lowered|reduced] by {percent} [near|in contact with] the wall
    [rigidity|the contact network] [appears|percolates] at a packing fraction of {low}, [below|above] the frictionless value`,
  formulas: r`
    the law $D(\omega)\sim\omega^4$
    the Adam-Gibbs relation $\log\tau\propto1/(Ts_c)$
    the scaling $z-z_c\sim(\varphi-\varphi_J)^{1/2}$
    the Vogel-Fulcher form $\tau=\tau_0e^{A/(T-T_0)}$`,
};

export const condMatStatMech: TopicText = {
  category: 'cond-mat.stat-mech',
  related: r`ferrofluids; foams; emulsions; gels; pastes; membranes; vesicles; micelles; filaments; actin; microtubules; cilia; bacterial swarms; fish schools; bird flocks; pedestrian crowds; ant trails; granular gases; sandpiles; snow avalanches; mudslides; earthquakes; forest fires; rainfall; river networks; turbulence; dust devils; solar flares; Josephson arrays; superfluids; supersolids; spin ice; spin liquids; antiferromagnets; ferroelectrics; relaxors; martensites; binary alloys; hydrogen-bonded crystals; ice; supercritical water; ionic liquids; electrolytes; plasmas; Coulomb fluids; dipolar gases; ultracold atoms; trapped ions; optical lattices; Rydberg gases; polaritons; lasers; photon condensates; random lasers; quantum dots; single-electron boxes; nanowires; graphene; carbon nanotubes; phonon baths; heat pumps; refrigerators; batteries; ratchets; rotaxanes; enzymes; ribosomes; chromatin; DNA hairpins; proteins; RNA; cell membranes; ion channels; gene circuits; neurons; immune repertoires; ecosystems; epidemics; evolution; language; markets; wealth distributions; auctions; elections; traffic jams; queues; power grids; the Internet; citation graphs; satisfiability; graph colouring; matching; spanning trees; Hopfield memories; Boltzmann machines; perceptrons; deep networks; compressed sensing; group testing; random codes; sphere packings; random tilings; self-avoiding walks; loop models; polymers; brushes; rings; knots; tethered surfaces; interfaces; facets; wetting films; droplets; bubbles; cavitation; crystallites; dendrites; cracks; friction; adhesion; lubrication; rheometers; suspensions; clays; cement; glasses; orientational order; nematics; smectics; blue phases; cholesterics; skyrmions; vortices; dislocations; dimers; monomers; trimers; plaquettes; gauge fields; random fields; Casimir forces; surface waves`,
  papers: 230,
  subfields: [critical, stochastic, quantumMany, growth, complexSystems, softGlass],
};
