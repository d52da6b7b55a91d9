"""Uses what was trained here without this project, by sentence-transformers (pip install sentence-transformers):

    npx llm-embedding export checkpoints/experiment --to sentence-transformers --out model
    python examples/exported.py model "primordial black holes"
"""

import sys

from sentence_transformers import SentenceTransformer

folder = sys.argv[1] if len(sys.argv) > 1 else "model"
query = sys.argv[2] if len(sys.argv) > 2 else "primordial black holes"
documents = ["Black holes may have formed before the first stars.", "We train a translator on parallel texts."]

model = SentenceTransformer(folder)
[scores] = model.similarity(model.encode_query([query]), model.encode_document(documents)).tolist()
for score, document in sorted(zip(scores, documents), reverse=True):
    print(f"{score:.3f}  {document}")
