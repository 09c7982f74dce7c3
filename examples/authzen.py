"""Asks Remit before a tool runs, and tells it how that ended. No package needed: REMIT_TOKEN=… python3 examples/authzen.py"""
import json, os, sys, urllib.error, urllib.request

GATEWAY = os.environ.get("REMIT_AGENT_URL", "http://127.0.0.1:7410")


def remit(path, body):
    headers = {
        "Authorization": "Bearer " + os.environ["REMIT_TOKEN"],
        "Content-Type": "application/json",
        "Prefer": "wait=60",  # seconds that a human may take to agree
    }
    request = urllib.request.Request(f"{GATEWAY}/access/v1/{path}", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=90) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise PermissionError("no decision, so no: " + error.read().decode()) from None


def guarded(name, type, id, tool):
    """Runs `tool` where Remit permits it; what comes back has its secrets redacted."""
    question = {"subject": {"type": "task", "id": "self"}, "action": {"name": name}, "resource": {"type": type, "id": id}}
    answer = remit("evaluation", question)
    told = answer["context"]["remit"]
    if answer["decision"] is not True:
        raise PermissionError(answer["context"]["reason"] + " " + told.get("approval", {}).get("url", ""))
    try:
        result = tool()
    except Exception as error:
        remit("outcomes", {"decision": told["decision"], "status": "error", "error": str(error)})
        raise
    return remit("outcomes", {"decision": told["decision"], "status": "ok", "result": result})["result"]


if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else "README.md"
    print(guarded("file.read", "File", path, lambda: open(path).read()))
