/** Cosmology and nongalactic astrophysics. */
import type { SubfieldText, TopicText } from '../bank.js';

const r = String.raw;

const structure: SubfieldText = {
  style: 'observation',
  crossLists: 'astro-ph.GA astro-ph.IM gr-qc',
  phenomena: r`
    cosmic shear | weak-lensing distortion @of
    baryon acoustic oscillations | the acoustic feature in clustering @in
    redshift-space distortions | velocity-induced anisotropy @of
    galaxy bias | the relation between tracers and matter @of
    intrinsic alignments | correlated galaxy orientations @of
    assembly bias | secondary dependence of clustering @of
    the kinematic Sunyaev-Zel'dovich effect | Doppler scattering off free electrons @from`,
  objects: r`
    luminous red galaxies | massive early-type galaxies
    emission-line galaxies | star-forming line emitters
    cosmic voids | underdense regions
    galaxy clusters | rich clusters of galaxies
    quasars | active nuclei at high redshift
    filaments of the cosmic web | intercluster filaments
    dwarf satellites | faint companion galaxies`,
  qualifiers: 'photometrically selected; high-redshift; X-ray selected; isolated; magnitude-limited; spectroscopic',
  methods: r`
    halo occupation modelling | halo-based population models
    perturbation theory on the light cone | effective large-scale perturbation theory
    field-level inference | forward modelling of the density field
    counts-in-cells statistics | one-point density statistics
    tomographic power spectra | cross-spectra in redshift bins
    the marked correlation function | density-weighted two-point statistics`,
  settings: r`
    the first year of DESI data | early spectroscopic data of the Dark Energy Spectroscopic Instrument
    the third-year Dark Energy Survey catalogue | DES Y3 imaging
    mock Euclid catalogues | light cones that mimic Euclid
    the final SDSS sample | the completed Sloan survey
    the eROSITA all-sky survey | X-ray maps of the whole sky
    a Rubin-like deep survey | ten years of simulated LSST imaging`,
  results: r`
    a low amplitude of matter clustering | a deficit of structure relative to Planck
    a detection of the doublet feature | a clear acoustic peak
    consistency with a cosmological constant | no departure from LambdaCDM
    a scale-dependent bias | a running of the tracer bias
    a dependence on galaxy colour | a colour-dependent signal`,
  quantities: r`matter density ~ \Omega_m; clustering amplitude ~ \sigma_8; lensing parameter ~ S_8; growth rate ~ f\sigma_8; linear bias ~ b_1; sound horizon ~ r_d; mean redshift; stellar mass; halo mass ~ M_{200}; alignment amplitude ~ A_{\rm IA}; pairwise velocity dispersion ~ \sigma_v; void radius ~ R_v; optical richness ~ \lambda; concentration ~ c`,
  effects: r`photometric-redshift errors; fibre collisions; baryonic feedback; the point-spread function; survey masks; Galactic extinction; blending of sources; magnification; super-sample covariance; stellar contamination; multiplicative shear bias; interlopers; projection effects; massive neutrinos; Finger-of-God motions`,
  tools: r`jackknife covariances; log-normal mocks; reconstruction of the displacement field; emulators of the matter power spectrum; spectroscopic calibration samples; the pseudo-spectrum estimator; bispectrum multipoles; random catalogues; clustering redshifts; image simulations; self-organising maps; scale cuts; COSEBI modes; Gaussian processes; wavelet scattering coefficients`,
  contexts: r`the nature of dark energy; the sum of neutrino masses; tests of gravity on large scales; galaxy formation; the tension in clustering amplitudes; survey design; the missing-baryon problem; primordial non-Gaussianity; the halo-galaxy connection`,
  examples: r`the Kilo-Degree Survey; Hyper Suprime-Cam; eBOSS; VIPERS; the Coma cluster; the Sloan Great Wall; 2MASS; BOSS CMASS; the GAMA fields; WiggleZ; Abell 1689; the Boötes void; HETDEX; 6dFGS; Planck cluster counts`,
  background: r`
    Light from distant galaxies is [bent|sheared] by every lump of matter along its way, so that [their shapes|galaxy shapes] [map|trace] the dark universe.
    [Sound waves|Pressure waves] in the early plasma froze at recombination and left a preferred separation between galaxies [some 150 megaparsecs|about 100 Mpc/h] across.
    [Galaxies do not trace matter faithfully|What shines is not what gravitates], and the way they [fail to do so|differ] depends on scale, colour and history.
    [Empty regions|Voids] respond more readily to dark energy than the crowded places where galaxies live.`,
  claims: r`
    the signal [peaks|is strongest] at redshift {decimal} and [fades|declines] toward smaller separations
    [scale cuts|conservative cuts] remove {percent} of the information but [leave|keep] the {Q} unbiased
    the amplitude is [lower than|consistent with] that expected from the microwave background at the level of {sigma} standard deviations
    satellites contribute {percent} of the small-scale power
    the catalogue [constrains|pins down] the {Q} to {percent} after marginalising over {E}
    [red and blue tracers|the two colour samples] give [compatible|discrepant] values of the {Q} [once|after] {E} {E:is/are} accounted for
    underdense environments yield [tighter|stronger] constraints than {T}`,
  formulas: r`
    the combination $S_8=\sigma_8\sqrt{\Omega_m/0.3}$
    the Kaiser factor $(1+\beta\mu^2)^2$
    the correlation function $\xi(r)\propto r^{-1.8}$
    the equation of state $w(a)=w_0+w_a(1-a)$`,
};

const early: SubfieldText = {
  style: 'theory',
  crossLists: 'hep-ph hep-th gr-qc',
  phenomena: r`
    primordial non-Gaussianity | non-Gaussian initial fluctuations @from
    primordial black-hole formation | collapse of large overdensities @in
    reheating | transfer of the inflaton energy @after
    isocurvature perturbations | entropy fluctuations @in
    induced gravitational waves | second-order tensor modes @from
    a stochastic gravitational-wave background | relic tensor noise @from
    domain-wall decay | annihilation of cosmic walls @in`,
  objects: r`
    single-field inflation | one-field slow-roll models
    multi-field inflation | models with several light scalars
    ultra-slow-roll phases | phases of vanishing potential slope
    axion-like spectator fields | pseudoscalar spectators
    curvaton models | late-decaying spectator scenarios
    first-order phase transitions | bubble-nucleating transitions
    cosmic-string networks | networks of linear defects`,
  qualifiers: 'warm; non-attractor; Higgs-like; strongly coupled; hybrid; natural',
  methods: r`
    the delta-N formalism | separate-universe counting of expansion
    stochastic inflation | Langevin dynamics of long modes
    the in-in formalism | Schwinger-Keldysh correlators
    peaks theory | statistics of rare maxima
    lattice simulations of preheating | classical field lattices
    the effective field theory of inflation | the EFT of broken time translations`,
  settings: r`
    the slow-roll approximation | the slowly rolling regime
    a radiation-dominated universe | the radiation era
    the squeezed limit | the soft limit of the three-point function
    the thin-wall regime | the regime of thin bubble walls
    a matter-dominated intermediate epoch | an early era of pressureless matter`,
  results: r`
    a violation of the consistency relation | departure from the soft theorem
    a peak in the tensor spectrum | an enhanced band of relic tensor power
    exponential tails of the distribution | non-Gaussian tails
    an upper bound on the reheating temperature | a ceiling on the thermal scale
    a monochromatic mass function | a narrow mass distribution`,
  quantities: r`tensor-to-scalar ratio ~ r; spectral index ~ n_s; running ~ \alpha_s; reheating temperature ~ T_{\rm reh}; number of e-folds ~ N_*; nonlinearity parameter ~ f_{\rm NL}; bubble-wall velocity ~ v_w; string tension ~ G\mu; collapse threshold ~ \delta_c; energy scale of inflation ~ H_I; decay rate ~ \Gamma; inflaton mass ~ m_\phi; nucleation rate ~ \beta/H; speed of sound ~ c_s`,
  effects: r`loop corrections; quantum diffusion; a sharp turn in field space; particle production; thermal friction; a kink in the potential; backreaction of gauge fields; non-minimal coupling; trapping at a stationary point; excited initial states; neutrino free streaming; a change in relativistic species`,
  tools: r`transport equations; first-passage-time analysis; the Mukhanov-Sasaki equation; Bogoliubov coefficients; critical-collapse scaling; the Press-Schechter formula; the sound-shell model; Floquet analysis; dimensional regularisation; Monte Carlo sampling of trajectories; bounce solutions; soft-limit Ward identities`,
  contexts: r`dark-matter candidates; pulsar timing arrays; spectral distortions of the microwave background; baryogenesis; space-borne interferometers; large-field model building; the initial conditions of structure formation; B-mode polarimetry`,
  examples: r`the NANOGrav signal; Higgs inflation; LISA; the hilltop model; the KKLMMT scenario; BICEP limits; the Affleck-Dine field; the Peccei-Quinn scalar; BBO; OGLE microlensing; the alpha-attractor; the Starobinsky plateau; axion monodromy; the Einstein Telescope; COBE`,
  background: r`
    [Inflation stretches|A phase of rapid expansion stretches] vacuum fluctuations to [cosmic|astronomical] size, where they [seed|become] everything that later collapses.
    [Rare, large peaks|The rarest peaks] of the curvature perturbation collapse as soon as they re-enter the horizon.
    [After inflation|When inflation ends], the universe is [cold and empty|left cold], and the inflaton must [decay|hand its energy] into a hot plasma by means still unknown.
    [Bubbles of the true vacuum|Nucleating bubbles] collide and stir the plasma, which [rings|sounds] long after the walls are gone.`,
  claims: r`
    the abundance changes by {few} orders of magnitude when {E} {E:is/are} [included|taken into account]
    the peak frequency falls [within|just outside] the band of space-borne detectors for [reheating|transition] temperatures [near|above] a few hundred TeV
    the consistency relation is [violated|restored] as soon as the [attractor|slow-roll phase] is left
    fluctuations of the spectator [dominate|take over] at [small|sub-parsec] scales while leaving the {Q} untouched
    [the tail of the distribution|the probability of large fluctuations] decays exponentially rather than as a Gaussian
    the allowed window [shrinks|closes] for a {Q} [above|below] {decimal}`,
  formulas: r`
    the slow-roll relation $r=16\epsilon$
    the power spectrum $\mathcal{P}_\zeta(k)=A_s(k/k_*)^{n_s-1}$
    the potential $V(\phi)\propto\phi^{2/3}$
    the abundance $\Omega_{\rm GW}h^2\sim10^{-12}$`,
};

const cmb: SubfieldText = {
  style: 'observation',
  crossLists: 'astro-ph.IM hep-ph gr-qc',
  phenomena: r`
    cosmic birefringence | rotation of the polarisation plane @of
    lensing of the microwave background | deflection of relic photons @of
    primordial B-modes | curl-type polarisation from inflation @in
    spectral distortions | departures from a blackbody @of
    large-angle anomalies | low-multipole peculiarities @of
    recombination history | atomic recombination @in
    anisotropic late-time expansion | direction-dependent Hubble flow @from`,
  objects: r`
    temperature anisotropies | hot and cold spots
    polarisation maps | maps of linear polarisation
    the Sunyaev-Zel'dovich sky | Compton-y maps
    Galactic dust foregrounds | polarised thermal dust
    damping-tail multipoles | small-scale anisotropies
    early dark-energy models | models with a pre-recombination scalar
    millimetre-wave skies | ground-based microwave maps`,
  qualifiers: 'delensed; component-separated; cross-correlated; high-resolution; Planck-era; foreground-cleaned',
  methods: r`
    quadratic estimators | minimum-variance lensing reconstruction
    internal linear combination | blind component separation
    Gibbs sampling of maps | Bayesian map-level sampling
    profile likelihoods | frequentist profiling
    minimally informative polynomial expansion | model-agnostic spectra
    needlet decomposition | spherical-wavelet cleaning`,
  settings: r`
    the fourth public release of Planck | Planck PR4 maps
    the Atacama Cosmology Telescope data | ACT DR6
    the Simons Observatory | forthcoming Simons data
    BICEP and Keck observations | South-Pole degree-scale polarimetry
    the LiteBIRD mission | a future polarisation satellite
    SPT-3G winter fields | South Pole Telescope fields`,
  results: r`
    a non-zero rotation angle | an isotropic rotation signal
    an excess smoothing of the peaks | a lensing-like anomaly
    an upper limit on tensor modes | a tighter tensor bound
    no evidence for extra relativistic species | a standard neutrino number
    a hemispherical power asymmetry | a dipole modulation of power`,
  quantities: r`optical depth ~ \tau; Hubble constant ~ H_0; effective neutrino number ~ N_{\rm eff}; lensing amplitude ~ A_L; rotation angle ~ \beta; baryon density ~ \Omega_bh^2; angular acoustic scale ~ \theta_*; helium fraction ~ Y_p; tensor amplitude ~ r; dust spectral index ~ \beta_d; beam width; polarisation efficiency; mu distortion ~ \mu; integrated mass sum ~ \sum m_\nu; early dark-energy fraction ~ f_{\rm EDE}; reionisation redshift`,
  effects: r`miscalibrated detector angles; dust decorrelation; beam asymmetries; atmospheric noise; extragalactic point sources; Galactic synchrotron; E-to-B leakage; a masked sky; correlated 1/f noise; patchy reionisation; half-wave-plate systematics; anisotropic noise; residual kinetic contributions; bandpass mismatch; far sidelobes; nonlinear lensing; prior-volume projection`,
  tools: r`cross-frequency spectra; end-to-end simulations; hit maps; bias-hardened estimators; jackknife null tests; pixel-space likelihoods; deprojection of templates; Boltzmann codes; moment expansions; spin-weighted transforms; Wiener filtering; calibration on planets; Hamiltonian samplers; neural emulators; delensing templates; scale-space masks; Gaussian constrained realisations`,
  contexts: r`inflationary physics; axion-like particles; the Hubble tension; neutrino cosmology; dark radiation; cluster cosmology; the reionisation epoch; parity violation; calibration strategy; statistical isotropy`,
  examples: r`the cold spot; Tau A; the 353 GHz channel; the Commander maps; CMB-S4; the PIXIE concept; FIRAS; the WMAP nine-year maps; CLASS; the low-l EE likelihood`,
  background: r`
    [The oldest light|Relic radiation] carries [an almost perfect|a nearly perfect] blackbody spectrum, [marked|disturbed] by ripples of a few parts in a hundred thousand.
    [A gravitational-wave background from inflation|Primordial tensor modes] would imprint a swirl on the polarisation that [density waves|scalars] cannot [make|mimic], [though|whereas] dust [can|does].
    [If a light pseudoscalar pervades space|A pseudoscalar field], polarised light from recombination [arrives|would arrive] rotated.
    [Matter along the line of sight|Large-scale structure] [blurs|remaps] the primary pattern by a few arcminutes.`,
  claims: r`
    the [signal|preference] [drops|weakens] from {sigma} to {sigma2} standard deviations [when|once] {E} {E:is/are} marginalised over
    [removing|excluding] the lowest multipoles shifts the {Q} by [less than|only] {percent}
    delensing [tightens|improves] the limit on the {Q} by {percent}
    the two telescopes [agree|are consistent] at the level of {percent} in [polarisation|temperature], but [differ|disagree] in the damping tail
    dust decorrelation [mimics|would masquerade as] a tensor amplitude of {low}
    the high value of the {Q} is [driven|caused] by [volume effects|the choice of prior] rather than by the data`,
  formulas: r`
    the spectrum $C_\ell^{EB}=\frac12\sin(4\beta)(C_\ell^{EE}-C_\ell^{BB})$
    the fit $D_\ell\propto\ell^{-0.4}$
    the tension $|H_0^a-H_0^b|/\sqrt{\sigma_a^2+\sigma_b^2}$
    the estimator $\hat\phi_{LM}$ at $L>30$`,
};

const darkMatter: SubfieldText = {
  style: 'simulation',
  crossLists: 'astro-ph.GA hep-ph astro-ph.IM',
  phenomena: r`
    halo formation | hierarchical assembly @of
    gravothermal core collapse | runaway contraction @of
    tidal stripping | mass loss in external fields @of
    the cusp-core problem | diversity of inner profiles @in
    suppression of small-scale power | a cutoff in clustering @in
    halo mergers | coalescence @of
    reionisation of hydrogen | ionisation of the intergalactic medium @by`,
  objects: r`
    dark-matter haloes | virialised dark structures
    subhaloes | satellites inside larger haloes
    fuzzy dark-matter solitons | ultralight-boson cores
    warm dark-matter cosmologies | models with thermal relics
    the first galaxies | galaxies of cosmic dawn
    Milky Way analogues | disc galaxies like our own
    Lyman-alpha forests | intergalactic hydrogen absorption`,
  qualifiers: 'self-interacting; low-mass; early-forming; resolved; isolated; dissipative',
  methods: r`
    cosmological N-body simulation | collisionless particle simulation
    zoom-in hydrodynamics | resimulation at high resolution
    semi-analytic modelling | merger-tree-based galaxy models
    excursion-set theory | random-walk halo statistics
    Schrödinger-Poisson solvers | wave-mechanical simulation
    radiative-transfer post-processing | ray-based ionising transport`,
  settings: r`
    a suite of cubic-gigaparsec boxes | gigaparsec-scale volumes
    paired fixed simulations | amplitude-paired initial conditions
    zoom-in runs of Local Group pairs | constrained Local Group simulations
    idealised isolated haloes | controlled single-halo experiments
    semi-numerical light cones | approximate light-cone realisations
    separate-universe boxes | boxes of altered background density`,
  results: r`
    a universal density profile | profile self-similarity
    a cored inner profile | a flat central density
    a deficit of satellites | missing companions
    a splashback feature | a caustic at the outermost orbit
    delayed galaxy formation | a late onset of star formation`,
  quantities: r`virial mass ~ M_{\rm vir}; concentration ~ c_{200}; self-interaction cross-section ~ \sigma/m; free-streaming length ~ \lambda_{\rm fs}; boson mass ~ m_a; halo mass function; velocity anisotropy ~ \beta; formation redshift ~ z_f; core radius ~ r_c; spin parameter ~ \lambda; ionised fraction ~ x_{\rm HII}; escape fraction ~ f_{\rm esc}; triaxiality ~ T; neutral-gas temperature ~ T_0; accretion rate ~ \dot M; subhalo abundance`,
  effects: r`supernova feedback; artificial fragmentation; adiabatic contraction; photoionisation heating; numerical relaxation; baryonic discs; dynamical friction; large-scale tides; velocity-dependent scattering; cosmic variance; metal enrichment; streaming of baryons; wave interference; halo triaxiality; discreteness noise; gas stripping; non-thermal pressure; the softening length`,
  tools: r`phase-space halo finders; merger trees; particle-mesh gravity; Lagrangian perturbation theory; convergence radii; isothermal Jeans models; Bayesian emulators; subfind-type group catalogues; spherical-collapse thresholds; orbital integration; abundance matching; moving-mesh codes; fluid conducting models; glass initial conditions; synthetic spectra; cold-collapse tests; power-spectrum response functions; stellar-stream fitting`,
  contexts: r`strong-lensing substructure; direct detection; the satellite census; 21-centimetre observations; near-field cosmology; galaxy quenching; ultralight particles; the sterile-neutrino hypothesis; high-redshift galaxy counts; mock catalogues`,
  examples: r`the Bullet Cluster; Crater II; the Fornax dwarf; GD-1; the Aquarius haloes; IllustrisTNG; the Large Magellanic Cloud; the Navarro-Frenk-White profile; Einasto fits; the JWST deep fields`,
  background: r`
    [Small haloes form first|Structure grows from the bottom up], and [large ones|giants] are built from the debris.
    [If dark particles scatter off each other|Collisions between dark particles], heat flows [inward|into the centre], [hollowing out|softening] the cusp [before|until] the core [collapses|contracts] again.
    [A particle as light as|A boson of] ten to the minus twenty-two electronvolts [behaves|acts] as a wave on the scale of a galaxy.
    [The first galaxies|Early sources] [ended|lifted] the dark ages by ionising the hydrogen around them.`,
  claims: r`
    [core collapse|gravothermal contraction] sets in [within|after] a few billion years for [cross-sections|couplings] above {decimal} square centimetres per gram
    [subhaloes|satellites] on radial orbits lose {percent} of their mass before [the first|their second] pericentre
    artificial disruption [accounts for|explains] {percent} of the missing [objects|satellites]
    [the mass function|halo abundance] is [suppressed|reduced] by {percent} below the half-mode scale
    [feedback|bursty outflows] [creates|carves] cores only in galaxies with [stellar|baryon] fractions near {percent}
    [the soliton|the central core] [oscillates|breathes] and [heats|scatters] old star clusters
    reionisation ends [later|earlier] by {decimal} in redshift if faint galaxies [dominate|prevail]`,
  formulas: r`
    the profile $\rho(r)=\rho_s/[(r/r_s)(1+r/r_s)^2]$
    the scaling $r_c\propto m_a^{-1}M_h^{-1/3}$
    the concentration relation $c(M)\propto M^{-0.1}$
    the transfer function $T(k)=[1+(\alpha k)^{2\nu}]^{-5/\nu}$`,
};

const expansion: SubfieldText = {
  style: 'observation',
  crossLists: 'gr-qc astro-ph.GA hep-ph astro-ph.HE',
  phenomena: r`
    the Hubble tension | disagreement on the expansion rate @from
    dynamical dark energy | an evolving equation of state @from
    cosmic opacity | non-conservation of photon number @from
    the distance-duality relation | reciprocity of cosmic distances @from
    bulk flows | coherent large-scale motions @of
    spatial curvature | departure from flatness @from
    redshift drift | secular change of redshifts @of`,
  objects: r`
    Type Ia supernovae | thermonuclear standardisable candles
    Cepheid calibrators | pulsating distance indicators
    strongly lensed quasars | multiply imaged active nuclei
    gamma-ray bursts | luminous high-energy transients
    bright and dark sirens | gravitational-wave distance indicators
    cosmic chronometers | passively ageing galaxies
    megamaser discs | water-maser galaxies`,
  qualifiers: 'low-redshift; spectroscopically confirmed; standardised; volume-limited; time-delay; dust-corrected',
  methods: r`
    the cosmic distance ladder | stepwise distance calibration
    Gaussian-process reconstruction | kernel-based reconstruction
    cosmography | kinematic series expansion
    time-delay cosmography | delay-distance inference
    hierarchical light-curve modelling | population-level light-curve fits
    symbolic regression | search over analytic expressions`,
  settings: r`
    the Pantheon+ compilation | a joint supernova compilation
    the DESI second data release | DESI DR2 acoustic distances
    JWST near-infrared photometry | infrared imaging from Webb
    simulated Roman light curves | a mock Roman transient survey
    Zwicky Transient Facility discoveries | nearby ZTF events
    strong-lens samples from wide surveys | lens catalogues of wide imaging`,
  results: r`
    a local rate higher than the early-universe value | a high local expansion rate
    a crossing of the phantom divide | an equation of state below minus one
    a step with host-galaxy mass | host dependence of luminosity
    no evidence for interacting dark sectors | consistency with uncoupled components
    a transition redshift near unity | an onset of acceleration`,
  quantities: r`absolute magnitude ~ M_B; deceleration parameter ~ q_0; dark-energy equation of state ~ w_0; curvature density ~ \Omega_k; jerk ~ j_0; colour-luminosity slope ~ \beta_c; intrinsic scatter ~ \sigma_{\rm int}; metallicity slope; external convergence ~ \kappa_{\rm ext}; time-delay distance ~ D_{\Delta t}; peculiar velocity ~ v_p; period-luminosity zero point; interaction rate ~ \xi; age of the universe ~ t_0; transition redshift ~ z_t`,
  effects: r`crowding; dust reddening; progenitor ageing; the mass-sheet degeneracy; peculiar motions; Malmquist bias; photometric zero-point offsets; metallicity dependence; gravitational magnification; host contamination; asphericity of ejecta; sample incompleteness; microlensing; template mismatch; redshift misassignment; the local void; cross-calibration drifts`,
  tools: r`tip-of-the-red-giant-branch distances; parallax offsets; Bayesian evidence; stellar kinematics of the lens; spectral-age fits; surface-brightness fluctuations; approximate likelihoods; SALT-type light-curve fitters; Chevallier-Polarski-Linder parameters; principal components; bootstrap tests; mass models with ellipticity; BAO scale priors; photometric classifiers; Padé series; detached eclipsing binaries; host spectroscopy`,
  contexts: r`early-universe physics; dark-energy theory; survey calibration; quintessence models; the age of old stars; interacting vacuum models; the cosmological principle; stellar populations; alternative gravity`,
  examples: r`NGC 4258; SN 2011fe; RXJ 1131-1231; GW170817; M31; the SH0ES programme; the H0LiCOW lenses; the Coma cluster; SN Refsdal; the Hubble Ultra Deep Field; WFI 2033-4723`,
  background: r`
    [How fast the universe expands|The expansion rate] depends, it seems, on whether one [looks nearby|asks the nearby] or the early universe.
    [Exploding white dwarfs|Thermonuclear supernovae] are not identical, but [their light curves|the way they fade] [betray|reveal] how bright they are.
    [When a lensed quasar flickers|A flickering lensed quasar], its images repeat the flicker [weeks|days] apart, and the delay [measures|gives] a distance.
    [A cosmological constant|Vacuum energy] fits most data, [for reasons that nobody knows|uncomfortably well].`,
  claims: r`
    [replacing|exchanging] the anchor galaxy [moves|changes] the {Q} by {percent}, [less|more] than its quoted error
    the preference for evolution [disappears|persists] at {sigma} standard deviations when low-redshift [events|objects] are [removed|recalibrated]
    the residuals correlate with [host mass|stellar age] at a slope of {low} magnitudes per dex
    crowding [explains|contributes] no more than {percent} of the discrepancy
    {count} lenses [suffice|would be enough] for a {percent} measurement [if|provided] the mass-sheet degeneracy is broken by kinematics
    the two [ladders|calibrations] [differ|agree] [at|to within] {percent}, [tracing back|which points] to the treatment of {E}`,
  formulas: r`
    the tension $H_0=73.0\pm1.0$ against $67.4\pm0.5$ km/s/Mpc
    the relation $D_L=(1+z)^2D_A$
    the parametrisation $w(z)=w_0+w_az/(1+z)$
    the distance modulus $\mu=m_B-M_B+\alpha x_1-\beta c$`,
};

const largeTheory: SubfieldText = {
  style: 'theory',
  crossLists: 'gr-qc hep-th astro-ph.GA',
  phenomena: r`
    shell crossing | onset of multi-streaming @in
    nonlinear power-spectrum evolution | growth beyond linear order @in
    baryon-dark-matter relative motion | supersonic streaming @in
    relativistic corrections to clustering | gauge-dependent observables @in
    neutrino free streaming | thermal smearing by light relics @in
    vorticity generation | production of rotational flows @in`,
  objects: r`
    biased tracers | discrete tracers of matter
    cold dark-matter fluids | pressureless dark fluids
    coupled dark sectors | models with interacting dark components
    modified-gravity cosmologies | cosmologies with altered growth
    collapsing ellipsoids | triaxial overdensities
    Gaussian initial density fields | Gaussian random fields
    massive-neutrino cosmologies | universes with heavy neutrinos`,
  qualifiers: 'redshift-space; weakly nonlinear; self-similar; tidally distorted; scale-free; two-component',
  methods: r`
    the effective field theory of large-scale structure | coarse-grained fluid theory
    Lagrangian perturbation theory | displacement-based expansions
    renormalised perturbation theory | resummed propagators
    the response approach | separate-universe responses
    large-deviation statistics | saddle-point density statistics
    kinetic field theory | phase-space path integrals`,
  settings: r`
    an Einstein-de Sitter background | a matter-only expansion
    the plane-parallel approximation | the distant-observer limit
    two-loop order | next-to-next-to-leading order
    the Newtonian gauge | longitudinal coordinates
    the wide-angle regime | large opening angles`,
  results: r`
    an infrared-safe resummation | a well-damped acoustic peak
    consistency relations among correlators | exact soft-limit identities
    a new set of bias operators | additional bias terms
    breakdown of the single-stream picture | failure of the fluid description
    a scale-dependent growth suppression | a growth cutoff`,
  quantities: r`growth index ~ \gamma; nonlinear scale ~ k_{\rm NL}; counterterm coefficient ~ c_s^2; tidal bias ~ b_{K^2}; displacement variance ~ \sigma_\Psi^2; neutrino mass fraction ~ f_\nu; velocity divergence ~ \theta; skewness ~ S_3; bispectrum amplitude ~ Q; collapse threshold ~ \delta_c; interaction strength ~ \beta; damping scale ~ \Sigma; magnification bias ~ s; mean-field mass; shot-noise amplitude`,
  effects: r`long-wavelength displacements; stochastic noise; tidal torques; velocity dispersion; lensing magnification; integrated potentials; primordial features; decaying modes; fifth forces; redshift-space damping; light-cone evolution; selection tensors; higher-derivative bias; nonlocal evolution; early radiation; discreteness; screened regions`,
  tools: r`FFT-based loop integrals; Schwinger-Dyson hierarchies; Zel'dovich displacements; effective stress tensors; fast bispectrum templates; Bessel expansions; halo-model interpolation; Vlasov solvers; Galilean invariance; the time-sliced expansion; spherical-collapse mappings; polyspectra estimators; Padé approximants; Fourier-Bessel modes; counter-terms; Edgeworth series; Galileon kernels`,
  contexts: r`full-shape analyses; tests of general relativity; the primordial bispectrum; neutrino-mass measurements; dark-sector couplings; line-intensity mapping; halo statistics; the caustic skeleton of the cosmic web; galaxy surveys`,
  examples: r`the BOSS sample; the Quijote suite; the Hu-Sawicki model; the nDGP branch; Burgers turbulence; the matter trispectrum; the CLASS-PT code; the log-density transform; Euclid; PFS; SPHEREx`,
  background: r`
    [On large scales|Where fluctuations are small], matter flows like a fluid, [until|up to the moment when] streams cross and the fluid [picture|equations] fail.
    [What small scales do to large ones|The influence of small scales] can be [summarised|absorbed] in a few coefficients that symmetry allows and data must fix.
    [We observe galaxies|Galaxies are seen] on the past light cone, in redshift, and [through|behind] a lumpy universe.
    [Light neutrinos|Neutrinos] stream out of small potential wells and [slow|hinder] the growth of everything else.`,
  claims: r`
    the resummed prediction is accurate to {percent} up to a wavenumber of {low}
    the [third|second] order term [cancels|is cancelled] in the equal-time correlator, as [required|demanded] by Galilean invariance
    [only|just] {few} of the {count} operators are independent
    the skewness is [enhanced|reduced] by {percent} when {E} {E:is/are} present
    shell crossing [occurs|takes place] at a smoothed overdensity of {decimal}, [almost|nearly] independently of the {Q}
    [ignoring|omitting] {E} biases the {Q} by {sigma} standard deviations for a survey of {count} cubic gigaparsecs`,
  formulas: r`
    the kernel $F_2=\frac57+\frac27\mu^2+\frac\mu2(\frac{k_1}{k_2}+\frac{k_2}{k_1})$
    the counterterm $-2c_s^2k^2P_L(k)$
    the growth rate $f\simeq\Omega_m^{0.55}$
    the displacement field $\Psi(q,\tau)$`,
};

export const astroPhCo: TopicText = {
  category: 'astro-ph.CO',
  related: r`brightest cluster galaxies; ram-pressure tails; radio relics; intracluster light; cold fronts; cooling flows; ultra-diffuse galaxies; green peas; blue compact dwarfs; submillimetre galaxies; damped absorbers; metal lines; quasar proximity zones; Lyman-break galaxies; protoclusters; gravitational arcs; Einstein rings; fast radio bursts; kilonovae; tidal disruption events; superluminous supernovae; pair-instability explosions; standard sirens; HII galaxies; planetary-nebula luminosities; RR Lyrae stars; Mira variables; carbon stars; eclipsing binaries; open clusters; stellar streams; ultra-faint dwarfs; hypervelocity stars; dark stars; boson stars; mirror matter; millicharged particles; axion miniclusters; sterile neutrinos; gravitinos; Q-balls; WIMPs; dark photons; decaying particles; annihilating relics; cosmic rays; gamma-ray lines; neutrino masses; cosmic neutrinos; deuterium; primordial lithium; helium recombination; Rayleigh scattering; hydrogen maps; 21-centimetre forests; carbon-monoxide emission; infrared background; X-ray background; near-infrared fluctuations; zodiacal light; anomalous microwave emission; spinning dust; free-free emission; Faraday rotation; magnetic seeds; helical fields; superconducting strings; textures; cosmic bubbles; primordial features; cosmic clocks; oscillating axions; thawing fields; tracker potentials; phantom crossings; unimodular gravity; emergent acceleration; cosmic topology; dipole anisotropies; mirror symmetries; Great Attractor flows; Laniakea; the local volume; wide binaries; pulsar accelerations; solar-system ephemerides; redshift surveys; slitless spectroscopy; intensity interferometry; drift scans; kinetic inductance detectors; bolometer arrays; fibre robots; CCD charge transfer; weak blends; shape noise; cosmic magnification; lensing dispersion; peak counts; Minkowski functionals; Betti numbers; minimal spanning trees; graph statistics; k-nearest neighbours; splashback radii; velocity caustics; baryon fractions; entropy profiles; pressure profiles; gas clumping; turbulence; sloshing; feedback bubbles; X-ray cavities; relativistic jets; radio minihaloes`,
  papers: 260,
  subfields: [structure, early, cmb, darkMatter, expansion, largeTheory],
};
