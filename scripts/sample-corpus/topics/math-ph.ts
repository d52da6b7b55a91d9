/** Mathematical physics. */
import type { SubfieldText, TopicText } from '../bank.js';

const r = String.raw;

const spectral: SubfieldText = {
  style: 'proof',
  crossLists: 'math.SP math.AP quant-ph',
  phenomena: r`
    Anderson localisation | exponential localisation of eigenfunctions @for
    eigenvalue asymptotics | Weyl-type counting laws @for
    absence of embedded eigenvalues | non-existence of bound states in the continuum @for
    resonance-free regions | strips without scattering poles @for
    spectral gaps | forbidden energy bands @of
    dispersive decay | time decay of wave packets @for
    unique continuation | vanishing-order estimates @for`,
  objects: r`
    Schrödinger operators | Hamiltonians with potential
    Dirac operators | first-order relativistic Hamiltonians
    Jacobi matrices | tridiagonal self-adjoint matrices
    quantum graphs | Laplacians on metric graphs
    magnetic Laplacians | Schrödinger operators with magnetic field
    quasi-periodic operators | almost Mathieu-type operators
    waveguides | tubular domains with Dirichlet walls`,
  qualifiers: 'random; periodic; non-self-adjoint; discrete; semiclassical; long-range',
  methods: r`
    multiscale analysis | inductive estimates over length scales
    Mourre theory | the conjugate-operator method
    boundary triples | abstract extension theory
    semiclassical microlocal analysis | pseudodifferential calculus with a small parameter
    the fractional-moment method | resolvent-moment bounds
    transfer-matrix methods | products of cocycle matrices`,
  settings: r`
    dimension three | three space dimensions
    the weak-disorder regime | the limit of small randomness
    exterior domains | the complement of an obstacle
    the semiclassical limit | the limit of vanishing Planck constant
    the half-line | the semi-axis`,
  results: r`
    pure point spectrum | a dense set of localised states
    a sharp Lieb-Thirring inequality | an optimal bound on eigenvalue sums
    absolutely continuous spectrum | purely extended states
    a complete asymptotic expansion | an expansion to all orders
    essential self-adjointness | uniqueness of the self-adjoint realisation`,
  quantities: r`ground-state energy ~ E_0; integrated density of states ~ N(E); Lyapunov exponent ~ \gamma(E); scattering length ~ a; number of negative eigenvalues; resolvent norm; spectral shift function ~ \xi; disorder strength ~ \lambda; magnetic flux ~ \Phi; Hausdorff dimension of the spectrum; trapping time; essential numerical range`,
  effects: r`singular potentials; slowly decaying potentials; complex couplings; threshold resonances; unbounded geometry; delta interactions; correlated randomness; non-smooth boundaries; Coulomb tails; time-dependent coefficients; trapped trajectories; degenerate band edges`,
  tools: r`Combes-Thomas bounds; Birman-Schwinger operators; Carleman estimates; Agmon metrics; limiting absorption; the Feshbach map; commutator estimates; Floquet-Bloch decomposition; Hardy inequalities; Strichartz estimates; Krein's formula; Wegner estimates; Dirichlet-Neumann bracketing; Herbst-type weights; trace formulas`,
  contexts: r`the theory of disordered solids; quantum transport; scattering theory; stability of matter; inverse problems; topological insulators; control theory; quantum chaos; nanostructures`,
  examples: r`the hydrogen atom; the Aubry-André chain; the Stark operator; the Aharonov-Bohm solenoid; the Bethe lattice; graphene ribbons; the Landau levels; the Kronig-Penney comb; the Fibonacci chain; Pöschl-Teller wells; the broken waveguide; the Robin half-plane`,
  background: r`
    [Disorder|Randomness] can [turn|change] a conductor into an insulator, and the [spectral|operator-theoretic] side of this [statement|transition] has occupied mathematicians for half a century.
    [How many bound states|The number of bound states that] a potential can support is governed by its phase-space volume, [up to|apart from] a constant whose optimal value is often unknown.
    [Bending a tube|A bend in a waveguide] acts as an attractive interaction, however slight.`,
  claims: r`
    the spectrum near the band edge is pure point with exponentially decaying eigenfunctions, [almost surely|with probability one]
    the bound [fails|ceases to hold] [as soon as|when] the potential decays [more slowly than|no faster than] the inverse square
    eigenvalues [accumulate|cluster] only at thresholds, [and|where] their number [grows|diverges] logarithmically
    the wave operators [exist and are complete|are asymptotically complete] [under|for] {E}
    the optimal constant is attained by [radial|exponential] functions and [by no others|only by them]
    the gap labels [are|remain] [constant|locally constant] under perturbations that preserve the {Q}`,
  formulas: r`
    the decay $|V(x)|\le C(1+|x|)^{-2-\epsilon}$
    the operator $-\Delta+\lambda V$ on $L^2(\mathbb{R}^3)$
    the estimate $\|e^{itH}P_c\|_{L^1\to L^\infty}\lesssim |t|^{-d/2}$
    Weyl's law $N(\lambda)\sim c_d\lambda^{d/2}$`,
};

const integrable: SubfieldText = {
  style: 'proof',
  crossLists: 'nlin.SI math.QA hep-th math.AG',
  phenomena: r`
    soliton resolution | decomposition into solitary waves @for
    integrability | existence of commuting flows @of
    isomonodromic deformation | monodromy-preserving evolution @of
    bispectrality | duality of spectral and space variables @of
    separation of variables | factorised eigenfunctions @for
    dispersive shock formation | generation of modulated wave trains @in`,
  objects: r`
    Korteweg-de Vries equations | shallow-water soliton equations
    Painlevé equations | nonlinear special-function equations
    Calogero-Moser systems | inverse-square particle systems
    Toda lattices | exponential lattice chains
    nonlinear Schrödinger equations | cubic envelope equations
    vertex models | lattice models with arrow variables
    quantum spin chains | exactly solvable magnetic chains`,
  qualifiers: 'elliptic; discrete; multi-component; noncommutative; supersymmetric; periodic',
  methods: r`
    Riemann-Hilbert analysis | matrix factorisation problems
    the algebraic Bethe ansatz | the quantum inverse scattering method
    Darboux transformations | dressing by intertwiners
    Hirota's bilinear method | bilinear tau-function identities
    finite-gap integration | theta-function constructions
    the nonlinear steepest-descent method | Deift-Zhou contour deformation`,
  settings: r`
    the small-dispersion limit | the zero-dispersion regime
    step-like initial data | data with distinct limits at infinity
    the thermodynamic limit | infinitely long chains
    finite-density backgrounds | non-vanishing boundary values
    algebraic curves of genus two | hyperelliptic genus-two curves`,
  results: r`
    a determinant representation | a Fredholm-determinant formula
    an infinite hierarchy of conserved charges | infinitely many integrals of motion
    long-time asymptotics | the large-time expansion
    a new Lax pair | a zero-curvature representation
    a connection formula | a relation between asymptotic parameters`,
  quantities: r`reflection coefficient ~ r(k); tau function ~ \tau; spectral curve; number of solitons ~ N; monodromy exponent ~ \sigma; genus ~ g; norming constant; inhomogeneity parameter ~ \xi_j; Poisson structure; elliptic modulus ~ k; phase shift; breather velocity`,
  effects: r`spectral singularities; boundary reflection; twisted boundary conditions; rogue-wave excitations; noncommuting variables; impurities; higher-order poles; slowly varying coefficients; nonlocal reductions; non-generic zeros; background oscillations; a Landau-Zener defect`,
  tools: r`Yang-Baxter relations; Baker-Akhiezer functions; Whitham modulation equations; loop-group factorisation; Schur functions; Sklyanin's bracket; parabolic-cylinder parametrices; Gelfand-Levitan-Marchenko equations; vertex operators; Bäcklund maps; cluster mutations; Okamoto symmetries; separated variables`,
  contexts: r`random matrix theory; enumerative geometry; water waves; nonlinear optics; conformal blocks; combinatorics of tilings; quantum cohomology; orthogonal polynomials; cold-atom dynamics`,
  examples: r`the Benjamin-Ono equation; the Camassa-Holm equation; the Ablowitz-Ladik lattice; the XXX chain; the Ruijsenaars model; the Boussinesq flow; the Akhmediev breather; the Peregrine wave; the sine-Gordon model; the Ito system; the sixth Painlevé case; the Gaudin magnet`,
  background: r`
    [Integrable equations|Completely integrable systems] [conserve|hide] more than energy and momentum, [and|so that] their solitons emerge from collisions unscathed.
    [Nonlinear special functions|Painlevé transcendents] play for nonlinear problems the part that Bessel functions play for linear ones.
    [When dispersion is weak|For small dispersion], a steepening front [dissolves|breaks up] into rapid oscillations.`,
  claims: r`
    [the solution|every solution] [splits|decomposes] into at most {few} solitons and a radiative remainder
    the asymptotics in the transition region are [governed|described] by the [second|fourth] Painlevé transcendent
    the Hamiltonians [commute|are in involution] [precisely when|if and only if] the couplings satisfy a quadratic relation
    eigenvectors are [complete|simple] for generic values of the {Q}
    the genus [drops|increases] by one across each [breaking curve|phase boundary]
    the [classical|quantum] [brackets|relations] close on a [quadratic|Yangian-type] algebra`,
  formulas: r`
    the equation $u_t+6uu_x+u_{xxx}=0$
    the Lax equation $\dot L=[M,L]$
    the Hamiltonian $H=\sum_j p_j^2/2+\sum_{i<j}g^2/(q_i-q_j)^2$
    the self-similar variable $x/t^{1/3}$`,
};

const statistical: SubfieldText = {
  style: 'proof',
  crossLists: 'math.PR cond-mat.stat-mech quant-ph',
  phenomena: r`
    phase transitions | non-uniqueness of Gibbs states @in
    decay of correlations | exponential clustering @for
    hydrodynamic limits | macroscopic equations @of
    metastability | long escape from local equilibrium @in
    scaling limits of interfaces | fluctuating limit curves @in
    approach to equilibrium | convergence to the stationary state @for
    eigenvalue universality | local spectral statistics @of`,
  objects: r`
    interacting particle systems | Markovian many-particle dynamics
    lattice spin systems | Gibbsian lattice models
    mean-field spin glasses | fully connected random magnets
    random matrices | Hermitian matrix ensembles
    quantum lattice systems | local lattice Hamiltonians
    Coulomb gases | log-gases and plasmas
    random planar maps | random surfaces glued from polygons`,
  qualifiers: 'ferromagnetic; hard-core; reversible; sparse; inhomogeneous; two-dimensional',
  methods: r`
    cluster expansions | convergent polymer expansions
    reflection positivity | infrared-bound techniques
    Pirogov-Sinai theory | contour models of coexistence
    the relative-entropy method | Yau's entropy estimates
    interpolation techniques | Guerra-type comparison
    stochastic quantisation | Langevin constructions of measures`,
  settings: r`
    the low-temperature regime | strong coupling between neighbours
    the Boltzmann-Grad scaling | the low-density scaling
    infinite volume | the whole lattice
    the Kac limit | long-range weak interactions
    trees and hyperbolic graphs | non-amenable graphs`,
  results: r`
    uniqueness of the infinite-volume state | a unique Gibbs measure
    a central limit theorem for linear statistics | Gaussian fluctuations
    a Lieb-Robinson bound | a finite propagation speed
    a variational formula for the free energy | Parisi-type representation
    a log-Sobolev inequality | uniform entropy decay`,
  quantities: r`free energy ~ f(\beta); spectral gap ~ \lambda_1; magnetisation ~ m^*; mixing time ~ t_{\rm mix}; surface tension ~ \tau; overlap distribution ~ P(q); truncated correlation function; bandwidth ~ W; inverse temperature ~ \beta; fugacity ~ z; empirical measure; current of particles ~ J; capacity; local density of states; equilibrium measure ~ \mu_V; connective constant`,
  effects: r`external fields; boundary conditions; long-range forces; slow bonds; non-convex interactions; degenerate ground states; random environments; open boundaries; quenched dilution; singular interactions; fermionic statistics; strong heterogeneity; hard walls; non-reversible drift; heavy-tailed entries; marginal perturbations`,
  tools: r`random-current representations; Peierls arguments; coupling from the past; Dobrushin's criterion; loop equations; Grassmann integrals; determinantal formulas; Dirichlet forms; concentration of measure; large-deviation principles; FKG inequalities; potential theory; conformal loop ensembles; martingale approximations; Green-function comparison; Malliavin calculus; two-scale convergence; Schramm-Loewner evolution`,
  contexts: r`the derivation of fluid equations; constructive field theory; quantum information; disordered media; combinatorial optimisation; crystal shapes; nuclear spectra; plasma physics; algorithmic hardness`,
  examples: r`the Curie-Weiss model; the Sherrington-Kirkpatrick model; the zero-range process; the AKLT chain; the six-vertex weights; Dyson Brownian motion; the Gaussian free field; the XY rotor; the Kac ring; Ginibre matrices`,
  background: r`
    [From collisions of particles|From Newtonian particles] to the equations of a gas is a [limit|passage] that is [rigorous|proven] only for short times.
    [Entropy|Disorder] competes with energy, and [which one wins|the victor] changes [abruptly|suddenly] at a critical temperature.
    [Eigenvalues of large matrices|Levels of complex systems] repel each other in a way that does not depend on how [their|the] entries are distributed.
    [A rare event|The escape from a metastable state] is hard to [simulate|observe] but, [in the right scaling|asymptotically], simple to describe.`,
  claims: r`
    the Gibbs state is unique above {decimal} times the mean-field temperature and [has|there are] [two|several] pure phases below
    the relaxation time grows [linearly|polynomially] in the volume away from criticality and exponentially [below|at lower temperature]
    the density [satisfies|obeys], in the limit, a [nonlinear diffusion|scalar conservation] law
    [fluctuations|deviations] about the limit shape are of order one third and [follow|have] the Tracy-Widom law
    the inequality holds with a constant [uniform|independent] in the size of the system and the {Q}
    correlations [spread|propagate] inside a light cone whose slope is [bounded|controlled] by the {Q}`,
  formulas: r`
    the measure $e^{-\beta H}/Z$
    the gap estimate $\lambda_1\ge cL^{-2}$
    the commutator bound $\|[A(t),B]\|\le Ce^{-\mu(d-vt)}$
    the repulsion law $p(s)\sim s^\beta$`,
};

const kinetic: SubfieldText = {
  style: 'proof',
  crossLists: 'math.AP physics.flu-dyn math.DS',
  phenomena: r`
    Landau damping | phase mixing @for
    well-posedness | existence and continuous dependence @of
    blow-up | finite-time singularity formation @in
    the stability of steady states | persistence of equilibria @of
    the mean-field limit | propagation of chaos @for
    enhanced dissipation | accelerated mixing decay @in
    the vanishing-viscosity limit | inviscid convergence @of`,
  objects: r`
    Vlasov-Poisson systems | self-consistent collisionless plasmas
    Boltzmann equations | kinetic equations of dilute gases
    Euler flows | ideal incompressible flows
    Navier-Stokes equations | viscous incompressible flow equations
    nonlinear wave equations | semilinear hyperbolic equations
    magnetohydrodynamic systems | conducting-fluid equations
    aggregation-diffusion equations | nonlocal drift-diffusion equations`,
  qualifiers: 'relativistic; compressible; linearised; homogeneous; stochastic; fractional',
  methods: r`
    hypocoercivity | entropy methods with mixed derivatives
    energy-Casimir arguments | nonlinear Lyapunov functionals
    convex integration | iterative oscillatory constructions
    paradifferential calculus | Bony-type decompositions
    normal-form reductions | resonance-removing transformations
    compensated compactness | weak-limit identities
    optimal-transport gradient flows | Wasserstein steepest descent`,
  settings: r`
    the whole space | unbounded space
    a periodic box | the flat torus
    bounded domains with specular reflection | domains with mirror-like walls
    critical Besov spaces | scaling-critical function spaces
    the quasineutral regime | the small-Debye-length limit
    a stratified background | stable density stratification`,
  results: r`
    global weak solutions | solutions for all time in the weak sense
    non-uniqueness of weak solutions | infinitely many weak solutions
    an optimal decay rate | sharp temporal decay
    a Liouville theorem | a classification of ancient solutions
    convergence to a travelling front | relaxation to a wave profile`,
  quantities: r`energy spectrum; Reynolds number ~ \mathrm{Re}; enstrophy ~ \Omega; collision kernel ~ B; mean free path ~ \varepsilon; Hölder exponent ~ \alpha; dissipation rate ~ \epsilon; Lyapunov functional ~ \mathcal{E}; vorticity ~ \omega; entropy production ~ D; lifespan ~ T_\varepsilon; Prandtl number; shear rate; moment of order ~ k; critical mass ~ m_c; boundary-layer thickness ~ \delta`,
  effects: r`a vacuum region; plasma echoes; angular singularities; rough noise; rotation; free boundaries; surface tension; an external magnetic field; long-range attraction; hard potentials; ill-prepared data; degenerate diffusion; transport by shear; inelastic collisions; resonances; heat conduction`,
  tools: r`Gevrey norms; velocity averaging; Littlewood-Paley blocks; Grönwall's lemma; Carleson measures; the Beale-Kato-Majda criterion; Duhamel expansions; Gagliardo-Nirenberg inequalities; weak-strong uniqueness; renormalised solutions; modulated energies; comparison principles; the div-curl lemma; Lagrangian coordinates; Evans functions; space-time resonances; cutoff Green functions`,
  contexts: r`plasma confinement; turbulence theory; galactic dynamics; swarming; geophysical flows; semiconductor devices; chemotaxis; aerodynamics; nonlinear acoustics`,
  examples: r`the Couette profile; the Kolmogorov flow; Burgers' equation; the Keller-Segel model; BGK relaxation; the Lamb dipole; the Kuramoto ensemble; Onsager's exponent; the Hartree equation; the Oldroyd fluid`,
  background: r`
    [Without collisions|Even without collisions], a plasma forgets its perturbations by [shuffling|mixing] them to ever finer scales of velocity.
    [Whether smooth flows stay smooth|The regularity of three-dimensional flow] is [perhaps the best-known|still an] open problem of the subject.
    [A shear|Shearing] [stretches|tilts] vortices until [viscosity|diffusion], however weak, wipes them out.
    [Weak solutions|Generalised solutions] may [lose|dissipate] energy without any viscosity at all.`,
  claims: r`
    solutions [decay|converge] exponentially in Gevrey spaces, [while|whereas] in Sobolev spaces of low order they [need not|may fail to]
    [smallness|a threshold] of the {Q} [suffices for|implies] global existence, and above it some solutions [blow up|concentrate]
    the [lifespan|time of existence] is at least [quadratic|exponential] in the inverse size of the data
    the dissipation is enhanced to the [third|square] root of the viscosity [by|through] the shear
    weak solutions with Hölder exponent below one third [fail to|need not] conserve energy
    the empirical measure converges at the rate [one half|one over the number of particles] in [relative entropy|Wasserstein distance]`,
  formulas: r`
    the equation $\partial_tf+v\cdot\nabla_xf+E\cdot\nabla_vf=0$
    the rate $e^{-c\nu^{1/3}t}$
    the norm $\|u\|_{L^\infty_tH^s_x}$
    the threshold $\alpha<1/3$`,
};

const quantumMath: SubfieldText = {
  style: 'proof',
  crossLists: 'quant-ph math.OA math.FA',
  phenomena: r`
    ground-state degeneracy | multiplicity of lowest states @of
    adiabatic evolution | slow-driving approximation @of
    quantised transport | integrality of conductance @in
    entanglement monotonicity | behaviour of entropies @under
    Bose-Einstein condensation | macroscopic occupation @in
    thermal equilibrium states | KMS structure @of`,
  objects: r`
    quantum spin systems | lattices of interacting spins
    trapped Bose gases | dilute bosons in traps
    quantum channels | completely positive maps
    von Neumann algebras | weakly closed operator algebras
    topological phases | gapped phases with anyons
    matrix-product ensembles | finitely correlated states
    fermionic systems | interacting lattice fermions`,
  qualifiers: 'frustration-free; gapped; translation-invariant; infinite-dimensional; weakly interacting; dissipative',
  methods: r`
    quasi-adiabatic continuation | spectral-flow automorphisms
    Tomita-Takesaki theory | modular operator theory
    Bogoliubov theory | quadratic approximation of excitations
    quantum de Finetti theorems | symmetric-state representations
    Fredholm index theory | indices of pairs of projections
    the martingale method for gaps | recursive projection estimates
    free probability | noncommutative independence`,
  settings: r`
    the Gross-Pitaevskii regime | the dilute scaling regime
    infinite lattices | the lattice without boundary
    finite temperature | positive temperature
    the weak-coupling limit | the van Hove limit
    the half-plane | a system with one edge`,
  results: r`
    a stable spectral gap | persistence of the gap
    an index theorem | integrality of an invariant
    a strengthened data-processing inequality | a recoverability bound
    a second-order energy expansion | the next order of the energy
    a classification of phases | a complete invariant`,
  quantities: r`Hall conductance ~ \sigma_H; relative entropy ~ S(\rho\|\sigma); condensate fraction; Chern number ~ C; scattering length ~ a; modular Hamiltonian ~ K; excitation energy ~ \epsilon(p); channel capacity ~ Q; diamond norm; number of anyons; interaction range; Lindblad generator ~ \mathcal{L}; local dimension ~ d; trace distance; fidelity ~ F`,
  effects: r`local perturbations; boundary modes; unbounded interactions; time-dependent driving; three-body forces; symmetry breaking; disorder; superselection rules; long-range tails; degenerate spectra; non-Markovian memory; magnetic translations; a strong trap; approximate symmetries; particle loss`,
  tools: r`Lieb-Robinson estimates; Jordan-Wigner strings; conditional expectations; Dyson series; the GNS construction; correlation inequalities; Knabe's criterion; complex interpolation; coherent states; cyclic cohomology; Fock-space localisation; trial states; Stinespring dilation; Araki's perturbation theory; split property arguments; DHR sectors`,
  contexts: r`quantum computation; the quantum Hall effect; algebraic field theory; ultracold atoms; quantum thermodynamics; noncommutative geometry; quantum cryptography; condensed-matter theory; symmetry-protected order`,
  examples: r`the Kitaev chain; the toric code; the Haldane phase; the Lee-Huang-Yang formula; the Cuntz algebra; the Heisenberg ferromagnet; depolarising channels; the Hofstadter model; the hydrogen molecule; Powers factors`,
  background: r`
    [A gap above the ground state|A spectral gap] protects a phase, but proving that [there is one|it exists] is [notoriously|in general even undecidably] hard.
    [In the lowest Landau level|In a strong magnetic field], conductance comes in integers, [to a precision|with an accuracy] that calls for a topological reason.
    [A very cold dilute gas|At low temperature] condenses, [and|although] a proof for [realistic|genuine] interactions is known only in scaling limits.`,
  claims: r`
    the gap [survives|remains open under] perturbations that are small [locally|on each site], [even if|although] their total norm is infinite
    the conductance is an integer [multiple of the inverse degeneracy|up to exponentially small corrections]
    the energy [agrees|coincides] with the [second-order|conjectured] formula in the [dilute|thermodynamic] limit
    two states are in the same phase [if and only if|precisely when] their indices [agree|coincide]
    information [lost|discarded] in the channel can be recovered with fidelity at least {decimal} times the [entropy|divergence] difference
    every [translation-invariant|symmetric] state is a mixture of [product|ergodic] states [up to an error|with a defect] that [vanishes|decays] with the {Q}`,
  formulas: r`
    the expansion $e=4\pi a\rho^2(1+\frac{128}{15\sqrt\pi}\sqrt{\rho a^3}+\dots)$
    the state $\omega(AB)=\omega(B\alpha_{i\beta}(A))$
    the bound $S(\rho\|\sigma)\ge-\log F$
    the Hamiltonian $H=\sum_X\Phi(X)$`,
};

const geometryPhysics: SubfieldText = {
  style: 'proof',
  crossLists: 'math.DG hep-th math.SG math.QA',
  phenomena: r`
    quantisation | passage from classical to quantum observables @of
    symmetry reduction | elimination of symmetries @of
    cohomological obstructions | global consistency conditions @for
    deformation theory | moduli of structures @of
    spectral geometry | geometric content of spectra @of
    Noether correspondences | relations between symmetries and currents @in`,
  objects: r`
    symplectic manifolds | phase-space manifolds
    Poisson algebras | algebras of classical observables
    gauge field theories | Yang-Mills-type theories
    Lie algebroids | infinitesimal groupoids
    multisymplectic field theories | covariant Hamiltonian theories
    contact Hamiltonian systems | dissipative mechanical systems
    topological field theories | functors on bordisms`,
  qualifiers: 'graded; singular; infinite-dimensional; equivariant; twisted; noncompact',
  methods: r`
    the Batalin-Vilkovisky formalism | antibracket quantisation
    geometric quantisation | prequantum line-bundle techniques
    moment-map reduction | Marsden-Weinstein reduction
    factorisation algebras | local-to-global observables
    moving frames | Cartan's equivalence method
    variational bicomplexes | jet-space calculus
    Morse-theoretic analysis | critical-point theory`,
  settings: r`
    manifolds with boundary and corners | stratified boundaries
    the category of supermanifolds | graded geometry
    the real-analytic class | analytic data
    low dimensions | dimension two and three
    the presence of constraints | nonholonomic constraints`,
  results: r`
    a star product | an associative deformation
    a reduction theorem | a reduced description
    a new invariant of three-manifolds | a topological invariant
    a homotopy transfer formula | an explicit transferred structure
    a correspondence between conserved currents and symmetries | a bijection of symmetries and charges`,
  quantities: r`Poisson bracket; curvature two-form ~ F; characteristic class ~ c_1; Maslov index ~ \mu; moment map ~ J; analytic torsion; dimension of the moduli space; Hamiltonian vector field; holonomy; prequantum weight ~ k; Casimir function; Euler class; symplectic volume; presymplectic kernel`,
  effects: r`anomalies; degenerate Lagrangians; torsion in cohomology; singular strata; higher-order derivatives; external gauge fields; nonabelian extensions; incomplete flows; open boundaries; dissipation; half-form corrections; orientation reversal; gauge-fixing dependence; time reparametrisation`,
  tools: r`spectral sequences; L-infinity morphisms; connections on gerbes; Stein extensions; Kähler polarisations; equivariant localisation; Lie-algebra cohomology; Dirac structures; graph complexes; bundle reductions; heat-kernel regularisation; Legendre transforms; Toeplitz operators; Hodge decompositions; Tulczyjew triples; operads`,
  contexts: r`classical field theory; string backgrounds; knot theory; geometric mechanics; renormalisation; control systems; mirror symmetry; representation theory; integrable hierarchies`,
  examples: r`the Poisson sigma model; coadjoint orbits; the Kepler problem; BF theory; the Hopf fibration; the rigid body; Courant brackets; Wess-Zumino-Witten models; Chern-Simons theory; the Moyal plane`,
  background: r`
    [Classical observables commute|Classical mechanics is commutative] and quantum ones do not, and [quantisation|the passage between them] is a choice that geometry [restricts|constrains] but seldom [makes|determines].
    [Gauge symmetry|A gauge symmetry] [relates|identifies] fields that are physically [the same|equal], and taking the quotient is where the [trouble|difficulty] begins.
    [Every continuous symmetry|A symmetry] brings a conserved current, [at least|or so] textbooks say.`,
  claims: r`
    reduction and quantisation [commute|can be interchanged] whenever the {Q} is [regular|integral] at zero
    the obstruction [lies|takes values] in the [third|second] cohomology group and [vanishes|is trivial] for [simply connected|compact] groups
    the algebra of boundary observables is [a central extension|a deformation] of the classical one
    the [quotient|reduced space] is a stratified space with {few} strata, each of them symplectic
    equivalent [structures|polarisations] [give|lead to] unitarily equivalent [quantisations|Hilbert spaces] up to a projective factor
    [dissipation|the contact form] [breaks|deforms] the correspondence but leaves a [weaker|rescaled] conservation law`,
  formulas: r`
    the master equation $(S,S)=0$
    the star product $f\star g=fg+\frac{i\hbar}{2}\{f,g\}+\dots$
    the condition $\iota_X\omega=dH$
    the partition function $Z(M)=\int e^{ikCS(A)}$`,
};

export const mathPh: TopicText = {
  category: 'math-ph',
  related: r`harmonic oscillators; rotors; pendula; billiards; geodesic flows; horseshoes; tops; vortices; point interactions; photonic crystals; metasurfaces; quantum dots; nanotubes; graphene sheets; carbon rings; molecules; plasmas; semiconductors; superfluids; ferrofluids; granular gases; traffic models; swarms; neural fields; elastic plates; shells; beams; membranes; dislocations; disclinations; foams; crystals; quasicrystals; tilings; polyominoes; lozenges; Young diagrams; alternating-sign matrices; symmetric functions; Macdonald polynomials; Jack polynomials; orthogonal polynomials; Hankel determinants; Toeplitz matrices; theta functions; automorphic forms; zeta functions; L-functions; trace ideals; Weyl algebras; Clifford algebras; Jordan algebras; Hopf algebras; braid groups; mapping class groups; Teichmüller spaces; Hurwitz numbers; Frobenius manifolds; Higgs bundles; character varieties; symplectic groupoids; loop spaces; Hilbert modules; crossed products; subfactors; planar algebras; modular categories; fusion rings; spin networks; quantum walks; random walks; self-avoiding walks; branching processes; stochastic flows; rough paths; regularity structures; paracontrolled products; Malliavin derivatives; spin glasses; perceptrons; neural networks; sandpiles; rotor routers; interlacing particles; melting crystals; limit shapes; arctic curves; free boundaries; obstacle problems; thin films; shallow water; tsunamis; internal waves; Rossby waves; solitary vortices; rogue waves; optical fibres; lasers; Josephson junctions; superconducting rings; Ginzburg-Landau vortices; skyrmions; instantons; monopoles; harmonic maps; minimal surfaces; Ricci flows; conformal maps; isoperimetric problems; shape optimisation; homogenised media; porous media; composites; elastic waveguides; acoustic resonators; cloaking devices; tomography; inverse spectral problems; control problems; numerical schemes; symplectic integrators; spectral methods; operator splitting; density functionals; Thomas-Fermi atoms; Hartree-Fock states; nuclei; neutron stars; Bogoliubov quasiparticles; polarons; excitons; phonons`,
  papers: 230,
  subfields: [spectral, integrable, statistical, kinetic, quantumMath, geometryPhysics],
};
