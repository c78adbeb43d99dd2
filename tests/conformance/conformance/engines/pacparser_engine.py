"""pacparser answers for PAC scripts: one job a line (JSON: script, questions of URL and host), one line of answers each.

Run by the Python that has the pacparser in question; needs nothing else.
"""

import json
import sys

import pacparser


def answers(script: str, questions: list) -> dict:
    """Its answers, or why it does not take the script."""
    try:
        pacparser.init()
        pacparser.parse_pac_string(script)
        return {"answers": [pacparser.find_proxy(url, host) for url, host in questions]}
    except Exception as why:  # noqa: BLE001: its errors have no common type
        return {"error": f"{type(why).__name__}: {why}"}
    finally:
        pacparser.cleanup()


MODERN = "function FindProxyForURL(url, host) { let answer = `DIRECT`; return answer; }"
modern = "answers" in answers(MODERN, [["http://a.example/", "a.example"]])
print(json.dumps({"version": pacparser.version().lstrip("v"), "modern": modern}), flush=True)
for line in sys.stdin:
    job = json.loads(line)
    done = answers(job["script"], job["questions"])
    print(json.dumps(done), flush=True)
