"""Answers a JSON list of statements on stdin with a JSON list on stdout: {"rows": [...]} or {"error": "..."} for each.

The engine keeps its state in the working directory.
"""

import json
import sys

from databend import SessionContext


def answer(session, statement):
    try:
        batches = session.sql(statement).to_py_arrow()
        return {"rows": [row for batch in batches for row in batch.to_pylist()]}
    # A panic of the engine is a BaseException.
    except BaseException as error:
        return {"error": str(error)}


session = SessionContext()
answers = [answer(session, statement) for statement in json.load(sys.stdin)]
json.dump(answers, sys.stdout, default=str)
