/** Quantitative biology; each subfield is an archive category of its own. */
import type { SubfieldText, TopicText } from '../bank.js';

const r = String.raw;

const populations: SubfieldText = {
  style: 'biology',
  primary: 'q-bio.PE',
  crossLists: 'physics.soc-ph math.DS physics.bio-ph q-bio.QM',
  phenomena: r`
    epidemic spreading | disease transmission @in
    the evolution of cooperation | emergence of altruism @in
    antigenic drift | immune escape by mutation @of
    species coexistence | maintenance of diversity @in
    evolutionary rescue | escape from extinction by adaptation @of
    population cycles | oscillations of abundance @in
    range expansion | invasion of new territory @by`,
  objects: r`
    structured populations | populations with contact structure
    microbial communities | mixed bacterial assemblages
    predator-prey systems | consumer-resource pairs
    influenza viruses | circulating flu strains
    plant-pollinator networks | mutualistic webs
    asexual populations | clonal lineages
    island faunas | animals of oceanic islands`,
  qualifiers: 'spatially extended; age-structured; seasonal; small; fluctuating; metapopulation-like',
  methods: r`
    evolutionary game theory | replicator dynamics
    coalescent theory | backward genealogical models
    compartmental modelling | susceptible-infected-recovered equations
    adaptive dynamics | invasion-fitness analysis
    branching-process approximation | early-growth stochastic theory
    phylodynamic inference | joint inference of genealogies and epidemics
    individual-based simulation | agent-level simulation`,
  settings: r`
    serological surveys | antibody prevalence studies
    long-term plankton records | decades of lake and sea sampling
    sequenced outbreak isolates | genomes from an outbreak
    experimental yeast evolution | serial-passage yeast lines
    mobile-phone mobility data | anonymised movement records
    breeding-bird counts | volunteer bird censuses`,
  results: r`
    a critical patch size | a minimum viable habitat
    bistability | alternative stable states
    an evolutionary branching point | disruptive divergence of traits
    a shift in the age of infection | infection at later ages
    a herd-immunity threshold | a critical vaccination level`,
  quantities: r`basic reproduction number ~ R_0; selection coefficient ~ s; mutation rate ~ \mu; carrying capacity ~ K; generation time; effective population size ~ N_e; dispersal distance; extinction risk; benefit-to-cost ratio ~ b/c; infectious period; connectance; heterozygosity; vaccination coverage`,
  effects: r`demographic stochasticity; waning immunity; spatial structure; superspreading; environmental noise; assortative mixing; mutualism; Allee effects; behavioural change; horizontal gene transfer; clonal interference; climate warming; asymptomatic carriers; habitat loss`,
  tools: r`next-generation matrices; Markov-chain sampling; approximate Bayesian computation; moment closure; pair approximation; Kolmogorov equations; wavelet analysis; site-frequency spectra; Lotka-Volterra equations; mark-recapture data; molecular clocks; reaction-diffusion fronts; bifurcation diagrams; contact matrices`,
  contexts: r`vaccination policy; conservation planning; antibiotic stewardship; the origin of multicellularity; pest control; pandemic preparedness; fisheries management; cultural evolution; biodiversity loss; cancer evolution`,
  examples: r`SARS-CoV-2; measles in England; the lynx and the hare; Escherichia coli; Darwin's finches; H3N2; the Lenski lines; malaria; Anolis lizards; the cane toad; Daphnia; Ebola in Guinea; Prochlorococcus; honeybees; the house finch; kelp forests`,
  background: r`
    [A pathogen|Any pathogen] that spreads too eagerly exhausts its hosts, [and one that spreads too timidly|while a timid one] dies out.
    [Cooperation|Helping others] is costly, yet it is found from [slime moulds|microbes] to [primates|human societies].
    [How so many species|That so many species can] live on so few resources has puzzled ecologists since Hutchinson's plankton.
    [Small populations|Populations at the edge of their range] live at the mercy of chance.`,
  claims: r`
    [closing|restricting] {percent} of the contacts delays the peak by {count} days without lowering it
    cooperation [persists|survives] only on graphs whose mean degree is below {few}
    diversity [peaks|is highest] at intermediate rates of [disturbance|dispersal]
    a rescue mutation [arises|appears] in {percent} of replicate populations, [mostly|usually] from standing variation
    [seasonal|periodic] forcing [turns|converts] damped oscillations into [sustained|irregular] cycles
    [two waves|several waves] of infection [arise|follow] when immunity wanes within {count} days`,
  formulas: r`
    the threshold $R_0>1$
    Hamilton's rule $rb>c$
    the front speed $v=2\sqrt{rD}$
    the fixation probability $(1-e^{-2s})/(1-e^{-4Ns})$`,
};

const neuro: SubfieldText = {
  style: 'biology',
  primary: 'q-bio.NC',
  crossLists: 'cs.NE cond-mat.dis-nn physics.bio-ph cs.LG',
  phenomena: r`
    working memory | short-term retention of stimuli @in
    neuronal avalanches | scale-free bursts of activity @in
    orientation selectivity | tuning to stimulus angle @in
    synaptic plasticity | activity-dependent change of synapses @in
    sleep replay | reactivation of past experience @in
    gamma oscillations | fast rhythmic synchrony @in
    decision making | accumulation of evidence @in`,
  objects: r`
    cortical circuits | recurrent networks of cortex
    hippocampal place cells | place-coding pyramidal neurons
    spiking networks | networks of integrate-and-fire neurons
    basal ganglia | nuclei of striatum and pallidum
    retinal ganglion cells | output neurons of the retina
    cerebellar granule layers | input layers of the cerebellum
    songbird nuclei | song-control areas of birds`,
  qualifiers: 'balanced; inhibition-stabilised; developing; sparsely connected; anaesthetised; ageing',
  methods: r`
    mean-field theory | population-averaged rate equations
    information theory | analysis of coding capacity
    dimensionality reduction | latent-factor analysis
    spike-train inference | point-process regression
    dynamic causal modelling | model-based connectivity inference
    attractor-network theory | energy-landscape models of memory`,
  settings: r`
    two-photon calcium recordings | calcium imaging in behaving mice
    high-density probe recordings | Neuropixels sessions
    resting-state fMRI | spontaneous haemodynamic recordings
    intracranial recordings | electrodes in epilepsy patients
    in-vitro cultures | dissociated neurons on electrode arrays
    primate reaching tasks | trained arm movements in macaques`,
  results: r`
    low-dimensional manifolds | activity confined to few dimensions
    mixed selectivity | conjunctive tuning
    a transition to chaos | irregular self-sustained activity
    drifting representations | slow turnover of tuning
    efficient coding | redundancy-reducing representations`,
  quantities: r`firing rate ~ \nu; membrane time constant ~ \tau_m; excitation-inhibition ratio ~ g; synaptic weight ~ w; memory capacity ~ \alpha_c; participation ratio; branching parameter ~ \sigma; reaction time; spike-count correlation; mutual information ~ I; dendritic length; stimulus contrast; preferred phase`,
  effects: r`short-term depression; dendritic nonlinearity; neuromodulation; synaptic noise; inhibitory interneurons; refractoriness; gap junctions; attention; conduction delays; homeostatic scaling; unobserved neurons; adaptation currents; behavioural variability; astrocyte signalling`,
  tools: r`the leaky integrate-and-fire model; Hebbian learning rules; Granger causality; generalised linear models; tensor decomposition; Fokker-Planck methods; Hopf-bifurcation analysis; surrogate data; hidden Markov models; cable theory; optogenetic perturbation; wavelet coherence; maximum-entropy models; canonical correlations`,
  contexts: r`brain-machine interfaces; epilepsy; neuromorphic hardware; sensory perception; motor learning; theories of consciousness; Parkinson's disease; developmental disorders; navigation; cognitive ageing`,
  examples: r`the Hopfield network; area V1; the zebra finch; grid cells; layer 2/3; the Wilson-Cowan model; the Brunel network; Drosophila; the mouse barrel cortex; prefrontal area 46; C. elegans; dentate gyrus; the locust olfactory bulb; Purkinje cells; CA3; MT neurons`,
  background: r`
    [Neurons die and synapses turn over|The hardware of the brain keeps changing], yet memories [last|persist] for decades.
    [A thought held in mind|An item held in memory] must outlive the milliseconds for which a single neuron remembers its input.
    [Cortical neurons fire irregularly|Irregular firing is the rule in cortex], [as if|as though] each of them tossed coins.
    [During sleep|At rest], the hippocampus [replays|rehearses] journeys of the day at many times their original speed.`,
  claims: r`
    [fewer than|no more than] {count} dimensions suffice to [explain|capture] {percent} of the shared variance
    [persistent|sustained] activity [drifts|diffuses] at a rate [inversely proportional to|set by] the number of neurons
    inhibition must respond within {count} milliseconds if the [network|circuit] is to stay [balanced|stable]
    [replayed|reactivated] sequences [favour|over-represent] places [close to|near] rewards
    representations [rotate|reorganise] over {count} days without [any loss of|affecting] behavioural accuracy
    the network [operates|works] slightly below its critical point in {percent} of the sessions`,
  formulas: r`
    the avalanche exponent $\tau\approx3/2$
    the learning rule $\Delta w\propto e^{-|\Delta t|/\tau}$
    the balance condition $g\sqrt{N}\gg1$`,
};

const molecularNetworks: SubfieldText = {
  style: 'biology',
  primary: 'q-bio.MN',
  crossLists: 'physics.bio-ph q-bio.SC q-bio.QM cond-mat.stat-mech',
  phenomena: r`
    gene-expression noise | cell-to-cell variability of transcripts @in
    circadian oscillations | daily molecular rhythms @in
    signal transduction | relay of external signals @in
    cell-fate switching | commitment to alternative fates @of
    metabolic adaptation | rerouting of metabolism @of
    kinetic proofreading | error correction by delay @in
    perfect adaptation | return to baseline after a step @in`,
  objects: r`
    transcription networks | circuits of regulators and targets
    bacterial chemotaxis pathways | sensory pathways of swimming bacteria
    MAP-kinase cascades | phosphorylation cascades
    toggle switches | mutually repressing gene pairs
    yeast metabolic networks | reaction networks of budding yeast
    T-cell receptors | antigen receptors of lymphocytes
    stem-cell populations | self-renewing cells`,
  qualifiers: 'synthetic; stochastic; bistable; compartmentalised; growing; feedback-regulated',
  methods: r`
    the chemical master equation | exact stochastic kinetics
    flux-balance analysis | constraint-based metabolic optimisation
    the linear-noise approximation | Gaussian fluctuation theory
    control theory of feedback circuits | feedback-circuit analysis
    Boolean modelling | logical network models
    sensitivity analysis | parameter-perturbation analysis`,
  settings: r`
    single-molecule FISH counts | transcript counts in fixed cells
    microfluidic time-lapse movies | long-term single-cell imaging
    knock-out proteomics | protein levels in deletion strains
    isotope-tracing experiments | carbon-labelling data
    single-cell RNA sequencing | droplet-based transcriptomes
    optogenetic pulse trains | light-controlled inputs`,
  results: r`
    bimodal expression | two-peaked distributions
    an information bottleneck | a channel capacity near one bit
    robust period control | a temperature-compensated period
    ultrasensitive responses | switch-like dose response
    a fold-change response | scale-invariant sensing`,
  quantities: r`burst size ~ b; Hill coefficient ~ n; Fano factor ~ F; degradation rate ~ \gamma; dissociation constant ~ K_d; channel capacity ~ C; promoter occupancy; oscillation period ~ T; copy number ~ N; response time ~ \tau; growth rate ~ \mu; flux control coefficient; phosphorylation level; free-energy cost ~ \Delta G`,
  effects: r`transcriptional bursting; extrinsic variability; molecular crowding; time delays; cell-cycle stage; ligand depletion; competition for ribosomes; positive feedback; chromatin state; retroactivity; partitioning at division; temperature shifts; phase separation; enzyme saturation; epigenetic memory`,
  tools: r`Gillespie trajectories; moment equations; elasticity coefficients; first-passage theory; bifurcation continuation; Bayesian rate estimation; stoichiometric matrices; quasi-steady-state reductions; mutual-information bounds; finite-state projection; knock-down screens; chemical-reaction-network theory; generating functions; landscape reconstruction; elementary modes`,
  contexts: r`synthetic biology; drug resistance; developmental patterning; immunology; metabolic engineering; cancer therapy; biofuels; ageing; biosensing; chronotherapy`,
  examples: r`the lac operon; p53; NF-kB; the repressilator; KaiABC; Bacillus subtilis; HeLa cells; the Goodwin oscillator; MCF-7; Notch signalling; RAS; GAL genes`,
  background: r`
    [Genes are transcribed in bursts|Transcription comes in bursts], so that [genetically identical|sister] cells [differ|carry different numbers of proteins].
    [A cell|Any cell] must [read|judge] its surroundings from a handful of molecules that [come and go|bind and unbind] at random.
    [Clocks made of proteins|Molecular clocks] keep time to within minutes a day, though [their parts|the molecules] are noisy.
    [To discriminate|Discriminating] between almost identical ligands, cells [spend|pay] energy.`,
  claims: r`
    negative feedback [lowers|reduces] noise by [no more than|about] {percent}, because it [shortens|limits] averaging
    the pathway [transmits|carries] {decimal} bits, [enough|barely enough] to tell {few} concentrations apart
    [switching|fate choice] is triggered by {count} molecules, [far fewer|many more] than deterministic models suggest
    the period [is compensated|remains stable] because {few} rates change [in opposite directions|together]
    [flux|carbon] is diverted through [the bypass|overflow] once growth exceeds {decimal} per hour
    removing [the feedback|a single edge] [abolishes|destroys] adaptation but [leaves|spares] the initial response`,
  formulas: r`
    the rate $k(x)=x^n/(K^n+x^n)$
    the variance $\sigma^2/\langle n\rangle=1+b$
    the bound $E\ge k_BT\ln2$
    the steady state $Sv=0$`,
};

const biomolecules: SubfieldText = {
  style: 'biology',
  primary: 'q-bio.BM',
  crossLists: 'physics.bio-ph cond-mat.soft cs.LG physics.chem-ph',
  phenomena: r`
    protein folding | acquisition of the native structure @of
    allostery | long-range regulation @in
    RNA secondary structure | base-pairing patterns @of
    ligand binding | molecular recognition @by
    liquid-liquid phase separation | condensate formation @by
    mutational epistasis | interaction between mutations @in
    ion permeation | passage of ions @through`,
  objects: r`
    enzymes | catalytic proteins
    intrinsically disordered proteins | proteins without fixed structure
    G-protein-coupled receptors | seven-helix receptors
    riboswitches | ligand-sensing RNA elements
    membrane channels | ion-conducting pores
    antibodies | immunoglobulins
    viral capsids | protein shells of viruses`,
  qualifiers: 'thermophilic; membrane-bound; multi-domain; designed; glycosylated; small',
  methods: r`
    molecular dynamics | all-atom simulation
    direct coupling analysis | coevolutionary inference
    Markov state modelling | kinetic network models
    protein language modelling | sequence-trained transformers
    coarse-grained simulation | residue-level simulation
    free-energy perturbation | alchemical transformation
    elastic-network analysis | harmonic contact models`,
  settings: r`
    deep mutational scans | libraries of point mutants
    cryo-EM maps | electron-microscopy densities
    optical-tweezers traces | force-extension recordings
    nuclear-magnetic-resonance ensembles | NMR relaxation data
    structures of the protein data bank | curated crystal structures
    hydrogen-exchange measurements | deuterium uptake data`,
  results: r`
    a hidden intermediate | an unseen folding intermediate
    a cryptic binding pocket | a transient pocket
    a rugged fitness landscape | many local fitness peaks
    entropy-driven association | binding without enthalpy gain
    conserved dynamic sectors | coevolving groups of residues`,
  quantities: r`folding rate ~ k_f; binding affinity ~ \Delta G_b; melting temperature ~ T_m; contact order; radius of gyration ~ R_g; catalytic efficiency ~ k_{\rm cat}/K_M; dihedral angle; solvent-exposed area; persistence length ~ \ell_p; charge patterning ~ \kappa; conductance; residence time ~ \tau; root-mean-square fluctuation; Rosetta-type score; transition-path time`,
  effects: r`water-mediated contacts; crowding agents; post-translational modification; salt; misfolding; lipid composition; conformational selection; proline isomerisation; electrostatic screening; backbone entropy; pH changes; mechanical force; knots in the chain; codon usage; hydrophobic mismatch`,
  tools: r`enhanced sampling; contact maps; normal modes; replica exchange; docking scores; time-lagged components; Poisson-Boltzmann solvers; nearest-neighbour energies; small-angle scattering; statistical potentials; umbrella windows; sequence alignments; committor analysis; diffusion-based design; fluorescence correlations`,
  contexts: r`drug design; enzyme engineering; neurodegeneration; vaccine development; the origin of life; biosensors; personalised medicine; antibiotic discovery; biomaterials; gene therapy`,
  examples: r`lysozyme; ubiquitin; KRAS; the SARS-CoV-2 spike; haemoglobin; TDP-43; the MS2 phage; beta-lactamase; gramicidin; AlphaFold models; rhodopsin; titin`,
  background: r`
    [A protein finds its shape|Proteins fold] in milliseconds among more possibilities than there are [stars|atoms in the universe].
    [Binding at one site|An event at one site] is felt nanometres away at another, through [motions|rearrangements] too subtle for a static picture.
    [Some proteins|Many proteins] work without any fixed structure, and [gather|condense] into droplets.
    [The effect of a mutation|What a mutation does] depends on the sequence it [falls into|occurs in].`,
  claims: r`
    the rate-limiting step is the [release|docking] of {few} water molecules
    {percent} of double mutants [deviate|depart] from additivity, mostly [close to|around] the active site
    the pocket is open {percent} of the time and [closes|shuts] within {count} nanoseconds
    [droplets|condensates] [form|appear] above {count} micromolar and [age|harden] within hours
    coevolving residues [line|form] a path between the two sites, [although|while] most of them are not in contact
    [pulling|force] along one axis [accelerates|catches] unbinding, along another it [slows|delays] it`,
  formulas: r`
    the relation $\Delta G=-k_BT\ln K$
    the scaling $R_g\sim N^{0.59}$
    the energy $E=-\sum_{ij}J_{ij}(s_i,s_j)-\sum_ih_i(s_i)$
    the rate $k(F)=k_0e^{Fx/k_BT}$`,
};

const quantitative: SubfieldText = {
  style: 'biology',
  primary: 'q-bio.QM',
  crossLists: 'cs.LG stat.AP physics.med-ph q-bio.TO',
  phenomena: r`
    tumour growth | expansion of malignant cells @in
    cell segmentation | delineation of cells @in
    drug-response variability | heterogeneous response to therapy @of
    biomarker discovery | identification of predictive markers @in
    wound healing | collective repair @of
    disease progression | clinical deterioration @in
    animal behaviour tracking | automated posture analysis @of`,
  objects: r`
    glioma patients | people with brain tumours
    histology slides | stained tissue sections
    organoids | miniature tissue cultures
    electronic patient cohorts | patients in routine care
    freely moving rodents | unrestrained mice and rats
    epithelial tissues | sheets of adherent cells
    plant root systems | growing roots`,
  qualifiers: 'paediatric; longitudinal; drug-resistant; label-free; three-dimensional; high-throughput',
  methods: r`
    convolutional image analysis | deep image segmentation
    mixed-effects modelling | population-level growth models
    survival modelling | time-to-event analysis
    physiologically based modelling | organ-level kinetics
    cellular Potts simulation | lattice cell simulation
    transfer learning | reuse of pretrained features
    Bayesian data assimilation | sequential model updating`,
  settings: r`
    serial magnetic-resonance scans | repeated MRI examinations
    multiplexed tissue imaging | many-marker microscopy
    a randomised dose trial | a dose-escalation study
    smartphone symptom diaries | self-reported symptoms
    pose-tracking videos | filmed behaviour sessions
    light-sheet recordings | volumetric movies of embryos`,
  results: r`
    patient-specific growth rates | individual growth parameters
    a resistant subclone | a refractory cell population
    early warning of relapse | signs that precede relapse
    a low-dimensional behavioural repertoire | few behavioural motifs
    jamming of the tissue | arrest of cell motion`,
  quantities: r`proliferation rate ~ \rho; time to progression; Dice overlap; dose ~ d; tumour volume ~ V; hazard ratio; oxygen tension; viable fraction; step frequency; inter-observer error; migration speed ~ v; clearance rate ~ k_{\rm el}; shape index ~ p_0; area under the curve`,
  effects: r`staining variability; missed appointments; the microenvironment; immune infiltration; inter-patient heterogeneity; batch differences; hypoxia; scanner differences; contact inhibition; drug holidays; measurement censoring; mechanical confinement; subclonal competition; camera occlusion; treatment switching`,
  tools: r`reaction-diffusion equations; U-shaped networks; spatial point statistics; joint models; radiomic features; optical flow; virtual control arms; ordinary differential equations; lineage tracing; adaptive dosing rules; topological summaries; active contours; hidden semi-Markov models; particle filters; external cohorts`,
  contexts: r`precision oncology; digital pathology; adaptive therapy; clinical-trial design; regenerative medicine; behavioural neuroscience; crop breeding; intensive care; remote monitoring; toxicology`,
  examples: r`the Gompertz law; temozolomide; BRCA1 carriers; zebrafish embryos; DeepLabCut; PSA levels; H&E stains; Arabidopsis roots; ICU sepsis; CAR-T cells; HER2`,
  background: r`
    [Two tumours|Tumours] that look alike under the microscope may [grow|respond] quite differently.
    [Treating less|Giving less drug], at the right time, may keep resistant cells in check [longer|for longer] than [treating more|the maximal dose].
    [A pathologist|An expert] [counts|outlines] a few hundred cells; a slide holds a million.
    [What an animal is doing|Behaviour], second by second, is easy to film and hard to describe.`,
  claims: r`
    adaptive [dosing|schedules] [delay|postpone] progression by {count} days at {percent} of the [cumulative|total] dose
    the two observers disagree on {percent} of the [boundaries|cells], [more|less] than the network does with either
    growth is [limited|governed] by [diffusion of oxygen|available space] beyond a diameter of {decimal} millimetres
    {few} motifs [account for|cover] {percent} of the recorded time
    relapse is [preceded|announced] by a drop in the {Q} {count} days [earlier|before diagnosis]
    the tissue [flows|unjams] when the mean shape index exceeds {decimal}`,
  formulas: r`
    the law $V(t)=V_0e^{\frac{a}{b}(1-e^{-bt})}$
    the front speed $v=2\sqrt{D\rho}$
    the hazard $h(t)=h_0(t)e^{\beta x}$`,
};

const genomics: SubfieldText = {
  style: 'biology',
  primary: 'q-bio.GN',
  crossLists: 'q-bio.QM q-bio.PE stat.AP cs.LG',
  phenomena: r`
    chromatin folding | three-dimensional genome organisation @in
    horizontal gene transfer | exchange of genes @between
    mutational signatures | characteristic mutation patterns @in
    enhancer activity | distal gene regulation @in
    recombination hotspots | localised crossover @in
    transposon spreading | proliferation of mobile elements @in
    polygenic adaptation | selection on many loci @in`,
  objects: r`
    cancer genomes | genomes of tumours
    bacterial pangenomes | gene repertoires of species
    ancient genomes | genomes of past people
    mammalian chromosomes | chromosomes of mammals
    metagenomic samples | sequenced microbial communities
    crop genomes | genomes of cultivated plants
    long noncoding RNAs | untranslated transcripts`,
  qualifiers: 'polyploid; low-coverage; admixed; clonal; repetitive; haplotype-resolved',
  methods: r`
    genome assembly graphs | graph-based assembly
    sequence-to-function networks | deep regulatory models
    ancestral recombination graphs | genealogies along the genome
    non-negative matrix factorisation | additive signature decomposition
    polymer modelling | bead-spring chromatin models
    association mapping | marker-trait regression
    k-mer sketching | minimiser-based comparison`,
  settings: r`
    chromosome-conformation maps | contact maps of the genome
    whole-genome tumour sequences | sequenced tumour-normal pairs
    long-read sequencing runs | nanopore and circular reads
    reference panels of diverse populations | worldwide panels
    gut-microbiome surveys | stool metagenomes
    massively parallel reporter assays | barcoded enhancer libraries`,
  results: r`
    loop-extrusion domains | stripes and corner peaks
    recent positive selection | signals of a selective sweep
    a novel mutational process | an unexplained signature
    structural variants missed by short reads | hidden rearrangements
    conserved synteny blocks | preserved gene order`,
  quantities: r`read depth; contact frequency ~ P(s); heritability ~ h^2; linkage disequilibrium ~ r^2; mutation load; N50 length; allele frequency ~ p; enhancer-promoter distance; divergence time; recombination rate ~ \rho; gene-flow rate ~ m; methylation level; polygenic score; gene-family size; error rate ~ \epsilon`,
  effects: r`reference bias; population structure; sequencing errors; repeats; background selection; incomplete lineage sorting; cell-type mixtures; copy-number changes; batch effects; contamination; purifying selection; assembly gaps; ploidy changes; gene conversion; dosage compensation`,
  tools: r`hidden Markov models; read phasing; principal components; cohesin simulations; variant graphs; permutation tests; site-frequency spectra; motif scanning; tree sequences; expectation maximisation; suffix arrays; random-effects models; peak calling; liftover chains; LD-score regression`,
  contexts: r`precision medicine; plant breeding; human history; antimicrobial resistance; cancer evolution; conservation genetics; forensics; developmental biology; microbiome therapy; rare-disease diagnosis`,
  examples: r`the HLA region; SBS3; Neanderthal introgression; CTCF sites; E. coli K-12; maize; the Denisova cave; LINE-1; the 1000 Genomes; TP53; X inactivation; MinHash`,
  background: r`
    [Two metres of DNA|The genome] [fit|is packed] into a nucleus a few micrometres wide and [must still|still has to] be [read|copied].
    [Every tumour|A tumour] keeps, in its mutations, a diary of what has damaged it.
    [Genes|In bacteria, genes] travel between species as well as down the generations.
    [Half of our genome|Much of our genome] consists of sequences that once copied themselves.`,
  claims: r`
    {percent} of the variants [lie|fall] in repeats and are [invisible|inaccessible] to short reads
    [domains|loops] [disappear|dissolve] within {count} minutes of cohesin loss
    the sweep began {count} generations ago and [raised|drove] the allele to a frequency of {percent}
    [{few} signatures explain|a mixture of {few} processes accounts for] {percent} of the mutations
    gene flow [stopped|ceased] [earlier|later] than the split of the [species|populations], by {bigcount} years
    [scores|predictions] lose {percent} of their accuracy when [moved|transferred] between ancestries`,
  formulas: r`
    the decay $P(s)\sim s^{-1}$
    the factorisation $V\approx WH$
    the expectation $E[\pi]=4N_e\mu$
    the statistic $F_{ST}=1-\pi_w/\pi_b$`,
};

export const qBio: TopicText = {
  category: 'q-bio',
  related: r`honeybees; ants; termites; fruit flies; locusts; mosquitoes; ticks; nematodes; flatworms; hydra; sponges; corals; jellyfish; squid; octopuses; zebrafish; cichlids; salmon; frogs; newts; lizards; snakes; turtles; finches; crows; songbirds; chickens; bats; mice; voles; rats; squirrels; dogs; wolves; elephants; whales; dolphins; macaques; chimpanzees; humans; maize; rice; wheat; tomatoes; poplars; oaks; mosses; ferns; lichens; yeasts; moulds; slime moulds; mushrooms; diatoms; cyanobacteria; archaea; bacilli; streptococci; mycobacteria; salmonella; phages; retroviruses; coronaviruses; herpesviruses; prions; plasmids; transposons; ribosomes; proteasomes; chaperones; kinases; phosphatases; polymerases; nucleases; transporters; pumps; channels; receptors; integrins; cadherins; collagen; actin; microtubules; kinesins; dyneins; cilia; flagella; mitochondria; chloroplasts; lysosomes; vacuoles; vesicles; membranes; nuclei; nucleoli; telomeres; centromeres; histones; enhancers; promoters; introns; microRNAs; riboswitches; aptamers; antibodies; cytokines; chemokines; hormones; neurotransmitters; pheromones; toxins; antibiotics; vaccines; statins; opioids; anaesthetics; neurons; glia; astrocytes; oligodendrocytes; Purkinje cells; hair cells; photoreceptors; macrophages; neutrophils; T cells; B cells; platelets; red cells; hepatocytes; keratinocytes; fibroblasts; myocytes; adipocytes; osteoblasts; stem cells; oocytes; sperm; embryos; placentas; hearts; lungs; livers; kidneys; spleens; retinas; cochleas; skin; bones; teeth; wounds; biofilms; soils; lakes; estuaries; savannas; rainforests; tundra; reefs; hot springs; guts; hospitals; villages; cities; migrations; hibernation; circadian clocks; ageing; regeneration; metamorphosis`,
  papers: 250,
  subfields: [populations, neuro, molecularNetworks, biomolecules, quantitative, genomics],
};
