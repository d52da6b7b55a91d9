"""Uses a server of this project from Python, with nothing to install:

    npx llm-embedding serve checkpoints/experiment
    python examples/client.py http://127.0.0.1:8080 "primordial black holes"
"""

import base64
import json
import os
import struct
import sys
import urllib.parse
import urllib.request

SERVER = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
QUERY = sys.argv[2] if len(sys.argv) > 2 else "primordial black holes"
KEY = os.environ.get("LLM_EMBEDDING_API_KEY")


def ask(path, body=None):
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {KEY}"} if KEY else {})}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(SERVER + path, data, headers), timeout=120) as answer:
        return json.load(answer)


def embed(texts, input_type):
    """A list of floats per text, of length 1."""
    answer = ask("/v1/embeddings", {"input": texts, "input_type": input_type, "encoding_format": "base64"})
    vectors = [base64.b64decode(item["embedding"]) for item in answer["data"]]
    return [struct.unpack(f"<{len(vector) // 4}f", vector) for vector in vectors]


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b))


documents = ["Black holes may have formed before the first stars.", "We train a translator on parallel texts."]
[query] = embed([QUERY], "query")
for document, vector in zip(documents, embed(documents, "document")):
    print(f"{cosine(query, vector):.3f}  {document}")

if ask("/health")["search"] == "ready":
    for paper in ask("/search?" + urllib.parse.urlencode({"q": QUERY, "k": 3}))["found"]:
        print(f"{paper['score']:.3f}  {paper['title']}")
