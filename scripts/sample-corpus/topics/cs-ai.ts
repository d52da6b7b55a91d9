/** Artificial intelligence. */
import type { SubfieldText, TopicText } from '../bank.js';

const r = String.raw;

const agents: SubfieldText = {
  style: 'learning',
  crossLists: 'cs.CL cs.LG cs.MA cs.SE',
  phenomena: r`
    multi-step reasoning | chained inference @in
    hallucination | fabrication of unsupported statements @in
    tool use | invocation of external tools @by
    long-horizon planning | planning over many steps @with
    sycophancy | agreement with mistaken users @in
    self-correction | revision of one's own answers @by
    instruction following | compliance with user directives @by`,
  objects: r`
    large language models | pretrained text generators
    language-model agents | autonomous tool-calling assistants
    multi-agent systems | teams of cooperating agents
    retrieval-augmented systems | generators with document retrieval
    vision-language models | models of images and text
    code-generation models | program-writing language models`,
  qualifiers: 'instruction-tuned; open-weight; small; memory-augmented; domain-specific; multilingual',
  methods: r`
    chain-of-thought prompting | step-by-step elicitation
    process reward modelling | step-level verification
    Monte Carlo tree search | lookahead search with rollouts
    debate among agents | adversarial deliberation
    preference optimisation | alignment from pairwise feedback
    structured memory | external episodic stores
    program-aided decoding | delegation of computation to code`,
  settings: r`
    grade-school and olympiad mathematics | mathematical word-problem benchmarks
    interactive web environments | simulated web-shopping and booking sites
    multi-hop question answering | questions that need several documents
    repository-level coding tasks | issues from open-source repositories
    clinical case vignettes | exam-style medical cases
    household simulators | embodied kitchen and home tasks`,
  results: r`
    a gap between fluent and faithful reasoning | explanations that do not reflect the computation
    brittleness under paraphrase | sensitivity to wording
    emergent division of labour | spontaneous role specialisation
    diminishing returns from longer reasoning | saturation with reasoning length
    overconfidence in wrong answers | poorly calibrated certainty`,
  quantities: r`success rate; token cost; factual accuracy; number of reasoning steps; context length; pass rate; agreement with human judges; latency; refusal rate; tool-call error rate; robustness score; share of grounded claims`,
  effects: r`irrelevant context; ambiguous instructions; prompt injection; contradictory evidence; outdated knowledge; error accumulation; position bias; benchmark contamination; noisy tools; partial observability; cultural mismatch; reward hacking`,
  tools: r`self-consistency voting; dense retrieval; constrained decoding; reflection prompts; formal verifiers; knowledge graphs; sandboxed interpreters; beam search; critique models; synthetic trajectories; uncertainty estimates; in-context examples; skill libraries; rubric-based graders; function schemas`,
  contexts: r`scientific discovery; customer support; legal analysis; software engineering; education; clinical decision support; robotic assistance; data analysis; misinformation detection; enterprise workflows; accessibility`,
  examples: r`GPT-4; LLaMA; GSM8K; HumanEval; WebArena; ALFWorld; HotpotQA; SWE-bench; Mistral; Qwen; MATH; TruthfulQA; Gemini; BIG-bench; AgentBench; MedQA`,
  background: r`
    [An agent that acts for hours|A long-running agent] makes thousands of small decisions, and one of them [is enough to|may] derail the rest.
    A model can explain its answer [eloquently|convincingly] without having [arrived at|reached] it that way.
    [Users tend to trust|People trust] text that is fluent, [correct or not|whether or not it is true].`,
  claims: r`
    [most|{percent} of the] failures [originate|begin] in the first {few} steps and are never [repaired|noticed]
    a second agent [helps|is useful] only when it sees evidence that the first did not
    [performance|accuracy] drops by {points} points when a single irrelevant sentence is [added|inserted]
    [smaller|cheaper] models with {T} [match|rival] systems ten times their size
    [verbal confidence|self-reported certainty] is [almost|nearly] unrelated to correctness
    [shorter|terse] reasoning is [as accurate as|no worse than] verbose reasoning at {percent} of the cost`,
  formulas: r`
    the majority vote over $k=16$ samples
    a cost of $\mathcal{O}(n^2)$ in the context length`,
};

const symbolic: SubfieldText = {
  style: 'learning',
  crossLists: 'cs.LO cs.DB cs.LG cs.GT',
  phenomena: r`
    knowledge-graph completion | prediction of missing facts @in
    automated planning | synthesis of action sequences @in
    belief revision | rational change of belief @in
    constraint solving | search for feasible assignments @in
    causal discovery | recovery of causal structure @from
    explanation generation | production of justifications @for
    argument evaluation | acceptability of arguments @in`,
  objects: r`
    description logics | ontology languages
    temporal planning domains | planning problems with durative actions
    Bayesian networks | directed probabilistic graphs
    answer-set programs | nonmonotonic rule programs
    satisfiability solvers | conflict-driven clause-learning solvers
    argumentation frameworks | graphs of attacking arguments
    neuro-symbolic systems | hybrid neural and logical systems`,
  qualifiers: 'probabilistic; hierarchical; inconsistent; incomplete; large-scale; defeasible',
  methods: r`
    heuristic search | best-first state-space search
    knowledge compilation | translation into tractable circuits
    inductive logic programming | rule induction from examples
    local search | stochastic neighbourhood search
    counterfactual reasoning | interventional what-if analysis
    differentiable logic | soft relaxation of rules
    portfolio selection | per-instance algorithm choice`,
  settings: r`
    the planning-competition domains | benchmarks of the international planning contests
    biomedical ontologies | curated medical terminologies
    industrial scheduling instances | job-shop and timetable instances
    Wikidata-derived graphs | encyclopaedic knowledge bases
    random formulas near the threshold | hard random satisfiability instances
    legal-case corpora | collections of annotated judgments`,
  results: r`
    tractable fragments | islands of polynomial complexity
    a complexity dichotomy | a sharp boundary of hardness
    human-readable rules | concise symbolic explanations
    exponentially smaller proofs | shorter refutations
    an impossibility theorem | incompatible rationality postulates`,
  quantities: r`plan length; treewidth; number of clauses; solver runtime; coverage; rule confidence; number of expanded nodes; inconsistency degree; heuristic error; fidelity of the explanation; proof size; mean reciprocal rank`,
  effects: r`incomplete knowledge; concurrent actions; exceptions to rules; symmetric variables; noisy triples; latent confounders; soft constraints; dynamic goals; conflicting sources; unknown preferences; open-world assumptions; cyclic dependencies`,
  tools: r`admissible heuristics; binary decision diagrams; embedding models; tableau calculi; clause learning; macro actions; abstraction refinement; conditional-independence tests; weighted model counting; symmetry breaking; landmark graphs; SAT encodings; integer programming; fuzzy operators; stable semantics`,
  contexts: r`logistics; spacecraft operations; semantic-web services; configuration of products; trustworthy decision support; legal reasoning; supply chains; clinical guidelines; hardware verification; game playing; digital humanities`,
  examples: r`the Blocksworld; SNOMED CT; Sudoku; the Logistics domain; FB15k; the Rover domain; Sokoban; pigeonhole formulas; the Yale shooting problem; WordNet; the Tweety example; the Asia network; clingo; AGM postulates; MiniZinc; OWL 2 EL`,
  background: r`
    [Rules are easy to read|Symbolic rules can be inspected] but hard to learn, [while|whereas] the opposite is true of networks.
    [What an agent should stop believing|Which belief to give up] when [evidence contradicts it|it learns something new] is a question of rationality as much as of computation.
    [The order of two actions|A single deadline] can make the difference between [an easy plan and none at all|a trivial and a hopeless problem].`,
  claims: r`
    the problem is [polynomial|tractable] when the treewidth is bounded and [complete for the second level of the hierarchy|intractable] otherwise
    learned heuristics [expand|visit] {factor} times fewer nodes at the price of [slightly longer|suboptimal] plans
    [symmetries|interchangeable objects] [account for|cause] {percent} of the wasted search
    [no operator|no rule] satisfies all {few} postulates at once
    [users|domain experts] prefer [shorter|contrastive] explanations even when they are less complete
    rules [mined|extracted] from embeddings [contradict|disagree with] the ontology in {percent} of the cases`,
  formulas: r`
    the clause-to-variable ratio $\alpha\approx4.27$
    a bound of $2^{\mathcal{O}(k)}n$`,
};

const vision: SubfieldText = {
  style: 'learning',
  crossLists: 'cs.CV cs.RO cs.HC cs.LG',
  phenomena: r`
    visual grounding | linking of words to image regions @in
    spatial reasoning | reasoning about layout and depth @in
    open-vocabulary recognition | recognition of unseen categories @by
    embodied navigation | language-guided wayfinding @by
    document understanding | reading of forms and tables @by
    video question answering | answering from moving images @with
    compositional generalisation | recombination of known parts @in`,
  objects: r`
    multimodal assistants | image-and-text assistants
    robot foundation models | vision-language-action policies
    scene-graph parsers | extractors of objects and relations
    egocentric agents | agents with first-person cameras
    chart readers | models that read plots
    medical report generators | radiology captioners`,
  qualifiers: 'frozen; lightweight; zero-shot; interactive; bilingual; object-centric',
  methods: r`
    instruction tuning on synthetic dialogues | tuning with generated conversations
    region-level alignment | matching of phrases and boxes
    visual programming | code-mediated perception
    slot attention | iterative object binding
    map-based memory | persistent spatial memory
    token pruning | removal of uninformative patches`,
  settings: r`
    photo-realistic indoor scans | reconstructed apartments
    infographics and scanned invoices | document images
    cooking and repair videos | instructional footage
    synthetic block worlds | rendered toy scenes
    chest radiographs with reports | paired X-rays and findings
    drone imagery | aerial pictures`,
  results: r`
    object hallucination | mention of absent objects
    reliance on language priors | answers without looking
    robust grounding under occlusion | stable localisation of hidden objects
    failure to count | poor numerosity
    transfer between viewpoints | viewpoint invariance`,
  quantities: r`localisation accuracy; answer consistency; number of visual tokens; caption faithfulness; collision rate; image resolution; recall of relations; counting error; path length; frame rate; annotation effort; top-one accuracy`,
  effects: r`occlusion; cluttered scenes; viewpoint changes; misleading captions; low light; motion blur; ambiguous pronouns; dialect variation; small objects; texture bias; compression artefacts; rare attributes; camera shake; unseen layouts; negation`,
  tools: r`contrastive encoders; depth maps; optical character recognition; attention rollouts; segmentation prompts; hard-negative captions; point clouds; keyframe selection; adapters; cycle consistency; template questions; epipolar constraints; topological maps; mask proposals; semantic voxels`,
  contexts: r`assistive technology; household robotics; radiology; search in archives; inspection by drones; augmented reality; education; retail; accessibility for blind users; disaster response`,
  examples: r`COCO; Visual Genome; Habitat; CLEVR; MIMIC-CXR; Ego4D; DocVQA; RefCOCO; ScanNet; CLIP`,
  background: r`
    [A model that describes a picture|A caption] may [mention|name] a dog simply because parks tend to have one.
    [To follow a recipe|To help in a kitchen], an assistant must know what is where and [what has changed|what was just moved].
    [Left and right|Spatial words] are [easy for children|among the first things children learn] and, it turns out, hard for large networks.`,
  claims: r`
    accuracy falls by {points} points when the image is replaced by a [mirror|flipped] copy
    [half|{percent}] of the [questions|answers] can be given without the picture
    dropping {percent} of the patches leaves accuracy unchanged and [doubles|increases] the frame rate
    errors [concentrate|cluster] on [negation|small objects] and on scenes with more than {few} entities
    maps [help|improve navigation] only if they survive for longer than {count} steps
    [synthetic|generated] captions [teach|convey] relations better than [alt text|web captions] do`,
  formulas: r`
    the similarity $s(v,t)=v^\top t/\tau$
    an overlap threshold of $0.5$`,
};

const humanAi: SubfieldText = {
  style: 'learning',
  crossLists: 'cs.HC cs.CY cs.LG cs.CL',
  phenomena: r`
    algorithmic fairness | equitable treatment @in
    overreliance | uncritical acceptance of advice @on
    value alignment | conformity with human values @of
    human-AI collaboration | joint decision making @with
    interpretability | human understanding @of
    jailbreaking | circumvention of safeguards @of
    copyright attribution | tracing of sources @in`,
  objects: r`
    decision-support systems | advisory systems
    conversational assistants | dialogue systems
    automated hiring tools | applicant-screening software
    content-moderation systems | automated moderation
    clinical risk scores | patient-risk predictors
    text-to-image systems | prompt-driven image makers
    tutoring systems | educational assistants`,
  qualifiers: 'opaque; deployed; adaptive; culturally diverse; black-box; personalised',
  methods: r`
    mechanistic interpretability | circuit-level analysis
    red teaming | adversarial probing by experts
    constitutional training | rule-guided self-critique
    counterfactual explanation | minimal-change explanation
    participatory design | design with affected people
    activation steering | intervention on hidden states
    learning to defer | selective hand-over to experts`,
  settings: r`
    controlled studies with physicians | experiments with clinicians
    crowd-sourced preference data | ratings by crowd workers
    audits of public-sector tools | audits of government algorithms
    multilingual safety prompts | harmful requests in many languages
    classroom trials | use by pupils and teachers
    lending and recidivism records | credit and court data`,
  results: r`
    a gap between stated and revealed preferences | inconsistent human feedback
    superposition of features | polysemantic directions
    automation bias | deference to wrong advice
    disparate error rates | unequal mistakes between groups
    transferable attacks | attacks that carry over between models`,
  quantities: r`trust; decision accuracy; demographic-parity gap; attack success; explanation length; inter-rater agreement; deferral rate; harmfulness score; response time; steering strength; cognitive load; share of appropriate reliance; probe accuracy`,
  effects: r`proxy attributes; annotator disagreement; time pressure; feedback loops; strategic users; cultural norms; distributional shift; anchoring; hidden objectives; missing group labels; obfuscated prompts; power imbalances; domain expertise; over-refusal; fatigue`,
  tools: r`sparse autoencoders; saliency maps; preference models; calibrated confidence; concept probes; causal tracing; fairness constraints; think-aloud protocols; watermarking; model cards; counterfactual augmentation; linear probes; escalation rules; Likert surveys; concept bottlenecks`,
  contexts: r`health care; criminal justice; education; recruitment; public administration; journalism; content platforms; AI governance; consumer protection; mental-health support`,
  examples: r`COMPAS; the AI Act; indirect object identification; German credit data; LIME; pulse oximetry; the Stroop task; GPT-2 small; triage nurses; Likert scales`,
  background: r`
    [People lean on advice|Users rely on advice] most when they are least able to judge it.
    [A fair average|Fairness on average] may hide [unfair|unequal] treatment of those at the intersections.
    [What a network has learned|The knowledge of a network] is written in directions that no one [named|labelled].
    [A safeguard|Any filter] that stops the [obvious|direct] request often yields to an indirect one.`,
  claims: r`
    explanations [increase|raise] reliance [equally|alike] for right and wrong advice
    {percent} of the harmful prompts [succeed|get through] after translation into a [low-resource|rare] language
    [removing|ablating] {few} attention heads [abolishes|suppresses] the behaviour, [leaving|without affecting] the rest
    [equalising|balancing] error rates [costs|requires giving up] {points} points of accuracy [at most|in the worst case]
    experts [overrule|correct] the system in {percent} of cases, and are right in [half|two thirds] of them
    steering works in [early|middle] layers and [degrades|harms] fluency in late ones`,
  formulas: r`
    the parity gap $|P(\hat y=1|a)-P(\hat y=1|b)|$
    a dictionary of $2^{15}$ features`,
};

const multiAgent: SubfieldText = {
  style: 'learning',
  crossLists: 'cs.MA cs.GT econ.TH cs.RO',
  phenomena: r`
    emergent communication | self-organised signalling @among
    social dilemmas | conflict of private and common interest @among
    task allocation | assignment of jobs @in
    coalition formation | grouping of agents @among
    negotiation | bargaining over outcomes @between
    collective decision making | aggregation of preferences @in
    opponent modelling | prediction of others' behaviour @by`,
  objects: r`
    autonomous vehicles | self-driving fleets
    robot swarms | collectives of simple robots
    self-interested learners | independent utility maximisers
    voting bodies | electorates and committees
    market participants | buyers and sellers
    distributed planners | decentralised decision makers`,
  qualifiers: 'bounded-rational; heterogeneous; communicating; large; competitive; privately informed',
  methods: r`
    mechanism design | incentive-compatible rules
    counterfactual regret minimisation | iterative equilibrium approximation
    centralised training with decentralised execution | joint critics and local policies
    auction protocols | market-based allocation
    mean-field games | large-population game theory
    epistemic planning | reasoning about knowledge
    distributed constraint optimisation | message-based joint optimisation`,
  settings: r`
    iterated public-goods games | repeated contribution games
    warehouse floor simulations | grids of storage robots
    simulated spectrum auctions | combinatorial auction instances
    intersection traffic without lights | unsignalled crossings
    poker variants | games of hidden information
    participatory-budgeting elections | real city-budget votes`,
  results: r`
    collusive outcomes | tacit collusion
    stable conventions | self-enforcing norms
    a price of anarchy | efficiency loss at equilibrium
    proportional representation | fair group outcomes
    deceptive signalling | misleading messages`,
  quantities: r`social welfare; exploitability; makespan; message length; number of agents; cooperation rate; envy; convergence speed; revenue; regret; communication radius; fairness index; collision count`,
  effects: r`private information; limited communication; adversarial agents; nonstationarity; coalitional deviations; noisy channels; changing membership; reputation; asymmetric power; deadlocks; budget constraints; strategic misreporting; inequality aversion`,
  tools: r`graph-based messages; value decomposition; Shapley values; correlated equilibria; potential functions; opponent embeddings; contract nets; evolutionary tournaments; Gale-Shapley matching; conflict-based search; commitment devices; randomised rounding; belief hierarchies`,
  contexts: r`traffic management; energy markets; disaster relief; online platforms; drone delivery; resource sharing; computational social choice; cybersecurity; supply networks; peacekeeping simulations`,
  examples: r`Hanabi; Diplomacy; the Prisoner's Dilemma; Kilobots; StarCraft; the Borda rule; Vickrey auctions; Overcooked; the ultimatum game; Stackelberg leaders`,
  background: r`
    [Rules that are good for each|What is best for each] may be bad for all.
    [Robots that meet|When robots meet] in a narrow aisle [must|have to] decide who [backs up|yields], [preferably|ideally] without a dispatcher.
    [Agents that learn together|Simultaneous learners] chase a target that moves because the others learn, too.`,
  claims: r`
    cooperation [rises|increases] from {lowpercent} to {highpercent} when agents may [refuse|choose] their partners
    [independent|selfish] learners drift to [collusive|supra-competitive] prices in {percent} of the markets
    {few} symbols [suffice|are enough] for a shared code
    throughput peaks at a density of {percent} and [collapses|falls] beyond
    the rule is [strategy-proof|manipulation-proof] only on [single-peaked|dichotomous] preferences
    no [equilibrium|mechanism] can be [efficient|envy-free] and budget-balanced at once`,
  formulas: r`
    the payoff matrix with $T>R>P>S$
    a complexity of $\mathcal{O}(n^3\log n)$`,
};

const knowledgeScience: SubfieldText = {
  style: 'learning',
  crossLists: 'cs.CL cs.IR cs.DL cs.LG',
  phenomena: r`
    scientific literature mining | extraction of findings @from
    hypothesis generation | proposal of research ideas @by
    citation recommendation | suggestion of references @for
    fact verification | checking of claims @against
    entity resolution | matching of duplicate records @across
    question answering over tables | tabular querying @with
    theorem proving | machine-checked proof search @by`,
  objects: r`
    research assistants | automated scientific assistants
    proof assistants | interactive theorem provers
    enterprise knowledge bases | company document stores
    patient-trial matchers | eligibility matchers
    digital libraries | archives of publications
    semantic search engines | meaning-based retrieval systems`,
  qualifiers: 'domain-adapted; continually updated; citation-aware; ontology-backed; sentence-level; cross-lingual',
  methods: r`
    late-interaction retrieval | token-level matching
    retrieval-augmented generation | generation grounded in documents
    hypergraph reasoning | reasoning over n-ary relations
    weak supervision | labelling by heuristics
    autoformalisation | translation into formal language
    query rewriting | reformulation of questions
    argument mining | extraction of claims and premises`,
  settings: r`
    biomedical abstracts | articles from life-science journals
    competition mathematics in Lean | formal olympiad problems
    patent collections | families of patents
    clinical-trial registries | registered study protocols
    materials-science articles | papers on synthesis recipes
    historical newspapers | digitised old newspapers`,
  results: r`
    unsupported citations | references that do not back the claim
    improved recall at low latency | higher recall without delay
    negative transfer from generic corpora | harm from off-domain training
    novel but infeasible ideas | originality without feasibility
    machine-checked proofs of open lemmas | new formal proofs`,
  quantities: r`retrieval recall; citation precision; proof length; novelty score; annotation agreement; index size; query latency; entailment accuracy; coverage of entities; number of passages; proof success rate; mean rank`,
  effects: r`contradictory studies; terminological variation; long documents; stale knowledge; nested definitions; scanned text; missing metadata; paraphrased claims; numeric reasoning; lexical mismatch; ambiguous abbreviations; retracted sources; sparse supervision`,
  tools: r`dense encoders; BM25 ranking; cross-encoder reranking; entity linkers; tactic predictors; ontology lookups; citation graphs; hard-negative mining; schema matching; chunk overlap; hybrid indexes; temporal filters; table serialisation; premise selection; reciprocal-rank fusion`,
  contexts: r`evidence synthesis; drug repurposing; peer review; mathematics; materials discovery; journalism; patent examination; systematic reviews; research evaluation; legal search`,
  examples: r`PubMed; SciFact; Lean's mathlib; MiniF2F; Semantic Scholar; COVID-19 preprints; SNOMED CT; UniProt; HotpotQA; TREC tracks`,
  background: r`
    [More papers appear each day|The literature grows faster] than anyone can read.
    [A reference|Citing a source] is worth little if the source does not say what it is cited for.
    [A proof|A formal proof] either checks or does not, which makes mathematics an unforgiving [judge|examiner] of reasoning.
    [Searchers and authors|Readers and writers] rarely use the same words for the same thing.`,
  claims: r`
    {percent} of the generated [references|citations] exist but do not support the sentence
    lexical and dense rankings [disagree|differ] on {percent} of the queries and [gain|profit] most from being combined
    [short|sentence-sized] passages [raise|improve] precision at the price of {points} points in recall
    the prover [closes|solves] {count} problems that [earlier|comparable] systems leave open
    experts rate machine-made ideas as [more novel|bolder] but [less feasible|harder to test]
    [half|most] of the errors [come|stem] from {E} rather than from the generator`,
  formulas: r`
    the fusion score $\sum_i1/(k+r_i)$
    the contrastive loss with temperature $\tau=0.05$`,
};

export const csAi: TopicText = {
  category: 'cs.AI',
  related: r`crossword puzzles; escape rooms; board games; card games; chess endgames; Go openings; text adventures; sandbox worlds; household chores; cooking robots; shopping lists; travel itineraries; calendars; meeting notes; spreadsheets; e-mails; tax returns; insurance contracts; court rulings; privacy policies; building codes; traffic rules; flight plans; air-traffic control; satellites; telescopes; Mars rovers; submarines; warehouses; container ports; train timetables; bus routes; power stations; water supply; hospital wards; operating theatres; ambulances; triage; pharmacies; vaccination clinics; nursing homes; dialogue tutors; algebra homework; essay grading; laboratory notebooks; pipetting robots; chemical syntheses; protein design; crystal structures; telescope scheduling; theorem libraries; program repair; unit tests; compilers; database queries; spreadsheet formulas; circuit design; chip verification; smart contracts; network configuration; intrusion alerts; phishing mails; disinformation; news summaries; podcasts; encyclopaedias; maps; museum archives; manuscripts; genealogies; folk tales; poetry; music composition; choreography; film scripts; cartoons; memes; proverbs; metaphors; irony; humour; analogies; riddles; moral dilemmas; norms; conventions; etiquette; negotiation games; auctions; elections; committees; juries; referees; peer review; grant proposals; hiring interviews; performance reviews; customer complaints; call centres; user manuals; furniture assembly; car repair; aircraft maintenance; nuclear plants; mining; agriculture; fisheries; forests; climate treaties; disaster plans; refugee aid; city budgets; zoning; census forms; social benefits; microcredit; stock tips; sports tactics; football coaching; physiotherapy; diets; sleep advice; mental health; companionship; childcare; toys; drones; exoskeletons; prostheses; smart homes; thermostats; voice assistants; sign language; braille; dialects; endangered languages; code-switching; speech acts; plans; goals; beliefs; desires; emotions; curiosity; boredom; surprise; blame; trust; consent; autonomy`,
  papers: 240,
  subfields: [agents, symbolic, vision, humanAi, multiAgent, knowledgeScience],
};
