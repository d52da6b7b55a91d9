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
  background: r`
    [An agent that acts for hours|A long-running agent] makes thousands of small decisions, and one of them [is enough to|may] derail the rest.
    [A model can explain its answer eloquently|Eloquent explanations can be given] without having [arrived at it|reached the answer] that way.
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
  quantities: r`plan length; treewidth; number of clauses; solver runtime; coverage; rule confidence; expanded nodes; inconsistency degree; heuristic error; fidelity of the explanation; proof size; mean reciprocal rank`,
  effects: r`incomplete knowledge; concurrent actions; exceptions to rules; symmetric variables; noisy triples; latent confounders; soft constraints; dynamic goals; conflicting sources; unknown preferences; open-world assumptions; cyclic dependencies`,
  tools: r`admissible heuristics; binary decision diagrams; embedding models; tableau calculi; clause learning; macro actions; abstraction refinement; conditional-independence tests; weighted model counting; symmetry breaking; landmark graphs; SAT encodings; integer programming; fuzzy operators; stable semantics`,
  contexts: r`logistics; spacecraft operations; semantic-web services; configuration of products; trustworthy decision support; legal reasoning; supply chains; clinical guidelines; hardware verification; game playing; digital humanities`,
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

export const csAi: TopicText = {
  category: 'cs.AI',
  papers: 240,
  subfields: [agents, symbolic],
};
