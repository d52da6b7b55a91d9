/** General relativity and quantum cosmology, the main topic. */
import type { SubfieldText, TopicText } from '../bank.js';

const r = String.raw;

const perturbations: SubfieldText = {
  style: 'theory',
  crossLists: 'hep-th astro-ph.HE math-ph',
  phenomena: r`
    quasinormal modes | ringdown frequencies | damped characteristic oscillations @of
    superradiance | superradiant amplification | rotational energy extraction by waves @around
    late-time tails | power-law tails | late-time decay of perturbations @around
    tidal Love numbers | static tidal response | tidal deformability coefficients @of
    spectral instability | pseudospectral instability | fragility of the overtones @of
    grey-body factors | transmission probabilities | barrier penetration factors @of`,
  objects: r`
    Kerr black holes | rotating vacuum holes
    Reissner-Nordström black holes | electrically charged static holes
    regular black holes | singularity-free black holes | holes with a de Sitter core
    wormholes | traversable throats
    black strings | extended black objects`,
  qualifiers: 'near-extremal; asymptotically flat; slowly rotating; higher-dimensional; magnetised; hairy',
  methods: r`
    the Teukolsky formalism | Newman-Penrose perturbation theory | the spin-weighted master equation
    continued fractions | Leaver's method | three-term recurrence relations
    hyperboloidal slicing | horizon-penetrating compactified coordinates
    matched asymptotic expansions | matching of near and far zones
    WKB expansions | semiclassical phase-integral methods`,
  settings: r`
    the eikonal limit | the geometric-optics regime
    Einstein-Maxwell theory | electrovacuum gravity
    anti-de Sitter space | a spacetime with reflecting boundary
    the low-frequency regime | the soft limit`,
  results: r`
    a hidden ladder symmetry | an accidental conformal symmetry
    long-lived trapped modes | quasi-bound states
    isospectrality of the polar and axial sectors | parity-independent spectra
    a discontinuous jump of the fundamental mode | a migration of the lowest overtone
    an instability of the scalar sector | exponentially growing scalar modes`,
  quantities: r`damping rate ~ \omega_I; overtone number ~ n; spin parameter ~ a/M; multipole index ~ \ell; charge-to-mass ratio ~ Q/M; surface gravity ~ \kappa; height of the potential barrier ~ V_{\max}; amplification factor ~ Z; excitation coefficient; reflectivity ~ \mathcal{R}; separation constant; azimuthal number ~ m; quality factor`,
  effects: r`frame dragging; spin-induced mode coupling; a cosmological constant; an accretion disc; a thin shell of matter; nonlinear mode coupling; parity violation; a massive scalar hair; an environmental halo; dissipation at the horizon; higher-derivative corrections; an inner Cauchy horizon; dispersive boundary conditions; small compact bumps in the potential`,
  tools: r`Chebyshev collocation; Padé resummation; Frobenius series; Heun functions; the Chandrasekhar transformation; spheroidal harmonics; time-domain integration; the Mano-Suzuki-Takasugi series; Green's function contours; pseudospectra; Prony fits; the Regge-Wheeler gauge; exact monodromy data; Darboux transformations`,
  contexts: r`black-hole spectroscopy; tests of the no-hair theorem; extreme-mass-ratio inspirals; strong cosmic censorship; analogue gravity; searches for ultralight bosons; the membrane paradigm; scattering amplitudes; the dissipative response of compact objects`,
  examples: r`the Schwarzschild hole; the Kerr-Newman family; GW150914; the Pöschl-Teller barrier; the Hayward hole; the Ellis throat; the Damour-Solodukhin wormhole; the BTZ geometry; the Myers-Perry family; the Vaidya background; the Emparan-Reall ring`,
  background: r`
    A perturbed black hole rings down through a [discrete|countable] set of damped tones, and [general relativity|Einstein's theory] leaves [only the mass and the spin|just two numbers] to set their pitch.
    Waves that scatter off a spinning hole can leave with more energy than they brought, [provided|as long as] their frequency lies below that of the horizon's rotation.
    [Far from the source|At large radius], backscattering off curvature leaves an echo that decays [only|] as an inverse power of time.
    [In four dimensions|In vacuum], static fields induce no conservative response of the horizon, [a coincidence|a cancellation] that [asks for|has lacked] a symmetry explanation.`,
  claims: r`
    the fundamental tone [survives|is stable] while overtones above the {few} lowest [migrate far|are displaced] in the complex plane
    the response [vanishes identically|is zero] for [integer|static] multipoles and [runs logarithmically|acquires a logarithm] otherwise
    the decay exponent changes by [one unit|two units] when the field [couples to|is dressed by] the charge
    modes trapped between the barrier and the [throat|wall] leak out as a train of [delayed pulses|echoes]
    amplification never exceeds {percent}, [even|also] for [the most rapid rotation|maximal spin]
    the potential develops a second [peak|maximum], which [splits|doubles] each line of the spectrum
    [angular eigenfunctions|mode functions] can be [orthogonalised|normalised] with a bilinear form that [vanishes at|is insensitive to] the bifurcation sphere`,
  formulas: r`
    the falloff $t^{-2\ell-3}$
    the threshold condition $\omega < m\Omega_H$
    the master equation $\Delta^{-s}\partial_r(\Delta^{s+1}\partial_r R)+V R=0$
    the near-extremal expansion in $\sqrt{1-a^2/M^2}$
    the light-ring correspondence $\omega \simeq \ell\,\Omega_c - i(n+\tfrac12)\lambda$`,
};

const binaries: SubfieldText = {
  style: 'observation',
  crossLists: 'astro-ph.HE astro-ph.IM astro-ph.CO',
  phenomena: r`
    orbital eccentricity | non-circularity of the orbit @in
    spin precession | precession of the orbital plane @of
    ringdown overtones | higher damped modes after merger @of
    parity violation in gravitational waves | amplitude birefringence @in
    gravitational-wave memory | permanent displacement after a burst @from
    tidal disruption before merger | tearing of the companion star @in
    gravitational lensing of chirps | magnified and repeated signals @of`,
  objects: r`
    binary black-hole mergers | coalescing pairs of holes
    binary neutron stars | merging double neutron stars
    neutron star-black hole binaries | mixed compact pairs
    intermediate-mass black holes | holes of a few hundred solar masses
    extreme-mass-ratio inspirals | small bodies spiralling into massive holes
    Galactic white-dwarf binaries | double degenerate systems in the Milky Way`,
  qualifiers: 'asymmetric; highly spinning; low-mass; dynamically formed; precessing; high-redshift',
  methods: r`
    hierarchical Bayesian inference | population-level inference
    matched filtering | correlation with template banks
    reduced-order surrogate waveforms | interpolated waveform models
    neural posterior estimation | amortised simulation-based inference
    the stationary-phase approximation | frequency-domain chirp expansions
    time-frequency wavelet analysis | unmodelled burst reconstruction`,
  settings: r`
    the third gravitational-wave transient catalogue | the public catalogue of LIGO and Virgo events
    simulated LISA data | mock data of a space-borne interferometer
    a network of third-generation detectors | the Einstein Telescope and Cosmic Explorer
    pulsar timing arrays | decade-long millisecond-pulsar timing
    the fourth observing run | the latest LIGO-Virgo-KAGRA run`,
  results: r`
    no evidence for deviations from general relativity | consistency with Einstein's theory
    a subpopulation with aligned spins | an excess of small tilt angles
    a mild preference for non-zero eccentricity | a hint of residual eccentricity
    an upper limit on the dipole radiation | a bound on extra polarisations
    a bias in the inferred source masses | a systematic shift of the chirp mass`,
  quantities: r`chirp mass ~ \mathcal{M}; effective inspiral spin ~ \chi_{\rm eff}; mass ratio ~ q; luminosity distance ~ D_L; network signal-to-noise ratio ~ \rho; sky-localisation area; merger rate density ~ \mathcal{R}_0; graviton mass ~ m_g; combined tidal deformability ~ \tilde\Lambda; recoil velocity ~ v_k; inclination angle ~ \iota; false-alarm rate; remnant spin ~ a_f; branching fraction`,
  effects: r`non-Gaussian glitches; calibration errors; overlapping signals; higher harmonics; selection effects; waveform systematics; a confusion foreground; Doppler modulation; a changing duty cycle; spectral lines; gaps in the data stream; misspecified priors; line-of-sight acceleration; instrumental nonstationarity`,
  tools: r`nested sampling; effective-one-body waveforms; post-Newtonian templates; heterodyned likelihoods; normalising flows; time-delay interferometry; importance reweighting; relative binning; spline envelopes; signal-consistency vetoes; injection campaigns; Fisher matrices; reversible-jump Monte Carlo; coherent null streams; time slides`,
  contexts: r`standard-siren cosmology; stellar evolution; formation channels of compact objects; multimessenger follow-up; tests of strong-field gravity; nuclear matter at high density; globular-cluster dynamics; the pair-instability mass gap; low-latency alerts; dark-matter spikes`,
  examples: r`GW190521; GW170817; GW200105; GW230529; the Virgo detector; the TianQin mission; Taiji; DECIGO; the pulsar B1913+16; the source AM CVn; KAGRA; the NANOGrav array; GW151226; OJ 287`,
  background: r`
    [Each observing run|Every upgrade of the interferometers] has [multiplied|doubled] the number of detected mergers, and the [catalogue|census] is now large enough to ask population questions.
    [Residual eccentricity|The tilt of the spins] [keeps|retains] a memory of [where and how|the place where] a pair was assembled, [whereas|while] radiation reaction erases most other traces.
    [A signal that stays in band for hours|A long inspiral] [strains|tests] the assumption of stationary noise.
    [When a massive galaxy lies along the line of sight|Behind a massive lens], a single coalescence may [reach us|be recorded] more than once, [days to months apart|with different arrival phases].`,
  claims: r`
    [ignoring|leaving out] {E} shifts the {Q} by [more than|about] {sigma} standard deviations for the loudest events
    the {Q} can be measured to {percent} once [three|four] detectors are [online|in operation]
    [roughly|at least] {percent} of the simulated sources are [localised|confined] to within ten square degrees
    a template bank without {E} loses [up to|as much as] {percent} of the detectable volume
    the posterior [rails against|piles up at] the prior boundary unless {E} {E:is/are} modelled
    [neither|no] single event nor the [stacked|combined] sample [requires|calls for] more than the dominant quadrupole
    [the network resolves|one recovers] {bigcount} sources above threshold, [mostly|chiefly] at frequencies [above|below] a few millihertz`,
  formulas: r`
    the residual phase $\delta\Psi \propto f^{-5/3}$
    a Bayes factor $\log_{10}\mathcal{B} = 2.3$
    the characteristic strain $h_c \propto f^{-2/3}$
    the power-law mass function $p(m_1)\propto m_1^{-\alpha}$`,
};

const numerical: SubfieldText = {
  style: 'simulation',
  crossLists: 'astro-ph.HE physics.comp-ph math.NA',
  phenomena: r`
    gravitational collapse | implosion under self-gravity @of
    critical phenomena at the threshold of collapse | type II critical behaviour @of
    gravitational recoil | merger kicks @in
    post-merger oscillations | kilohertz oscillations of the remnant @of
    jet launching | formation of collimated outflows @from
    high-energy collisions | ultrarelativistic encounters @of
    prompt collapse | immediate horizon formation after contact @of`,
  objects: r`
    boson stars | self-gravitating complex scalar solitons
    hypermassive neutron stars | differentially rotating merger remnants
    supermassive stars | massive radiation-dominated stars
    massless scalar fields | free minimally coupled scalars
    collapsing cores | iron cores of massive stars
    unequal-mass black-hole binaries | pairs of holes with different masses
    cosmic-string loops | closed strings`,
  qualifiers: 'rapidly rotating; magnetised; spinning; charged; axisymmetric; turbulent',
  methods: r`
    the BSSN formulation | the conformal-traceless evolution system
    the generalised harmonic formulation | harmonic-gauge evolution
    discontinuous Galerkin methods | high-order finite-element transport
    characteristic extraction | extraction at null infinity
    general-relativistic magnetohydrodynamics | ideal conducting fluids in curved space
    constraint-damped evolution | the Z4c system`,
  settings: r`
    a suite of long three-dimensional evolutions | a catalogue of full 3D runs
    axisymmetric evolutions with adaptive mesh refinement | refined two-dimensional runs
    simulations with tabulated equations of state | runs with finite-temperature microphysics
    spherically symmetric high-resolution runs | one-dimensional evolutions
    equal-resolution code comparisons | cross-code benchmark runs`,
  results: r`
    discretely self-similar echoing | periodic fine structure near threshold
    a long-lived bar mode | a persistent non-axisymmetric deformation
    a universal scaling of the remnant mass | a mass relation independent of the equation of state
    a delayed collapse to a black hole | eventual horizon formation
    a naked region of unbounded curvature | curvature growth without a horizon`,
  quantities: r`peak frequency ~ f_{\rm peak}; radiated energy ~ E_{\rm rad}; final spin ~ a_f; ejecta mass ~ M_{\rm ej}; compactness ~ C; constraint violation; recoil speed ~ v_{\rm kick}; lapse at the centre; disc mass ~ M_{\rm disc}; echoing period ~ \Delta; critical exponent ~ \gamma; angular momentum at merger; magnetic-field strength at the pole; central rest-mass density ~ \rho_c`,
  effects: r`neutrino cooling; shock heating; numerical viscosity; magnetic winding; a phase transition to quark matter; finite temperature; junk radiation; turbulent viscosity; gauge shocks; mass loss; residual eccentricity; finite extraction radius; non-axisymmetric perturbations; self-interactions of the scalar`,
  tools: r`moving-puncture gauges; adaptive mesh refinement; excision of the interior; Cauchy-characteristic matching; WENO reconstruction; Kreiss-Oliger dissipation; moment-based neutrino transport; apparent-horizon finders; the conformal thin-sandwich equations; pseudospectral initial data; Richardson extrapolation; multipatch grids; tracer particles; constrained transport; GPU-accelerated stencils`,
  contexts: r`waveform modelling; short gamma-ray bursts; kilonova light curves; the weak cosmic censorship conjecture; nuclear astrophysics; heavy-element nucleosynthesis; searches for exotic compact objects; primordial black-hole formation; core-collapse supernovae; horizon topology`,
  examples: r`the Choptuik critical solution; the SLy equation of state; the Einstein Toolkit; SpECTRE; GRChombo; the ALF2 tables; Brill waves; the Kelvin-Helmholtz rolls; AT2017gfo; the Bondi-Hoyle wake; the DD2 tables; THC; oscillatons`,
  background: r`
    [No symmetry remains|All symmetry is lost] in the last orbits before contact, and [only|nothing but] the full nonlinear field equations will do.
    [Fine-tuning|Tuning] a one-parameter family of initial data to the verge of collapse reveals [self-similarity|scale invariance] reminiscent of a phase transition.
    [The remnant of a merger|What is left after merger] is hot, [differentially rotating|sheared] and [short-lived|precariously supported], so that its fate hinges on pressure that no laboratory can reproduce.`,
  claims: r`
    [the remnant|the merged object] survives for {count} milliseconds before it [collapses|implodes]
    the spectrum shows [three|two] distinct peaks, the strongest of which [tracks|follows] the {Q}
    the scaling exponent is [insensitive to|the same for all choices of] the initial profile
    [unequal masses|asymmetric encounters] eject {factor} times more material than [equal ones|symmetric ones]
    the gauge [settles|relaxes] within {count} crossing times, [after which|whereupon] constraint violations decay [exponentially|steadily]
    an outflow forms only when the [initial poloidal field|seed field] [exceeds|is stronger than] a threshold
    [the two stars|both solitons] [pass through each other|bounce] at high speed, in [contrast|opposition] to the hoop argument`,
  formulas: r`
    the mass-scaling law $M \propto |p-p_*|^{\gamma}$
    a polytropic law $P = K\rho^{\Gamma}$
    the $1+\log$ slicing condition $\partial_t\alpha = -2\alpha K$
    the Weyl scalar $\Psi_4$ on spheres of large radius`,
};

const modified: SubfieldText = {
  style: 'theory',
  crossLists: 'hep-th astro-ph.CO hep-ph',
  phenomena: r`
    screening mechanisms | suppression of fifth forces @in
    ghost instabilities | wrong-sign kinetic modes @in
    spontaneous scalarisation | tachyonic growth of scalar hair @of
    energy-condition violation | failure of the null energy condition @in
    light deflection | bending of null rays @by
    anisotropic stress | gravitational slip @in
    Birkhoff's theorem | uniqueness of spherical vacua @in`,
  objects: r`
    scalar-tensor theories | gravity with an extra scalar
    Horndeski models | generalised Galileon theories
    teleparallel models | torsion-based gravity theories
    massive-gravity theories | theories of a massive graviton
    Einstein-Gauss-Bonnet models | quadratic-curvature models
    bimetric theories | theories with two interacting metrics
    metric-affine theories | models with independent connection`,
  qualifiers:
    'shift-symmetric; degenerate higher-order; ghost-free; non-minimally coupled; Lorentz-violating; symmetron-like',
  methods: r`
    Hamiltonian constraint analysis | Dirac-Bergmann counting
    the post-Newtonian expansion | the parametrised weak-field formalism
    dynamical-systems analysis | phase-space methods
    disformal transformations | field-dependent rescalings of the metric
    reconstruction from the expansion history | inverse model building
    the effective-field-theory approach | the EFT of perturbations`,
  settings: r`
    the decoupling limit | the regime in which helicity modes separate
    static spherical symmetry | spherically symmetric vacuum
    the Palatini formulation | the first-order formalism
    a Friedmann background | homogeneous and isotropic expansion
    the unitary gauge | uniform-field slicing`,
  results: r`
    the absence of additional propagating modes | exactly two tensor degrees of freedom
    a new branch of hairy solutions | scalarised configurations
    strong coupling around flat space | loss of perturbativity near Minkowski space
    a self-accelerating solution | late acceleration without dark energy
    an equivalence with a canonical scalar | a dual description by a minimally coupled field`,
  quantities: r`scalar charge ~ \alpha_A; sound speed ~ c_s^2; effective Newton constant ~ G_{\rm eff}; Vainshtein radius ~ r_V; slip parameter ~ \eta; tensor speed excess ~ \alpha_T; braiding function ~ \alpha_B; nonmetricity scalar ~ Q; torsion scalar ~ T; graviton mass ~ m_g; PPN parameter ~ \gamma; coupling constant ~ \lambda; Brans-Dicke parameter ~ \omega_{\rm BD}; cutoff scale ~ \Lambda_3`,
  effects: r`a chameleon potential; non-minimal matter coupling; a disformal coupling; torsion; nonmetricity; a broken shift symmetry; higher-curvature terms; caustics; a non-local form factor; a preferred frame; matter loops; spatial curvature; a dynamical Chern-Simons term; conformal anomalies`,
  tools: r`the Arnowitt-Deser-Misner decomposition; Lagrange multipliers; conformal frames; Noether symmetries; the Stückelberg trick; vierbein variables; auxiliary fields; the Horndeski alpha basis; junction conditions; numerical shooting; the Ostrogradsky criterion; positivity bounds; the Jebsen argument; Routh-Hurwitz conditions`,
  contexts: r`late-time acceleration; Solar System tests; binary-pulsar timing; the speed of gravitational waves; neutron-star structure; galaxy rotation curves; the cosmological-constant problem; the growth of structure; bouncing cosmologies; laboratory fifth-force searches`,
  examples: r`the Brans-Dicke theory; the Starobinsky model; the DGP brane; beyond-Horndeski gravity; Cassini tracking; lunar laser ranging; the cubic Galileon; Hořava-Lifshitz gravity; the Eddington-Born-Infeld action; mimetic matter; the Dvali-Gabadadze route; MICROSCOPE; the Hassan-Rosen theory; Weyl gravity`,
  background: r`
    [The coincidence of|Near-simultaneous arrival of] light and gravitational waves from a merger has [pruned|thinned out] the landscape of dark-energy models.
    [A theory that changes gravity on the largest scales|Any infrared modification] must [hide|conceal] its extra force in the Solar System.
    [Derivatives higher than second order|Higher-order equations of motion] [usually signal|announce] a ghost, [unless|save when] the Lagrangian is degenerate.`,
  claims: r`
    the scalar mode [propagates superluminally|becomes strongly coupled] on [every|any] background with {E}
    [hairy solutions|solutions with a scalar profile] exist only [above|beyond] a critical [compactness|coupling] and are [energetically preferred|thermodynamically favoured]
    the constraint that [removes|eliminates] the ghost [survives|persists] [when matter is added|after field redefinitions]
    the extra force is [suppressed|screened] by {few} orders of magnitude [inside|within] the Vainshtein radius
    the theory [propagates|contains] [exactly three|five] degrees of freedom, [rather than the two|instead of the four] [suggested|expected] from a naive count
    [the fixed point|the attractor] is a [saddle|node], so that acceleration is only [transient|temporary]`,
  formulas: r`
    the Lagrangian $\mathcal{L} = G_4(\phi,X)R + G_3(\phi,X)\Box\phi$
    the function $f(R)=R+\alpha R^2$
    the condition $c_T=1$
    the modified Poisson equation $\nabla^2\Phi = 4\pi G\mu(k,a)\delta\rho$
    the Gauss-Bonnet combination $\mathcal{G}=R^2-4R_{\mu\nu}R^{\mu\nu}+R_{\mu\nu\rho\sigma}R^{\mu\nu\rho\sigma}$`,
};

const thermodynamics: SubfieldText = {
  style: 'theory',
  crossLists: 'hep-th cond-mat.stat-mech quant-ph',
  phenomena: r`
    Hawking radiation | thermal emission from the horizon @from
    van der Waals criticality | liquid-gas-like criticality @of
    the first law of mechanics | the mass-variation formula @for
    Joule-Thomson expansion | isenthalpic cooling and heating @of
    evaporation | mass loss by quantum emission @of
    logarithmic entropy corrections | subleading entropy terms @for
    topological thermodynamic defects | winding numbers of the off-shell free energy @of`,
  objects: r`
    anti-de Sitter black holes | holes in asymptotically AdS space
    dilatonic black holes | holes with a scalar coupled to the gauge field
    Bardeen black holes | holes supported by a magnetic monopole core
    Taub-NUT spacetimes | geometries with nut charge
    rotating BTZ geometries | three-dimensional spinning holes
    cosmological horizons | de Sitter horizons
    Lovelock black holes | holes of polynomial curvature gravity`,
  qualifiers: 'charged; hyperbolic; nonlinearly charged; accelerating; quantum-corrected; multi-horizon',
  methods: r`
    the Euclidean action approach | the gravitational path integral
    the tunnelling method | semiclassical emission as barrier penetration
    the Iyer-Wald formalism | the covariant phase-space formalism
    Ruppeiner geometry | thermodynamic information geometry
    extended phase-space thermodynamics | black-hole chemistry
    the brick-wall regularisation | counting of near-horizon modes`,
  settings: r`
    the canonical ensemble | an ensemble of fixed charge
    Einstein-Born-Infeld theory | gravity with nonlinear electrodynamics
    a finite isothermal cavity | a heat bath of finite radius
    the restricted phase space | a fixed-volume thermodynamic description
    the generalised uncertainty principle | minimal-length quantum mechanics`,
  results: r`
    a triple point | coexistence of small, intermediate and large holes
    a stable remnant | a Planck-mass relic
    a reverse isoperimetric inequality | an upper bound on the entropy at given volume
    a zeroth-order phase transition | a jump of the Gibbs free energy
    a universal temperature bound | a ceiling on the horizon temperature`,
  quantities: r`Hawking temperature ~ T_H; horizon area ~ A; heat capacity ~ C_P; thermodynamic volume ~ V; Gibbs free energy ~ G; inversion temperature ~ T_i; critical pressure ~ P_c; entropy ~ S; chemical potential of the cosmological constant; electric potential ~ \Phi; evaporation time ~ \tau_{\rm ev}; Ruppeiner curvature ~ \mathcal{R}; winding number ~ w; Komar mass; emission rate; specific heat; Smarr relation; latent heat; scalar potential at the horizon`,
  effects: r`backreaction of the radiation; a string cloud; quintessence; a minimal length; nonextensive statistics; higher-derivative terms; vacuum polarisation; a running gravitational coupling; a global monopole; superradiant modes; a varying cosmological constant; angular momentum; dark-fluid pressure; trace anomalies; noncommutative smearing; a magnetic charge; off-shell fluctuations; Lorentz violation`,
  tools: r`Hamilton-Jacobi tunnelling; contour integrals; Maxwell's equal-area law; Duan's topological current; Noether charges; conformal anomalies; Bogoliubov transformations; Landau free energies; Misner strings; Weinhold metrics; holographic counterterms; Rindler approximations; zeta-function regularisation; Bekenstein bounds; steepest-descent saddles; isochores; generalised Smarr formulas; Barrow entropy; surface terms`,
  contexts: r`holographic duality; the species problem; primordial black-hole searches; the microscopic origin of entropy; the information puzzle; heat-engine analogies; quantum gravity phenomenology; the thermodynamics of spacetime; swampland bounds`,
  examples: r`the Schwarzschild hole; the Kerr-Newman family; the Hayward metric; the C-metric; the Gödel universe; the Nariai limit; the five-dimensional black ring; the Martínez-Teitelboim-Zanelli solution; the Plebański-Demiański class; the Myers-Perry solution`,
  background: r`
    [A horizon has a temperature|Horizons are hot], and hence an entropy, [whose microscopic origin|the counting of which] remains [the sharpest clue|a rare clue] to quantum gravity.
    [If the cosmological constant is allowed to vary|Once the cosmological constant is read as a pressure], black holes [boil and condense|change phase] much like [water|ordinary fluids].
    [Black holes shrink|A radiating hole shrinks] as [they radiate|it radiates], and [the end of the process|what remains at the end] lies beyond semiclassical physics.`,
  claims: r`
    [large|the larger] holes are [thermally stable|stable against fluctuations], whereas [small|the smaller] ones have negative specific heat
    the critical exponents [coincide with|are those of] mean-field theory, [independently|irrespective] of the {Q}
    evaporation [halts|slows down] when the mass [reaches|drops to] a few Planck masses
    the inversion curve [separates|divides] the plane into a cooling and a heating region, with a minimum ratio of {decimal}
    the total winding number [is|equals] [zero|one] and therefore [defines|singles out] a topological class of its own
    the spectrum [departs|deviates] from Planckian form because of {E}, [leaving room for|which allows] correlations between successive quanta
    [the equation of state|each isotherm] develops [two|three] branches once {E} {E:is/are} switched on`,
  formulas: r`
    the entropy $S=\frac{A}{4}+\alpha\ln A$
    the pressure $P=-\Lambda/8\pi$
    the Smarr formula $M=2TS-2PV+\Phi Q$
    the temperature $T=\kappa/2\pi$
    the critical ratio $P_cv_c/T_c=3/8$`,
};

const quantumGravity: SubfieldText = {
  style: 'theory',
  crossLists: 'hep-th quant-ph math-ph',
  phenomena: r`
    singularity resolution | replacement of the singularity by a bounce @in
    the continuum limit | recovery of smooth geometry @of
    the problem of time | timelessness of the constraints @in
    dimensional reduction at short distance | running of the spectral dimension @in
    the emergence of classical geometry | semiclassical behaviour @in
    gravitationally induced entanglement | entanglement through the Newtonian field @between
    black-to-white-hole tunnelling | quantum transition through the horizon @in`,
  objects: r`
    spin-foam models | sums over coloured two-complexes
    loop-quantised cosmologies | polymer quantisations of homogeneous universes
    causal dynamical triangulations | foliated random geometries
    causal sets | discrete partially ordered spacetimes
    group field theories | quantum field theories on group manifolds
    superposed masses | delocalised massive particles
    minisuperspace models | quantised symmetric universes`,
  qualifiers: 'Lorentzian; Euclidean; anisotropic; unimodular; effective; coarse-grained',
  methods: r`
    coherent-state quantisation | quantisation with semiclassical wave packets
    the asymptotic-safety programme | fixed-point renormalisation of gravity
    relational observables | evolution with respect to internal clocks
    effective spin-foam sums | discrete path integrals over areas
    the Wheeler-DeWitt equation | the canonical constraint equation
    refined algebraic quantisation | group averaging of constraints`,
  settings: r`
    self-dual variables | Ashtekar's complex connection
    the mu-bar scheme | improved lattice refinement
    the interior of a spherical hole | the Kantowski-Sachs region
    a positive cosmological constant | de Sitter boundary conditions
    the semiclassical limit of large spins | the large-spin asymptotics`,
  results: r`
    a symmetric quantum bounce | a non-singular turnaround
    an ultraviolet fixed point | a non-Gaussian fixed point
    a deformed constraint algebra | modified hypersurface deformations
    an area gap | a smallest non-zero area
    unitary evolution in all clocks | clock-independent unitarity`,
  quantities: r`Barbero-Immirzi parameter ~ \gamma; critical density ~ \rho_c; spectral dimension ~ d_s; area eigenvalue; lapse function ~ N; polymer scale ~ \lambda; holonomy angle; mean volume ~ \langle V\rangle; spin label ~ j; entanglement witness ~ \mathcal{W}; link valence; Hausdorff dimension ~ d_H; causal-set discreteness scale; spread of the wave packet; running Newton coupling ~ g; tunnelling lifetime`,
  effects: r`inverse-volume corrections; holonomy corrections; quantum backreaction; anisotropic shear; decoherence; ambiguities of factor ordering; matter clocks; boundary terms; inhomogeneous modes; a positive cosmological constant; gauge fixing of the lapse; simplicity constraints; topology change; residual diffeomorphisms; Lorentz-invariance breaking; nonlocal propagation`,
  tools: r`Regge calculus; the EPRL vertex; stationary-phase evaluation; tensor-network coarse graining; Monte Carlo updates of triangulations; path-integral measures; Dirac brackets; moment expansions; Kodama states; Picard-Lefschetz theory; Gaussian wave packets; heat-kernel traces; Young diagrams of the gauge group; Bianchi symmetry reductions; Hamiltonian lattice regularisation; deparametrisation; the exact renormalisation-group equation; linearised twistors`,
  contexts: r`quantum cosmology; tabletop tests of gravity; the very early universe; the fate of evaporating holes; foundations of quantum mechanics; trans-Planckian physics; holographic screens; gamma-ray tests of dispersion; discrete geometry`,
  examples: r`the Bianchi IX universe; the 4-simplex; Thiemann's Hamiltonian; the Barrett-Crane model; the Hartle-Hawking state; the Page-Wootters clock; the Oppenheimer-Snyder collapse; the Gowdy model; the Benincasa-Dowker action; dust as a time variable`,
  background: r`
    [General relativity predicts its own failure|Classical theory ends] where curvature diverges, and a quantum theory of geometry [ought|is expected] to take over there.
    [Time|A preferred clock] [disappears|drops out] from the equations of canonical quantum gravity, and has to be [recovered|regained] from relations between [events|the fields themselves].
    [If two masses become entangled|Should two masses entangle] through their gravity alone, [the field|gravity] can hardly be classical.
    [At the Planck scale|On the smallest scales] a random walker seems to see [fewer than four|only two] dimensions.`,
  claims: r`
    the bounce [occurs|takes place] at a universal density of {decimal} Planck units
    [different|two] internal clocks give [inequivalent|conflicting] answers unless {E} {E:is/are} [treated|included] consistently
    the dominant configurations are [crumpled|branched] for small coupling and extended [above|beyond] a critical value
    amplitudes are [exponentially suppressed|oscillatory] [unless|except when] the boundary data describe a [flat|Regge-like] geometry
    the singularity is [replaced|supplanted] by a [transition|bridge] to an expanding branch, [with|accompanied by] a loss of {percent} of the mass
    the witness [exceeds|surpasses] its classical bound after a free fall of {decimal} seconds, [provided|if] {E} can be suppressed
    the number of relevant directions is {few}`,
  formulas: r`
    the effective Friedmann equation $H^2=\frac{8\pi G}{3}\rho(1-\rho/\rho_c)$
    the constraint $\hat H\Psi=0$
    the area spectrum $8\pi\gamma\ell_P^2\sqrt{j(j+1)}$
    the vertex amplitude $A_v\sim e^{iS_{\rm Regge}}$`,
};

const mathematical: SubfieldText = {
  style: 'proof',
  crossLists: 'math.AP math.DG math-ph',
  phenomena: r`
    nonlinear stability | stability under small perturbations @of
    the Penrose inequality | the area lower bound on mass @for
    strong cosmic censorship | inextendibility of the maximal development @for
    peeling | decay towards null infinity @for
    geodesic completeness | unlimited continuation of geodesics @of
    the Cauchy problem | well-posedness of the evolution @for
    trapped-surface formation | dynamical appearance of trapped regions @in
    rigidity of stationary solutions | uniqueness of equilibria @for`,
  objects: r`
    Minkowski-like spacetimes | nearly flat developments
    Einstein-Vlasov systems | self-gravitating collisionless matter
    Einstein-Maxwell-Klein-Gordon systems | gravity with a charged scalar
    initial data sets | triples of manifold, metric and second fundamental form
    vacuum spacetimes | Ricci-flat Lorentzian manifolds
    cosmological spacetimes with compact slices | spatially compact universes
    Lorentzian length spaces | synthetic Lorentzian spaces
    marginally outer trapped surfaces | quasi-local horizons`,
  qualifiers:
    'asymptotically hyperbolic; polarised; globally hyperbolic; slowly rotating; low-regularity; spherically symmetric',
  methods: r`
    vector-field multipliers | weighted energy methods
    the conformal method | the Lichnerowicz-York decomposition
    inverse mean curvature flow | expansion by reciprocal mean curvature
    gluing constructions | Corvino-Schoen localisation
    double null foliations | characteristic energy estimates
    spinorial arguments | Witten-type Dirac identities
    optimal-transport convexity | entropy convexity along null geodesics`,
  settings: r`
    wave gauge | harmonic coordinates
    the characteristic initial-value setting | data on two null cones
    the class of Lipschitz metrics | metrics of minimal regularity
    dimension greater than four | higher spacetime dimension
    the presence of a positive cosmological constant | expanding backgrounds
    axial symmetry | the axially symmetric class`,
  results: r`
    global existence for small data | unconditional small-data solutions
    a mass-angular-momentum inequality | a lower bound on mass by spin
    a rigidity theorem | a characterisation of the equality case
    polynomial decay of all components | quantitative pointwise decay
    continuous extendibility across the Cauchy horizon | a C0 extension
    a singularity theorem | geodesic incompleteness`,
  quantities: r`ADM mass ~ m_{\rm ADM}; Hawking mass; Bondi energy; scalar curvature ~ R; mean curvature ~ H; deficit angle; Sobolev regularity ~ s; null expansion ~ \theta_+; Kretschmann scalar; Yamabe invariant; decay exponent ~ p; boost weight; capacity of the boundary; conformal factor ~ \phi; Lorentzian distance`,
  effects: r`slow fall-off of the data; massive Klein-Gordon fields; impulsive waves; trapped null geodesics; conical defects; corners of the data; shear-free congruences; a weak null structure; negative scalar curvature; non-compact ends; Kasner-like oscillations; a rough domain boundary; large angular momentum; superluminal shifts; derivative loss; logarithmic terms at infinity`,
  tools: r`Morawetz estimates; the Newman-Penrose equations; Moser iteration; stable-causality arguments; Bianchi identities; Hardy inequalities; a bootstrap argument; weighted Sobolev spaces; Gromov-Hausdorff convergence; Raychaudhuri's equation; the positive-mass theorem; Friedrich's conformal equations; barrier arguments; monotone quantities; null-frame decompositions; spacelike foliations; spinor identities; renormalised energies`,
  contexts: r`the final-state conjecture; numerical relativity; gravitational radiation; the weak cosmic censorship conjecture; the BKL picture; quasi-local energy; geometric analysis; low-regularity geometry; asymptotic symmetries`,
  examples: r`the Schwarzschild exterior; Birkhoff's uniqueness class; the Milne model; Robinson-Trautman metrics; the Kasner family; Brill wave data; the Penrose-Sormani-type warped products; Weyl metrics; the Christodoulou-Klainerman theorem; plane-fronted waves`,
  background: r`
    [Einstein's equations|The vacuum equations] are hyperbolic only [after|once] coordinates have been fixed, and the [choice|gauge] decides which estimates close.
    [A trapped surface|Once a trapped surface forms, it] announces a singularity but does not say [what|how strong] it is.
    [The total mass|Mass at infinity] controls the geometry far inside, [at least if|provided] the energy density is nowhere negative.
    [Smoothness|Regularity] is a luxury that [shocks|matter models] and [impulsive waves|thin shells] do not [afford|permit].`,
  claims: r`
    solutions [launched|evolving] from data [close to|near] the model exist for all time and [decay|disperse] at the rate [suggested|predicted] by linear theory
    equality holds [only for|precisely in] the [extremal|static] member of the family
    the metric extends continuously [across|beyond] the Cauchy horizon [although|while] its curvature blows up
    [every|any] maximal causal curve is a geodesic, [even if|although] the connection is merely bounded
    the constraint equations [admit|possess] [exactly two solutions|at least one solution] [for|whenever] the {Q} is [small|subcritical]
    a trapped surface [forms|appears] from data [containing|with] no trapped surface initially, provided the incoming shear is [focused|large in one direction]
    [the set of|generic] smooth data [is|lead to] [inextendible|incomplete] in the class of {E}`,
  formulas: r`
    the inequality $m\ge\sqrt{|\Sigma|/16\pi}$
    the constraint $R-|k|^2+({\rm tr}\,k)^2=0$
    the bound $|\alpha|\lesssim r^{-7/2}$
    the null condition $g^{\mu\nu}\partial_\mu u\,\partial_\nu u=0$`,
};

const compact: SubfieldText = {
  style: 'theory',
  crossLists: 'astro-ph.HE nucl-th hep-ph',
  phenomena: r`
    universal relations | equation-of-state-independent relations @for
    radial oscillations | pulsation modes @of
    dark-matter admixture | accumulation of dark particles @in
    the maximum mass | the upper limit to stable masses @of
    anisotropic pressure | unequal radial and tangential stresses @in
    the Chandrasekhar-Friedman-Schutz instability | radiation-driven instability of modes @in
    cooling | thermal relaxation @of`,
  objects: r`
    neutron stars | pulsars and their non-accreting cousins
    quark stars | self-bound strange stars
    gravastars | vacuum-condensate stars
    hybrid stars | stars with a deconfined core
    white dwarfs | degenerate carbon-oxygen stars
    Proca stars | vector-boson solitons
    proto-neutron stars | newborn hot neutron stars`,
  qualifiers: 'rotating; magnetised; hot; ultracompact; differentially rotating; twin',
  methods: r`
    the Tolman-Oppenheimer-Volkoff equations | relativistic hydrostatic equilibrium
    the Hartle-Thorne expansion | slow-rotation perturbation theory
    relativistic mean-field theory | effective hadronic Lagrangians
    minimal geometric deformation | gravitational decoupling
    Bayesian equation-of-state inference | statistical inversion of mass-radius data
    the Cowling approximation | frozen-metric pulsation theory`,
  settings: r`
    scalar-tensor gravity | gravity with a massive scalar
    beta-equilibrated matter | cold catalysed matter
    two-fluid configurations | systems of interpenetrating fluids
    f(R) gravity | quadratic metric gravity
    a piecewise-polytropic description | segmented polytropes`,
  results: r`
    a mass-radius relation with two branches | disconnected stable branches
    a quasi-universal relation with the moment of inertia | insensitivity to the equation of state
    a violation of the Buchdahl limit | compactness beyond the classical bound
    a stiff core above twice saturation density | rapid stiffening of dense matter
    echoes of trapped waves | delayed pulses from the interior`,
  quantities: r`moment of inertia ~ I; radius of a canonical star ~ R_{1.4}; quadrupole moment ~ Q; adiabatic index ~ \Gamma; speed of sound ~ c_s; central density ~ \rho_c; surface redshift ~ z_s; f-mode frequency ~ f_f; bag constant ~ B; symmetry energy ~ E_{\rm sym}; dark-matter fraction ~ f_\chi; spin-down age; Keplerian frequency ~ \Omega_K; anisotropy parameter ~ \beta; crust thickness; luminosity of neutrinos; binding energy`,
  effects: r`hyperons; superfluidity; pion condensation; crust elasticity; a strong toroidal field; a sharp phase transition; mirror matter; finite temperature; meson self-couplings; frame dragging; bulk viscosity; scalarisation; pasta phases; tidal forcing; accretion heating; density-dependent couplings; colour superconductivity; rotation-induced deformation`,
  tools: r`chiral effective theory; Maxwell constructions; Karmarkar's condition; the Israel junction conditions; variational eigenvalue solvers; spectral expansions of the equation of state; pulse-profile modelling; the Durgapal metric; Gaussian-process priors; perturbative QCD; Sturm-Liouville theory; Harrison-Zeldovich-Novikov stability; shooting methods; the Krori-Barua ansatz; multipole matching; tabulated opacities; Nambu-Jona-Lasinio models`,
  contexts: r`gravitational-wave asteroseismology; X-ray timing; dense-matter physics; binary-merger remnants; heavy-ion experiments; tests of gravity with pulsars; glitches; dark-matter detection; supernova theory`,
  examples: r`the Vela pulsar; PSR J0740+6620; the Crab pulsar; GW170817; the compact object in HESS J1731-347; SAX J1808.4-3658; the double pulsar; RX J1856.5-3754; 4U 1820-30; the SLy4 parametrisation; the DD2 model`,
  background: r`
    [Matter in a neutron star|The core of a neutron star] is denser than [any nucleus|anything on Earth], and its [pressure|stiffness] is written into the star's size.
    [How heavy a star can grow|The heaviest possible star] before it collapses depends on forces between [quarks and baryons|particles] that accelerators [scarcely|barely] probe.
    [Certain ratios of multipoles|Some combinations of observables] hardly care [what|which matter] a star is made of.
    [Stars without horizons|Horizonless objects] compact enough to trap light would [mimic|imitate] black holes almost perfectly.`,
  claims: r`
    the relation [holds|is obeyed] to within {percent} for {count} equations of state, [including|among them] those with {E}
    the maximum mass [rises|grows] by {percent} [for|with] [a fraction|an admixture] of {percent2} [dark|mirror] matter
    [stable|long-lived] configurations exist beyond the turning point, [since|because] the phase conversion is slow
    the fundamental mode [becomes unstable|goes unstable] above {percent} of the break-up rate
    [stars|objects] with [positive|radially directed] anisotropy are [more compact|heavier] and [pulsate faster|less deformable] than isotropic ones
    the radius of a canonical star [lies|falls] between 11 and 13 kilometres for most choices of the {Q}
    {E} {E:softens/soften} the equation of state enough to [lower|reduce] the {Q} below [current|observational] bounds`,
  formulas: r`
    the Buchdahl bound $2GM/Rc^2\le 8/9$
    the MIT bag equation $p=\tfrac13(\epsilon-4B)$
    the fit $\ln\bar I=\sum_n a_n(\ln\lambda)^n$
    the causal limit $dp/d\epsilon\le1$`,
};

const shadows: SubfieldText = {
  style: 'theory',
  crossLists: 'astro-ph.HE hep-th astro-ph.GA',
  phenomena: r`
    the black-hole shadow | the dark silhouette @of
    strong gravitational lensing | deflection near the photon sphere @by
    epicyclic motion | small oscillations about circular orbits @around
    chaotic motion of test particles | irregular geodesic dynamics @around
    photon rings | higher-order ring images @of
    polarised synchrotron emission | linear polarisation of hot plasma @around
    energy extraction by reconnection | magnetic Penrose processes @from`,
  objects: r`
    Schwarzschild-like black holes | static holes with small deformations
    naked singularities | uncovered curvature singularities
    rotating traversable wormholes | spinning throats
    supermassive black holes | giants in galactic nuclei
    horizonless ultracompact objects | black-hole mimickers
    Kerr-Sen black holes | heterotic rotating holes
    braneworld black holes | holes on a brane`,
  qualifiers: 'rotating; tidally charged; plasma-surrounded; parametrised; tilted; deformed',
  methods: r`
    backward ray tracing | numerical photon tracing
    the Gauss-Bonnet theorem method | topological deflection calculations
    Hamilton-Jacobi separation | separation with Carter's constant
    the strong-deflection expansion | logarithmic expansion near the photon orbit
    Poincaré sections | recurrence analysis of orbits
    general-relativistic radiative transfer | covariant transport of polarised light`,
  settings: r`
    a thin equatorial disc | geometrically thin emission
    an inhomogeneous plasma | a dispersive refractive medium
    the weak-field limit | the regime of large impact parameter
    a Hernquist-type halo | a dark-matter distribution with finite mass
    uniform external magnetic fields | Wald's asymptotically uniform field`,
  results: r`
    a degeneracy between spin and inclination | confusion of spin with viewing angle
    constraints on the deformation parameters | limits on non-Kerr deviations
    a cuspy edge | a silhouette with corners
    multiple nested rings | a cascade of subrings
    resonant frequency ratios | commensurate oscillation frequencies`,
  quantities: r`shadow diameter ~ d_{\rm sh}; critical impact parameter ~ b_c; deflection angle ~ \hat\alpha; innermost stable orbit ~ r_{\rm ISCO}; Lyapunov index ~ \lambda; image flux ratio; observed redshift factor ~ g; circularity deviation ~ \Delta C; rotation measure; magnification ~ \mu; time delay between images ~ \Delta T; precession rate ~ \Omega_{\rm LT}; viewing angle ~ \theta_o; ring width; polarisation fraction; periastron shift ~ \Delta\varphi; efficiency of extraction ~ \eta`,
  effects: r`scattering by the interstellar medium; a dark-matter halo; turbulent accretion; magnetic reconnection; electron heating; quantum corrections to the metric; a tilted disc; dispersion in plasma; an electric charge; emission from the jet sheath; the motion of the observer; spin-curvature coupling; retrolensing; a quadrupole deformation; finite source distance; Lorentz violation; thermal absorption; radial infall`,
  tools: r`elliptic integrals; adaptive Runge-Kutta stepping; Fourier closure phases; Newman-Janis generation; fast Lyapunov indicators; visibility-amplitude fits; osculating elements; Rindler-Ishak angles; Markov-chain fits; celestial coordinates of Bardeen; symplectic integrators; bolometric light curves; optical metrics; Faraday-rotation maps; effective-potential plots; principal-component images; pseudo-complex coordinates`,
  contexts: r`horizon-scale imaging; quasi-periodic oscillations; orbits of stars at the Galactic centre; tests of the Kerr hypothesis; space-based interferometry; the nature of dark matter; accretion physics; hot-spot flares; jet launching`,
  examples: r`Sagittarius A*; the core of M87; the star S2; GRO J1655-40; GRS 1915+105; XTE J1550-564; the Event Horizon Telescope; the GRAVITY instrument; Centaurus A; the Johannsen-Psaltis metric; the Simpson-Visser geometry`,
  background: r`
    [Light that strays too close|A photon that comes too close] to a black hole [never returns|is lost], and the sky [behind|around] it shows a dark [disc|patch] ringed by the last orbits of photons.
    [Each turn|Every half-turn] of light around the hole adds another, [exponentially fainter|ever thinner], image of [the same|its] surroundings.
    [Pairs of peaks|Twin peaks] in X-ray power spectra appear in a ratio of three to two, [as if|as though] [gas|matter] resonated near the innermost orbit.
    [Adding any perturbation|A slight perturbation] to the integrable motion around a rotating hole may [break|destroy] the fourth constant of motion.`,
  claims: r`
    the shadow [shrinks|contracts] by {percent} as the {Q} [grows|increases] to its extremal value
    current [images|observations] [cannot|do not] distinguish the two geometries unless the {Q} exceeds {decimal}
    [orbits|trajectories] [near|close to] the separatrix [become chaotic|lose regularity] for [field strengths|couplings] above {decimal}
    relativistic images are [brighter|fainter] than those of the reference hole by {percent} and [more widely separated|closer together]
    the inner ring is [insensitive to|untouched by] [astrophysical|emission] details, while the outer profile is [dominated|set] by {E}
    the three-to-two ratio [fixes|selects] a mass of {decimal} solar masses for a {Q} of {middle}
    extraction [works|is possible] only inside the [ergoregion|innermost orbit] and [reaches|attains] an efficiency of {percent}`,
  formulas: r`
    the critical curve $b_c=3\sqrt3M$
    the deflection $\hat\alpha\simeq4M/b+15\pi M^2/4b^2$
    the ratio $\nu_U:\nu_L=3:2$
    the effective potential $V_{\rm eff}=f(r)(1+L^2/r^2)$`,
};

const curvedQft: SubfieldText = {
  style: 'theory',
  crossLists: 'hep-th quant-ph math-ph',
  phenomena: r`
    the Unruh effect | acceleration radiation @for
    vacuum polarisation | renormalised vacuum stress @around
    particle creation | pair production by time-dependent geometry @in
    entanglement harvesting | extraction of vacuum correlations @by
    the dynamical Casimir effect | photon creation by moving mirrors @in
    analogue Hawking emission | stimulated phonon emission @in
    gravitational decoherence | loss of coherence through gravity @of`,
  objects: r`
    Unruh-DeWitt detectors | two-level particle detectors
    massless quantum fields | conformally coupled fields
    Bose-Einstein condensates | ultracold superfluids
    accelerating mirrors | moving boundaries
    expanding de Sitter universes | inflating backgrounds
    Dirac fermions | spinor fields
    draining-bathtub flows | vortex flows with a sink`,
  qualifiers: 'uniformly accelerated; squeezed; thermal; entangled; rotating; two-dimensional',
  methods: r`
    Hadamard renormalisation | point-splitting of bi-distributions
    adiabatic regularisation | mode-sum subtraction
    algebraic quantum field theory | nets of local algebras
    the Schwinger effective action | the one-loop effective action
    open-quantum-system theory | Lindblad evolution of detectors
    Bogoliubov-mode analysis | frequency-mixing coefficients`,
  settings: r`
    the Hartle-Hawking state | the thermal equilibrium state
    the Unruh vacuum | the state of late-time collapse
    a rotating frame | circular motion
    a cylindrical flat spacetime | a compactified line
    an expanding Friedmann universe | cosmological expansion
    stationary flows | steady transonic flow`,
  results: r`
    negative energy densities | a transient violation of positivity
    a thermal response at the surface-gravity temperature | Planckian excitation rates
    entanglement degradation | a loss of shared correlations
    an anti-Unruh regime | decreasing excitation with acceleration
    a quantum-inequality bound | a lower limit on smeared energy`,
  quantities: r`proper acceleration ~ a; transition rate ~ \dot{\mathcal F}; energy gap ~ \Omega; coupling to curvature ~ \xi; negativity ~ \mathcal{N}; switching time ~ \sigma; healing length; expectation value of the stress tensor ~ \langle T_{\mu\nu}\rangle; surface gravity ~ \kappa; concurrence ~ C; field mass ~ m; two-point function ~ W(x,x'); occupation number ~ n_k; decoherence time ~ \tau_D; quantum Fisher information ~ F_Q`,
  effects: r`dispersion at short wavelength; a sudden switching; boundary conditions at a mirror; indefinite causal order; nonminimal coupling; spacetime curvature; thermal noise; trans-Planckian modes; finite detector size; topology of the background; vorticity; minimal uncertainty; infrared ambiguities; rotation of the frame; squeezing; absorption losses; memory of the environment`,
  tools: r`Wightman functions; the KMS condition; image sums; Gaussian-state methods; Kruskal modes; wave-front sets; Gross-Pitaevskii simulations; the DeWitt-Schwinger expansion; master equations; WKB mode functions; smearing functions; null-energy averages; Mehler kernels; spectral zeta functions; scattering matrices of horizons; conformal mapping; time-ordered perturbation theory`,
  contexts: r`relativistic quantum information; analogue experiments; quantum metrology; semiclassical gravity; wormhole engineering; the cosmological particle census; gravitational-wave detection with condensates; the equivalence principle; quantum thermodynamics`,
  examples: r`the Rindler wedge; the Boulware state; the Bunch-Davies vacuum; the Minkowski ground state; sodium condensates; water-tank flumes; superconducting circuits; polariton fluids; the Davies-Fulling mirror; Morris-Thorne throats`,
  background: r`
    [What one observer calls vacuum|The vacuum of one observer] [glows|is full of particles] for another who accelerates.
    [Sound|Sound waves] in a fluid that outruns [itself|its own sound speed] cannot [escape|turn back], [which turns|and so] a laboratory flow [into|becomes] a model of a horizon.
    [Separated|Spacelike separated] regions of the vacuum are entangled, and local probes can [harvest|swap out] some of it.
    [Quantum fields|Quantised matter] may carry negative energy, but [never for long|only within limits].`,
  claims: r`
    the detector [thermalises|reaches equilibrium] only if its interaction lasts longer than the inverse {Q}
    correlations [vanish|die out] beyond a separation of {decimal} switching times [unless|except where] {E} {E:assists/assist} them
    the renormalised stress [diverges|grows without bound] at the inner horizon in every regular state
    [two|entangled] detectors in [circular|hyperbolic] motion harvest {percent} less than [static|inertial] ones
    [the emitted flux|emission] is [thermal|Planckian] at low frequency and [cut off|suppressed] [by|because of] {E}
    [horizon|mode] mixing [survives|remains visible] at temperatures {factor} times [above|higher than] the Hawking temperature of the flow
    [the noise|fluctuations] of the source [dominates|exceed] the mean once the {Q} falls below {decimal}`,
  formulas: r`
    the temperature $T_U=\hbar a/2\pi ck_B$
    the trace anomaly $\langle T^\mu{}_\mu\rangle=\frac{R}{24\pi}$
    the dispersion relation $\omega^2=c^2k^2(1+\xi^2k^2)$
    the response function $\mathcal F(\Omega)=\int d\tau\,e^{-i\Omega\tau}W(\tau)$`,
};

const experimental: SubfieldText = {
  style: 'observation',
  crossLists: 'astro-ph.IM physics.ins-det quant-ph physics.space-ph',
  phenomena: r`
    violations of the equivalence principle | composition-dependent free fall @in
    quantum noise reduction | squeezing below the shot-noise limit @in
    Newtonian noise | gravity-gradient disturbances @in
    the gravitational redshift | clock-rate differences @from
    frame-dragging precession | Lense-Thirring precession @of
    Yukawa-type deviations | short-range departures from inverse-square gravity @in
    parametric instabilities | optomechanical ringing @in`,
  objects: r`
    laser interferometers | kilometre-scale Michelson detectors
    atom interferometers | cold-atom gravimeters
    drag-free satellites | geodesic reference spacecraft
    torsion balances | suspended test-mass pendulums
    optical lattice clocks | strontium and ytterbium clocks
    test-mass mirrors | suspended mirrors
    lunar retroreflectors | reflector arrays on the Moon`,
  qualifiers: 'cryogenic; underground; space-borne; long-baseline; spin-polarised; superconducting',
  methods: r`
    frequency-dependent squeezing | filter-cavity squeezing
    Wiener-filter subtraction | coherent noise cancellation
    differential accelerometry | common-mode rejection
    heterodyne phase readout | beat-note phase measurement
    Markov-chain orbit determination | Bayesian trajectory fitting
    finite-element thermal modelling | numerical heat-flow models`,
  settings: r`
    the LISA Pathfinder archive | data of the Pathfinder mission
    ten years of satellite laser ranging | a decade of ranging to geodetic satellites
    commissioning data of the upgraded detectors | engineering runs of advanced detectors
    a hundred-metre drop tower | microgravity drops
    a borehole seismic array | underground seismometer records
    transportable-clock campaigns | field campaigns with portable clocks`,
  results: r`
    an improved Eötvös bound | a stronger limit on differential acceleration
    excess low-frequency noise | unexplained noise below ten hertz
    a null result at micrometre separation | no deviation at short range
    a broadband sensitivity gain | an increased detection range
    agreement with the predicted precession | a confirmed relativistic drift`,
  quantities: r`strain sensitivity ~ h(f); Eötvös parameter ~ \eta; squeezing level; mechanical loss angle ~ \phi; arm length ~ L; fringe contrast; residual acceleration ~ \delta a; binary-neutron-star range; coating thickness; interrogation time ~ T; Allan deviation ~ \sigma_y; suspension resonance; charge build-up rate; Yukawa strength ~ \alpha; duty factor; circulating power ~ P; vacuum pressure; geopotential coefficient ~ J_2`,
  effects: r`coating thermal noise; scattered light; residual gas; tilt coupling; magnetic susceptibility; patch potentials; seismic upconversion; mode mismatch; laser frequency jitter; solar radiation pressure; cosmic-ray charging; wavefront aberrations; ground-water motion; blackbody shifts; ocean tides; beam pointing errors; creep of the fibres; actuator hysteresis; earth-tide loading; stray capacitance`,
  tools: r`Pound-Drever-Hall locking; cross-spectral averaging; crystalline coatings; Sagnac topologies; electrostatic actuation; phase cameras; monolithic suspensions; ultraviolet discharge; Bragg diffraction; capacitive sensors; seismic isolation stages; thermal compensation plates; coil gravimeters; drag-free control; frequency combs; photon calibrators; machine-learned veto channels; least-squares dynamic fits`,
  contexts: r`third-generation observatories; fundamental physics in space; relativistic geodesy; dark-matter searches with sensors; the low-frequency band; quantum-limited measurement; planetary ephemerides; inertial navigation; searches for extra dimensions; precision metrology`,
  examples: r`LAGEOS; Gravity Probe B; MICROSCOPE; GEO600; KAGRA; the Apache Point station; GRACE Follow-On; the Eöt-Wash group; MAGIS-100; the ACES payload; LARES 2; the Virgo west arm; the Bremen tower; Cassini; Galileo satellites 5 and 6`,
  background: r`
    [Free fall is the same for all bodies|All bodies fall alike], as far as anyone has [measured|been able to tell], and each further digit [tests|probes] the foundation of relativity.
    [The vacuum itself|Vacuum fluctuations] [shake|disturb] the mirrors of an interferometer, and only correlations of light can [quiet|tame] them.
    [Clouds, waves and passing trucks|Moving masses on the ground] pull on the test masses, and no shield [stops|keeps out] gravity.
    [A clock raised by a centimetre|Raising a clock] runs [measurably|slightly] faster, [so that clocks can survey the Earth|and modern clocks can tell].`,
  claims: r`
    the residual acceleration is [below|better than] the requirement by a factor of {factor} above one millihertz
    [squeezing|injecting squeezed light] of {decimal} decibels raises the detection rate by {percent}
    {count} seismometers [suffice|are enough] to cancel {percent} of the disturbance between {few} and twenty hertz
    the two isotopes fall [alike|at the same rate] to within {decimal} parts in ten to the fifteenth
    the node [precesses|advances] at {lowpercent} of the predicted rate, with an error dominated by {E}
    losses in the [filter cavity|readout chain] [limit|cap] the improvement at {percent}
    [elevated|excess] noise [follows|correlates with] the temperature of the [baffles|electrode housing] after a delay of {count} minutes`,
  formulas: r`
    the potential $V(r)=-\frac{Gm_1m_2}{r}(1+\alpha e^{-r/\lambda})$
    the standard quantum limit $h_{\rm SQL}=\sqrt{8\hbar/m\Omega^2L^2}$
    the phase $\Delta\phi=k_{\rm eff}gT^2$
    the redshift $\Delta\nu/\nu=gh/c^2$`,
};

const cosmology: SubfieldText = {
  style: 'theory',
  crossLists: 'astro-ph.CO hep-th math-ph',
  phenomena: r`
    isotropisation | decay of cosmic shear anisotropy @in
    cosmological backreaction | influence of inhomogeneities on the mean expansion @in
    non-singular bounces | smooth turnarounds of the scale factor @in
    future singularities | sudden divergences of the expansion @in
    cosmic no-hair behaviour | approach to de Sitter expansion @in
    particle-horizon formation | causal disconnection @in
    gravitational particle production | matter creation by expansion @in
    growth of vector perturbations | vorticity dynamics @in`,
  objects: r`
    Bianchi cosmologies | homogeneous anisotropic universes
    Lemaître-Tolman-Bondi models | spherical dust universes
    viscous-fluid universes | dissipative cosmological fluids
    interacting dark-energy models | coupled vacuum and matter models
    Szekeres models | quasi-spherical inhomogeneous dust
    brane-world cosmologies | universes on a moving brane
    k-essence models | models with non-canonical kinetic energy
    cosmologies with torsion | Einstein-Cartan universes`,
  qualifiers:
    'tilted; spatially closed; locally rotationally symmetric; phantom; radiation-filled; slightly inhomogeneous',
  methods: r`
    the 1+3 covariant formalism | covariant threading
    Hubble-normalised variables | expansion-normalised dynamics
    centre-manifold theory | analysis of non-hyperbolic points
    Noether-symmetry selection | symmetry-based choice of potentials
    Buchert averaging | spatial averaging of scalars
    the causal Israel-Stewart theory | extended irreversible thermodynamics
    statefinder diagnostics | higher-derivative diagnostics`,
  settings: r`
    the approach to the initial singularity | the limit of early times
    a spatially flat background | vanishing mean curvature of space
    the late-time limit | the distant future
    the synchronous gauge | comoving proper-time coordinates
    unimodular gravity | gravity with fixed volume element`,
  results: r`
    a global attractor | a stable late-time state
    chaotic oscillations of Kasner epochs | a mixmaster sequence
    a big-rip singularity | a divergent scale factor in finite time
    an exact matter-dominated epoch | a matter era in closed form
    a phantom-divide crossing | a passage through the vacuum equation of state
    persistent anisotropic hair | shear that does not decay`,
  quantities: r`shear scalar ~ \sigma^2; deceleration parameter ~ q; Hubble rate ~ H; bulk-viscosity coefficient ~ \zeta; equation-of-state parameter ~ w; kinematical backreaction ~ \mathcal{Q}_D; brane tension ~ \lambda; tilt velocity ~ v; electric Weyl curvature ~ E_{ab}; coincidence ratio ~ r_c; curvature parameter ~ \Omega_k; relaxation time ~ \tau; bang-time function ~ t_B(r); interaction term ~ Q; scale factor at the bounce ~ a_b; e-fold number ~ N; entropy inside the apparent horizon ~ S_A; density contrast ~ \delta`,
  effects: r`primordial magnetic fields; particle creation; stiff matter; a time-varying vacuum; heat flux; a spatial gradient of the bang time; causal transport; dark radiation; electromagnetic stresses; spin fluids; generalised Chaplygin matter; bulk viscosity; negative spatial curvature; Weyl curvature from the bulk; a ghost condensate; nonlinear interaction rates; collisionless matter; void-dominated expansion`,
  tools: r`the Raychaudhuri equation; monotonic functions; Lyapunov exponents; Poincaré compactification; generalised entropies; the Darmois matching conditions; Dulac functions; perturbative time averaging; orthonormal frames; the Friedmann integral; Lie point symmetries; Padé cosmography; Bayesian model selection; Kantowski-Sachs limits; Killing initial data; heteroclinic networks; redshift-drift estimates; singularity-confinement tests`,
  contexts: r`the coincidence problem; the isotropy of the universe; alternatives to inflation; the cosmological principle; holographic dark energy; early-universe magnetism; the arrow of time; local voids and the Hubble tension; the fate of the universe; structure formation`,
  examples: r`the Kasner solution; the Taub universe; the Milne model; Bianchi type V; Bianchi type IX; the Gödel solution; the Einstein static universe; the Randall-Sundrum brane; the Stephani family; the Swiss-cheese construction; the Dyer-Roeder distance`,
  background: r`
    [Why the universe is so isotropic|The isotropy of the sky] is [explained|accounted for] most easily if it did not have to be [arranged|put in by hand] at the beginning.
    [The average of a lumpy universe|A lumpy universe, once averaged,] need not expand like a smooth one.
    [Space may have contracted|Contraction may have come] before it expanded, [provided|if] some form of matter [violated|could violate] the null energy condition.
    [Near the singularity|Towards the beginning], time derivatives [dominate|overwhelm] spatial ones and each point [evolves|oscillates] on its own.`,
  claims: r`
    shear [decays|dies away] as the inverse {few}-th power of the scale factor and [revives|returns] before recollapse
    [all|generic] trajectories [approach|are attracted to] the de Sitter point unless the {Q} [vanishes|is negative]
    the averaged expansion differs from that of the [smooth|homogeneous] model by {percent} at most
    the singularity is [reached|met] after {decimal} Hubble times and is [weak|strong] in the sense of Tipler
    the bounce [requires|needs] a {Q} of at least {decimal} and [erases|amplifies] pre-existing anisotropy
    matter and vacuum densities [stay|remain] comparable for {few} e-folds, [easing|softening] the coincidence problem
    [vorticity|rotation] [survives|outlives] expansion whenever {E} {E:is/are} at work`,
  formulas: r`
    the Kasner relations $\sum p_i=\sum p_i^2=1$
    the equation of state $p=-A\rho^{-\alpha}$
    the averaged equation $3\ddot a_D/a_D=-4\pi G\langle\rho\rangle_D+\mathcal{Q}_D$
    the scale factor $a(t)\propto(t_s-t)^{-2/3}$`,
};

export const grQc: TopicText = {
  category: 'gr-qc',
  related: r`gyroscopes; atomic clocks; torsion pendulums; satellite laser ranging; Sagnac interferometers; cosmic strings; magnetars; kilonovae; hypernovae; blazars; collapsars; microquasars; plunging orbits; zoom-whirl orbits; homoclinic orbits; twistors; tetrads; Killing tensors; caustics; conformal diagrams; Cotton tensors; Weyl scalars; holonomies; graviton mass bounds; aether drifts; preferred directions; dilatons; tachyons; sterile neutrinos; moduli fields; axion stars; geons; photon surfaces; ergoregions; bifurcation points; isometries; Penrose limits; hyperfluids; spinning dust; vortices; tidal tensors; bubble walls; braneworlds; thin shells; cosmic voids; Hubble bubbles; squeezed light; optomechanical cavities; levitated spheres; cold-atom fountains; crystalline mirrors; seismometers; gravity gradiometers; pulsar glitches; spin flips; hot spots; coronae; jets; tori; Keplerian flows; choked accretion; Bondi infall; dust clouds; radiation fluids; stiff matter; phantom energy; Chaplygin gases; viscous fluids; elastic bodies; supernova neutrinos; prograde orbits; retrograde discs; resonant chains; hierarchical triples; nuclear star clusters; galactic bulges; globular clusters; dwarf spheroidals; planetary nebulae; brown dwarfs; pulsar planets; asteroids; lunar seismology; tidal locking; polar motion; geoids; equivalence-principle tests; redshift experiments; Mercury's perihelion; spacecraft flybys; radio occultations; quantum switches; matter-wave interferometry; neutron interferometers; entangled photons; Bell inequalities; graviton noise; vacuum birefringence; ultrahigh-energy cosmic rays; gamma-ray delays; neutrino oscillations; Dirac monopoles; instantons; sphalerons; skyrmions; Friedmann dust; mixmaster oscillations; bounces; cyclic scenarios; ekpyrosis; loitering phases; late-time rips; sudden singularities; little rips; static universes; rotating universes; tilted congruences; cosmic backreaction; Swiss-cheese models; trapped atoms; phonons; ripplons; rotons; magnons; solitons; breathers; hydraulic jumps; whispering galleries; metamaterials; optical fibres`,
  papers: 520,
  subfields: [
    perturbations,
    binaries,
    numerical,
    modified,
    thermodynamics,
    quantumGravity,
    mathematical,
    compact,
    shadows,
    curvedQft,
    experimental,
    cosmology,
  ],
};
