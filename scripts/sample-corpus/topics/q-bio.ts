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
    phylodynamic inference | joint genealogical and epidemic inference
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
    basal ganglia | striatal and pallidal nuclei
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

export const qBio: TopicText = {
  category: 'q-bio',
  papers: 250,
  subfields: [populations, neuro],
};
