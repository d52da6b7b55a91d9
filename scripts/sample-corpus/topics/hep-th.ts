/** High-energy physics, theory. */
import type { SubfieldText, TopicText } from '../bank.js';

const r = String.raw;

const holography: SubfieldText = {
  style: 'theory',
  crossLists: 'gr-qc cond-mat.str-el quant-ph nucl-th',
  phenomena: r`
    entanglement entropy | geometric entropy of subregions @in
    information scrambling | fast scrambling @in
    holographic complexity | circuit complexity of the boundary state @of
    thermalisation after a quench | relaxation to thermal equilibrium @in
    the Hawking-Page transition | deconfinement through horizon formation @in
    momentum relaxation | decay of translational currents @in
    the information paradox | the tension between evaporation and unitarity @in`,
  objects: r`
    strongly coupled plasmas | quark-gluon fluids at large coupling
    two-dimensional conformal field theories | 2D CFTs
    thermofield-double states | entangled pairs of boundary theories
    holographic superconductors | charged condensates with gravity duals
    Sachdev-Ye-Kitaev models | all-to-all Majorana models
    evaporating black holes | holes coupled to a bath`,
  qualifiers: 'anisotropic; boundary; deformed; rotating; supersymmetric; warped',
  methods: r`
    the Ryu-Takayanagi prescription | minimal-surface calculations
    holographic renormalisation | subtraction of boundary divergences
    the replica trick | analytic continuation in the number of copies
    shock-wave calculations | boosted perturbations of the horizon
    the fluid/gravity correspondence | gradient expansions of bulk geometries
    bulk reconstruction | operator dictionaries in the interior`,
  settings: r`
    the large-$N$ limit | the planar limit
    three-dimensional anti-de Sitter gravity | AdS gravity in three bulk dimensions
    Jackiw-Teitelboim gravity | two-dimensional dilaton gravity
    the probe approximation | the limit of negligible backreaction
    the grand canonical ensemble | fixed chemical potential`,
  results: r`
    a Page curve | a unitary entropy curve
    saturation of the chaos bound | maximal Lyapunov growth
    islands behind the horizon | disconnected interior saddles
    a first-order phase transition | a swallow-tail in the free energy
    a universal ratio of transport coefficients | a viscosity bound`,
  quantities: r`central charge ~ c; butterfly velocity ~ v_B; Lyapunov exponent ~ \lambda_L; shear viscosity ~ \eta/s; scrambling time ~ t_*; entanglement wedge cross-section; Rényi index ~ n; temperature ~ T; chemical potential ~ \mu; reflected entropy; 't Hooft coupling ~ \lambda; spectral gap; diffusion constant ~ D; boundary entropy ~ \log g`,
  effects: r`a chemical potential; bulk quantum corrections; momentum dissipation; a gravitational anomaly; a bath at the boundary; finite coupling; wormhole saddles; an end-of-the-world brane; a magnetic field; higher-derivative terms; ensemble averaging; a double-trace deformation; backreaction of flavour branes`,
  tools: r`geodesic approximations; quantum extremal surfaces; Euclidean wormholes; random matrix ensembles; Fefferman-Graham coordinates; the membrane theory of entanglement; Virasoro blocks; modular flow; the Schwarzian action; tensor networks; Wald entropy; spinning geodesics; linearised Einstein equations; heavy-light expansions`,
  contexts: r`quantum chaos; the black-hole interior; strange metals; heavy-ion collisions; quantum error correction; the emergence of spacetime; hydrodynamic transport; de Sitter holography; baby universes`,
  examples: r`the BTZ geometry; the eternal hole; the D3-D7 system; ABJM theory; the Gubser string; pp-waves; the West Coast model; the SYK chain; the Karch-Randall brane; the Vaidya collapse; the Lifshitz solution; graphene near neutrality; Python's lunch`,
  background: r`
    [If entanglement builds spacetime|In holography], the area of a surface in the bulk [counts|measures] what a boundary observer [cannot|is unable to] know.
    [An evaporating hole|A hole that radiates] must [return|give back] its information if quantum mechanics is to [hold|survive], and the entropy of its radiation has to turn over half-way.
    [Chaotic many-body systems|Strongly interacting systems] [hide|bury] local perturbations in nonlocal degrees of freedom as fast as [causality|quantum mechanics] permits.`,
  claims: r`
    the entropy [grows linearly|rises] until the Page time and [then follows|afterwards tracks] the area of the extremal surface
    the bound on chaos is [saturated|respected] at leading order and [lowered|violated] by none of the corrections
    the two saddles [exchange dominance|cross] at a temperature [set by|proportional to] the boundary curvature
    the late-time growth rate [saturates|approaches] twice the energy [irrespective of|for all values of] the {Q}
    [the condensate|the ordered phase] disappears [continuously|abruptly] when the {Q} exceeds {decimal}
    the wedge [contains|covers] the island [only after|from the moment] the bath has absorbed {percent} of the energy`,
  formulas: r`
    the area law $S = \mathcal{A}/4G_N$
    the chaos bound $\lambda_L \le 2\pi/\beta$
    the ratio $\eta/s = 1/4\pi$
    the ramp-plateau form of $|Z(\beta+it)|^2$`,
};

const strings: SubfieldText = {
  style: 'theory',
  crossLists: 'hep-ph math.AG math-ph',
  phenomena: r`
    moduli stabilisation | fixing of the compactification moduli @in
    supersymmetry breaking | spontaneous loss of supersymmetry @in
    tadpole cancellation | charge neutrality of the internal space @in
    duality cascades | sequences of Seiberg dualities @in
    the weak-gravity conjecture | gravity as the weakest force @in
    axion monodromy | unwinding of periodic directions @in`,
  objects: r`
    flux compactifications | vacua with internal flux
    intersecting D-brane models | brane-world constructions
    heterotic orbifolds | orbifold limits of the heterotic string
    Calabi-Yau threefolds | Ricci-flat complex threefolds
    F-theory models | elliptically fibred compactifications
    little string theories | nonlocal theories on fivebranes`,
  qualifiers: 'non-supersymmetric; toroidal; warped; non-geometric; chiral; isotropic',
  methods: r`
    mirror symmetry | exchange of complex and Kähler structure
    exceptional field theory | U-duality-covariant supergravity
    toric geometry | combinatorics of lattice polytopes
    worldsheet instanton calculus | sums over holomorphic curves
    asymptotic Hodge theory | limiting mixed Hodge structures
    genetic algorithms | evolutionary searches of the landscape`,
  settings: r`
    type IIB supergravity | ten-dimensional chiral supergravity
    the large-volume limit | the regime of large internal volume
    the weakly coupled heterotic string | heterotic perturbation theory
    M-theory on singular spaces | eleven-dimensional backgrounds with singularities
    infinite-distance limits | asymptotic corners of moduli space`,
  results: r`
    an infinite tower of light states | exponentially light towers
    metastable de Sitter vacua | long-lived solutions with positive energy
    a no-go theorem | an obstruction to accelerating solutions
    a finite number of vacua | finiteness of the flux landscape
    parametric scale separation | decoupling of the internal scale`,
  quantities: r`flux superpotential ~ W_0; string coupling ~ g_s; gravitino mass ~ m_{3/2}; Euler characteristic ~ \chi; species scale ~ \Lambda_{\rm sp}; internal volume ~ \mathcal{V}; tadpole charge ~ N_{\rm flux}; axion decay constant ~ f_a; Kähler potential; number of generations; instanton action; warp factor; D-term potential`,
  effects: r`backreaction of anti-branes; perturbative corrections to the Kähler potential; Euclidean branes; torsional cohomology; gaugino condensation; discrete torsion; kinetic mixing; orientifold planes; nilpotent superfields; worldvolume fluxes; loop corrections; conifold singularities`,
  tools: r`generalised complex geometry; Picard-Fuchs equations; lattice reduction; Gopakumar-Vafa invariants; smeared sources; spectral networks; gauged linear sigma models; pure spinors; K-theory charges; reinforcement learning; modular bootstrap bounds; T-duality chains; anomaly inflow`,
  contexts: r`the swampland programme; string phenomenology; inflation in string theory; dark radiation; grand unification; enumerative geometry; the hierarchy problem; the cosmological-constant problem; axion cosmology`,
  examples: r`the quintic; the KKLT scenario; the large-volume scenario; the Klebanov-Strassler throat; the DGKT vacua; K3 fibrations; the E8xE8 string; the SO(16) string; del Pezzo surfaces; the Gepner points; the mirror octic; the Dark Dimension; the Horava-Witten interval`,
  background: r`
    [Extra dimensions|The internal dimensions] leave behind massless scalars, whose unwanted forces must be [lifted|removed] by fluxes or [quantum|nonperturbative] effects.
    [Not every consistent-looking field theory|Only a fraction of effective theories] [can be|admits being] coupled to quantum gravity, and [the swampland programme|a web of conjectures] tries to say which.
    [An anti-brane|A probe anti-brane] at the tip of a warped throat [raises|uplifts] the vacuum energy, but [its stability|whether it does so controllably] is [disputed|debated].`,
  claims: r`
    the uplift [destabilises|flattens] the volume modulus unless the throat carries more than {count} units of flux
    the mass of the lightest tower decays exponentially with [geodesic|moduli-space] distance, at a rate no smaller than {decimal}
    all but {few} of the {bigcount} geometries violate the tadpole bound
    the one-loop correction [cancels|vanishes] after summing over [sectors|images], [although|even though] no supersymmetry is left
    [scale separation|a hierarchy of scales] [requires|comes at the price of] an unbounded flux quantum
    charged states [satisfy|obey] the bound in [every|each] sublattice of index at most {few}`,
  formulas: r`
    the no-scale relation $K^{i\bar\jmath}K_iK_{\bar\jmath}=3$
    the superpotential $W=\int G_3\wedge\Omega$
    the mass scale $m\sim e^{-\lambda d}$
    the tadpole condition $N_{D3}+\tfrac12 N_{\rm flux}=\chi/24$`,
};

const gauge: SubfieldText = {
  style: 'theory',
  crossLists: 'hep-ph hep-lat cond-mat.str-el math-ph',
  phenomena: r`
    confinement | linear trapping of colour charges @in
    generalised global symmetries | higher-form symmetries @of
    chiral symmetry breaking | condensation of fermion bilinears @in
    anomaly matching | infrared realisation of 't Hooft anomalies @in
    infrared dualities | equivalence at long distance @between
    conformal windows | ranges of flavour number with fixed points @of
    non-invertible symmetry defects | duality defects @in`,
  objects: r`
    Chern-Simons-matter theories | three-dimensional gauge theories with matter
    supersymmetric QCD | gauge theories with four supercharges
    chiral gauge theories | gauge theories of Weyl fermions
    quiver gauge theories | product-group gauge theories
    adjoint QCD | Yang-Mills theory with adjoint quarks
    Schwinger models | two-dimensional electrodynamics
    class S theories | theories of wrapped fivebranes`,
  qualifiers: 'non-Abelian; massive; time-reversal-invariant; bosonic; strongly coupled; orthosymplectic',
  methods: r`
    supersymmetric localisation | exact evaluation by fixed points
    lattice Hamiltonian methods | real-time lattice gauge theory
    semiclassics on small circles | compactified instanton calculus
    Dyson-Schwinger equations | truncated hierarchies of correlators
    symmetry topological field theory | sandwich constructions in one dimension higher
    the epsilon expansion | perturbation around the critical dimension`,
  settings: r`
    four dimensions with theta angle pi | the CP-symmetric point
    the large-flavour limit | the Veneziano regime
    finite temperature and density | hot and dense matter
    a Coulomb branch | the moduli space of Abelian vacua
    the presence of a boundary | half-space`,
  results: r`
    a mixed anomaly | an obstruction to simultaneous gauging
    symmetric mass generation | gapping without bilinear condensates
    a symmetry enhancement | an emergent larger symmetry
    an area law for Wilson loops | a confining string
    an intermediate gapless phase | an unexpected Coulomb phase`,
  quantities: r`string tension ~ \sigma; anomaly coefficient ~ k; superconformal index ~ \mathcal{I}; beta function ~ \beta(g); theta angle ~ \theta; number of flavours ~ N_f; Wilson-loop expectation value ~ \langle W\rangle; glueball mass ~ m_G; instanton density; quark condensate ~ \langle\bar\psi\psi\rangle; Chern-Simons level ~ k; sphere free energy ~ F; monopole dimension ~ \Delta_M; mass anomalous dimension ~ \gamma_m; R-charge`,
  effects: r`a theta term; adjoint scalars; monopole operators; massive fundamental quarks; a one-form symmetry background; non-perturbative superpotentials; spontaneous CP violation; renormalons; discrete gauging; baryon density; compact directions; fractional instantons; topology of the gauge bundle; parity-odd terms; quartic interactions; Higgs condensates`,
  tools: r`index computations; bosonisation maps; large-N factorisation; center-vortex models; Seiberg-Witten curves; 't Hooft flux sectors; resurgence; discrete lattice cohomology; tensor-network simulations; brane webs; a-maximisation; eta invariants; Higgs-branch Hilbert series; Polyakov-loop potentials; spin-bordism groups; Gribov copies; heavy-quark limits; mirror maps`,
  contexts: r`physics beyond the Standard Model; quantum simulation; topological phases of matter; composite Higgs models; the strong CP problem; quantum criticality; lattice field theory; vertex algebras; early-universe phase transitions`,
  examples: r`the Argyres-Douglas point; the Gross-Neveu-Yukawa model; the CP^1 sigma model; pure SU(3) Yang-Mills theory; the minimally doubled flavour case; the N=4 theory; T[SU(2)]; the Klebanov-Strassler cascade; the Georgi-Glashow model; Rydberg-atom arrays`,
  background: r`
    [Quarks are never seen alone|No free quark has been seen], [and|yet] a proof from first principles that they cannot be is [still|] outstanding.
    [Symmetries|Modern symmetries] act on lines and surfaces as well as on particles, and [need not|no longer have to] be invertible.
    [An anomaly|What is anomalous] at high energy stays anomalous at low energy, [which|a fact that] rules out a trivially gapped vacuum.
    [Two gauge theories|Theories] that look nothing alike may flow to the same place.`,
  claims: r`
    the vacuum is [doubly degenerate|two-fold degenerate] at theta equal to pi, [with|separated by] a domain wall that carries {few} massless modes
    a trivially gapped phase is [forbidden|excluded] [unless|except if] the {Q} is even
    the index [agrees|matches] on both sides up to [order|level] {count} in the fugacity expansion
    confinement [sets in|arises] through the proliferation of [vortices|monopoles] rather than [by|through] {E}
    [the fixed point|a pair of fixed points] [merges|annihilates] and [moves|disappears] into the complex plane below {middle} flavours
    [duality|gauging] maps the [order|Wilson] line to [a disorder|an 't Hooft] line and [exchanges|swaps] the two gapped phases`,
  formulas: r`
    the area law $\langle W(C)\rangle\sim e^{-\sigma A}$
    the fusion rule $\mathcal{D}\times\mathcal{D}=1+\eta$
    the theta term $\frac{\theta}{8\pi^2}\int{\rm tr}\,F\wedge F$
    the anomaly inflow action $\frac{2\pi}{N}\int B\cup\beta(B)$`,
};

const conformal: SubfieldText = {
  style: 'theory',
  crossLists: 'cond-mat.stat-mech math-ph hep-lat',
  phenomena: r`
    crossing symmetry | associativity of the operator algebra @in
    renormalisation-group flows | scale-driven flows @between
    line-defect dynamics | impurity physics @in
    operator mixing | degeneracies of scaling operators @in
    light-ray operators | nonlocal analytically continued operators @in
    spontaneous breaking of conformal invariance | dilaton physics @in
    thermal one-point functions | finite-temperature expectation values @in`,
  objects: r`
    O(N) vector models | vector models with orthogonal symmetry
    minimal models | rational theories with finitely many primaries
    superconformal theories | theories with superconformal symmetry
    logarithmic theories | non-unitary theories with Jordan cells
    long-range models | theories with nonlocal kinetic terms
    Gross-Neveu-type theories | fermionic critical theories
    Liouville-type theories | noncompact exponential-potential theories`,
  qualifiers: 'unitary; fermionic; cubic-symmetric; weakly coupled; six-dimensional; multiscalar',
  methods: r`
    the numerical conformal bootstrap | semidefinite bounds on scaling data
    the Lorentzian inversion formula | dispersive reconstruction of OPE data
    large-charge expansions | effective theory of charged states
    Hamiltonian truncation | truncated-spectrum diagonalisation
    analytic functionals | dual bases of extremal functionals
    Mellin amplitudes | meromorphic representations of correlators`,
  settings: r`
    three dimensions | the three-dimensional case
    the lightcone limit | the double-twist regime
    the presence of a planar interface | interface geometry
    four minus epsilon dimensions | fractional dimension just below four
    the two-sphere regulator | the fuzzy-sphere geometry`,
  results: r`
    an isolated island | a closed allowed region
    integrality of the leading coefficients | integer OPE data
    additivity of the twist spectrum | accumulation of twists
    a monotonicity theorem | irreversibility of the flow
    a new kink in the bounds | an unexplained corner`,
  quantities: r`scaling dimension ~ \Delta_\phi; OPE coefficient ~ \lambda_{\phi\phi O}; central-charge ratio ~ c_T/c_T^{\rm free}; twist gap ~ \tau_{\min}; defect entropy ~ g; spin of the exchanged operator ~ J; cross-ratio ~ z; Regge intercept ~ j_*; number of derivatives ~ \Lambda; displacement norm ~ C_D; dilaton mass; anomalous dimension ~ \gamma; thermal coefficient ~ b_{\mathcal O}; large-charge coefficient ~ c_{3/2}`,
  effects: r`cubic anisotropy; boundary degrees of freedom; broken parity; evanescent operators; degenerate primaries; complex fixed points; dangerously irrelevant couplings; a compact extra dimension; a magnetic impurity; non-unitarity; multi-twist mixing; a conformal anomaly on the defect; global symmetry twists; monopole insertions; truncation errors`,
  tools: r`semidefinite programming; Casimir recursion; dispersion relations; Padé-Borel resummation; Tauberian theorems; embedding-space spinors; weight-shifting operators; Zamolodchikov recursion; outer approximations; exact-diagonalisation spectra; Ward identities; dimension-shifting relations; cutting surfaces; skeleton expansions; Feigin-Fuchs integrals; radial quantisation; chiral algebras; navigator functions`,
  contexts: r`critical phenomena; quantum gravity in AdS; boundary criticality; quantum impurities; polymer physics; the classification of phases; energy correlators at colliders; celestial holography; deconfined criticality`,
  examples: r`the 3d Ising model; the Lee-Yang edge; QED in three dimensions; the Kondo problem; the tricritical Potts point; Wilson-Fisher theory; the (2,0) theory; helium at the lambda point; the Maldacena-Wilson line; the Biconical fixed point`,
  background: r`
    [Consistency alone|Self-consistency], without any Lagrangian, can pin down the exponents of a phase transition to many digits.
    [Impurities|A defect line] in a critical system [flow|flows] under scale [transformations|changes] as the bulk no longer does.
    [The spectrum at large spin|Operators of large spin] [is|organise themselves so as to be] [almost|nearly] that of a free theory, [whatever the coupling|even at strong coupling].`,
  claims: r`
    the allowed region [shrinks|contracts] to an island around {middle} when [mixed|all] correlators are imposed
    the leading Regge trajectory [intersects|meets] its shadow at a spin of {decimal}
    the defect [flows|is driven] to a [factorised|trivial] fixed point for [any|every] negative coupling
    no unitary theory exists with a gap above {middle} [in|for] the singlet channel
    the perturbative series is [reproduced|matched] by the nonperturbative data [down|already] to spin two
    the dimension of the lowest charge-{few} operator follows the [large-charge|semiclassical] formula with an error of {percent}`,
  formulas: r`
    the crossing equation $\sum_O\lambda_O^2F_{\Delta,\ell}(u,v)=0$
    the expansion $\Delta_Q=c_{3/2}Q^{3/2}+c_{1/2}Q^{1/2}+\dots$
    the inequality $a_{\rm UV}>a_{\rm IR}$
    the two-point function $\langle\phi(x)\phi(0)\rangle=|x|^{-2\Delta}$`,
};

const amplitudes: SubfieldText = {
  style: 'theory',
  crossLists: 'hep-ph gr-qc math-ph',
  phenomena: r`
    colour-kinematics duality | the double copy @for
    soft theorems | universal low-energy factorisation @for
    unitarity cuts | factorisation on physical thresholds @of
    classical gravitational scattering | relativistic deflection with radiation loss @of
    positivity of Wilson coefficients | dispersive sign constraints @in
    infrared divergences | long-distance singularities @of
    asymptotic symmetries | large gauge transformations @of`,
  objects: r`
    gluon amplitudes | scattering amplitudes of gauge bosons
    graviton amplitudes | gravitational S-matrix elements
    Feynman integrals | multi-loop loop integrals
    form factors | matrix elements of local operators
    massive spinning particles | particles of arbitrary spin
    celestial correlators | boost-eigenstate amplitudes
    cosmological correlators | wavefunction coefficients`,
  qualifiers: 'tree-level; two-loop; maximally supersymmetric; planar; massive; Yang-Mills-scalar',
  methods: r`
    on-shell recursion | Britto-Cachazo-Feng-Witten recursion
    the scattering equations | the Cachazo-He-Yuan representation
    canonical differential equations | epsilon-form differential systems
    worldline quantum field theory | quantised-trajectory methods
    positive geometry | polytopal descriptions of amplitudes
    generalised unitarity | reconstruction from on-shell cuts`,
  settings: r`
    the high-energy limit | Regge kinematics
    the post-Minkowskian regime | weak-field relativistic scattering
    dimensional regularisation | non-integer spacetime dimension
    self-dual backgrounds | chiral background fields
    the flat-space limit | vanishing boundary curvature`,
  results: r`
    an all-multiplicity formula | a closed form for any number of legs
    elliptic functions beyond polylogarithms | integrals over elliptic curves
    cancellation of ultraviolet divergences | improved ultraviolet behaviour
    an exponentiated eikonal phase | classical exponentiation
    a tower of conserved charges | an infinite-dimensional symmetry`,
  quantities: r`cusp anomalous dimension ~ \Gamma_{\rm cusp}; eikonal phase ~ \chi; scattering angle ~ \theta; impulse ~ \Delta p^\mu; loop order ~ L; Wilson coefficient ~ g_2; radiated angular momentum ~ J_{\rm rad}; symbol alphabet; Mandelstam variable ~ s; helicity configuration; dual conformal cross-ratio; number of master integrals; spin tensor ~ S^{\mu\nu}; colour factor; critical dimension ~ D_c`,
  effects: r`tail contributions; massive internal lines; spin-orbit coupling; non-planar diagrams; radiation reaction; graviton loops; higher-dimension operators; collinear singularities; anomalous thresholds; tidal operators; finite-mass corrections; a dilaton; boundary terms in recursion; memory contributions; leading logarithms`,
  tools: r`spinor-helicity variables; momentum twistors; intersection numbers; integration by parts; finite-field reconstruction; dispersion relations; soft-collinear effective theory; Wilson lines; KLT kernels; cluster algebras; Gram determinants; Baikov representations; Steinmann relations; Cutkosky rules; symbol bootstraps; tropical fans; Calabi-Yau periods; Landau singularities`,
  contexts: r`collider phenomenology; gravitational-wave templates; flat holography; ultraviolet properties of supergravity; effective field theories; algebraic geometry of periods; precision QCD; the cosmological bootstrap; spinning black holes`,
  examples: r`the amplituhedron; the kite integral; root-Kerr particles; the sunrise diagram; the Drell-Yan process; the five-gluon two-loop case; Born-Infeld theory; the double box; Z-theory; the Goldstone S-matrix`,
  background: r`
    [Thousands of diagrams|Long sums of diagrams] often collapse to a single line, [as though|as if] a simpler theory were hidden behind them.
    [Gravity|A graviton], in a precise sense, is two copies of a [gauge theory|gluon].
    [The S-matrix|Scattering data] knows about orbits, too: [continuation|analytic continuation] from scattering to bound states [yields|delivers] [potentials|the dynamics] of binaries.
    [Every soft particle|Low-energy radiation] carries the memory of a symmetry.`,
  claims: r`
    the {count} master integrals [satisfy|obey] a system in canonical form with [only|] {few} [square roots|letters]
    the double copy [extends|holds] to [massive|spinning] states only if the spectrum contains a [dilaton|tower]
    radiation reaction [restores|ensures] a smooth high-energy limit
    the [coefficient|coupling] must be positive and [smaller|less] than {decimal} in units of the cutoff
    the soft expansion [truncates|terminates] at [subleading|sub-subleading] order, [where|at which] loop corrections enter
    the answer [depends|is built] only on [elliptic|iterated] integrals over a curve of modulus fixed by the {Q}`,
  formulas: r`
    the relation $n_i+n_j+n_k=0\Leftrightarrow c_i+c_j+c_k=0$
    the Parke-Taylor factor $\langle ij\rangle^4/\langle12\rangle\cdots\langle n1\rangle$
    the dlog form $\prod_id\log\alpha_i$
    the sum rule $g_2=\frac{2}{\pi}\int ds\,{\rm Im}A(s)/s^3$`,
};

const cosmoHep: SubfieldText = {
  style: 'theory',
  crossLists: 'hep-ph astro-ph.CO gr-qc',
  phenomena: r`
    vacuum decay | tunnelling out of a false vacuum @in
    the axion quality problem | fragility of global symmetries @in
    Goldstone superfluidity | spontaneous breaking by finite density @in
    dissipation of slowly moving solitons | energy loss of defects @in
    naturalness of small masses | radiative stability @of
    baryon-number violation | sphaleron transitions @in`,
  objects: r`
    metastable scalar potentials | potentials with a false minimum
    topological solitons | kinks, vortices and skyrmions
    hidden-sector models | models of a secluded sector
    extended supergravities | supergravities with many supercharges
    relativistic superfluids | finite-density condensates
    Kaluza-Klein theories | theories with compact dimensions
    noncommutative field theories | theories on quantised spaces`,
  qualifiers: 'thermal; non-relativistic; gauged; clockwork-like; BPS; out-of-equilibrium',
  methods: r`
    coset constructions | nonlinear realisations of symmetry
    functional determinants | one-loop fluctuation analysis
    the closed-time-path formalism | Schwinger-Keldysh field theory
    collective coordinates | moduli-space dynamics
    the background-field method | covariant loop expansions
    resurgent trans-series | Borel-resummed expansions
    geometric effective actions | covariant field-space geometry`,
  settings: r`
    a five-dimensional orbifold | an interval extra dimension
    a thermal bath | the high-temperature plasma
    strong external fields | the strong-field regime
    1+1 dimensions | a single space dimension
    a gravitational background | curved space`,
  results: r`
    a parametrically longer lifetime | enhanced metastability
    a no-force condition | exact cancellation of static forces
    a hydrodynamic attractor | early-time universality
    a massless Goldstone fermion | a goldstino
    a bound on the number of species | a species limit`,
  quantities: r`bounce action ~ S_B; decay width ~ \Gamma; soliton mass ~ M_K; topological charge ~ Q; chemical potential ~ \mu; compactification radius ~ R; decay constant ~ f; kinetic mixing ~ \epsilon; superfluid sound speed ~ c_s; damping rate ~ \gamma; domain-wall tension ~ \sigma_{\rm dw}; sphaleron barrier ~ E_{\rm sph}; noncommutativity scale ~ \theta; gauge coupling ~ g`,
  effects: r`thermal fluctuations; gravitational corrections; zero modes; Yukawa couplings; impurities in the early universe; negative modes; finite wall thickness; multiple vacua; fermionic backreaction; a background electric field; wave-function renormalisation; oscillons; instanton interactions; kinetic terms with more derivatives; Wess-Zumino terms`,
  tools: r`the Gelfand-Yaglom theorem; gradient flow; BPS bounds; spectral walls; Borel transforms; the WKB approximation; matching at one loop; supersymmetric quantum mechanics; heat-kernel coefficients; Nambu-Goto actions; tunnelling potentials; Derrick scaling; superspace; two-particle-irreducible actions; numerical relaxation; moduli metrics; helicity sums`,
  contexts: r`baryogenesis; axion searches; neutron-star interiors; inflationary model building; dark-sector cosmology; heavy-ion physics; the electroweak hierarchy; condensed-matter analogues; gravitational-wave signals`,
  examples: r`the Coleman-de Luccia bounce; the phi-four kink; the Randall-Sundrum model; Q-balls; the Abelian Higgs vortex; the Skyrme model; the sine-Gordon breather; the Peccei-Quinn mechanism; ekpyrotic branes; the Standard Model vacuum`,
  background: r`
    [Our vacuum|The vacuum we live in] may be [only|merely] [long-lived|metastable], and its lifetime depends on physics at [enormous|inaccessible] energies.
    [A global symmetry|Global symmetries] that gravity breaks by a tiny amount can ruin the explanation of why [the strong force respects CP|the axion is light].
    [Solitons|Kinks and vortices] collide, [bounce|scatter] and annihilate in windows of velocity that form a fractal.`,
  claims: r`
    the prefactor [changes|modifies] the lifetime by {few} orders of magnitude [relative to|compared with] the naive estimate
    the solitons [bounce|rebound] {few} times before they [annihilate|form a breather]
    the symmetry is protected up to operators of dimension {count}
    [static|equal-charge] solitons exert no force on each other [at|up to] second order in the {Q}
    the [bubble|critical droplet] becomes thick-walled [once|when] the {Q} exceeds {decimal}
    the phonon [decays|dissolves] into [two|three] softer ones at a rate [fixed|dictated] by symmetry`,
  formulas: r`
    the rate $\Gamma/V=Ae^{-S_B}$
    the potential $V(\phi)=\frac{\lambda}{4}(\phi^2-v^2)^2$
    the energy bound $E\ge|Q|$
    the superfluid Lagrangian $P(X)$ with $X=-(\partial\phi)^2$`,
};

export const hepTh: TopicText = {
  category: 'hep-th',
  related: r`glueballs; tetraquarks; baryons; mesons; skyrmions; anyons; parafermions; fractons; Majorana modes; Weyl semimetals; monopoles; dyons; vortices; flux tubes; domain walls; textures; Alice strings; sphalerons; calorons; merons; bions; orientifolds; M2-branes; fivebranes; D-instantons; supertubes; fuzzballs; giant gravitons; matrix models; tensor models; vector models; fishnet theories; bi-scalar theories; higher-spin fields; partially massless fields; continuous-spin particles; Fierz-Pauli fields; gravitini; dilatini; axions; saxions; relaxions; quintessence; dark photons; leptoquarks; neutrino masses; gauge coupling unification; proton decay; flavour textures; Yukawa hierarchies; torsion points; modular forms; mock modularity; umbral moonshine; sporadic groups; lattices; error-correcting codes; quantum groups; cluster varieties; knots; Hitchin systems; opers; instanton counting; vertex algebras; W-algebras; Yangians; loop groups; gerbes; cobordism; spin structures; exotic spheres; K3 surfaces; elliptic curves; amoebas; tropical curves; spectral curves; random tensors; chord diagrams; Feynman categories; Hopf algebras; motivic periods; multiple zeta values; Bessel moments; hypergeometric functions; Lauricella functions; Heun functions; Mathieu functions; accessory parameters; tau functions; crystal melting; plane partitions; dimer models; Dirac magnons; Luttinger liquids; Fermi surfaces; Bose metals; spin liquids; twisted bilayers; quantum Hall droplets; cold plasmas; neutron matter; heavy quarks; drag forces; jet quenching; elliptic flow; bottom-up models; hyperscaling violation; Bjorken expansion; Hawking pairs; Rindler modes; soft hair; celestial spheres; Carrollian fluids; Galilean strings; tensionless strings; null branes; ambitwistors; Moyal products; Lie 3-algebras; exceptional Jordan algebras; octonions; superspace; pure spinors; harmonic superfields; projective multiplets; ghosts; tadpoles`,
  papers: 240,
  subfields: [holography, strings, gauge, conformal, amplitudes, cosmoHep],
};
