"""A real browser without a window: Debian's chromium."""
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import threading
import urllib.parse

PROGRAM = os.environ.get("JOBMEDIC_BROWSER") or shutil.which("chromium")

# Looks into the page from outside, so that it is measured as it is, with its own content security policy.
PROBE = """<!doctype html><meta charset="utf-8"><body><iframe src="page.html" style="border:0;height:900px;width:%dpx"></iframe>
<script>
document.querySelector("iframe").onload = (event) => {
  const inside = event.target.contentDocument, root = inside.documentElement;
  const seen = {width: root.clientWidth, needs: root.scrollWidth, text: inside.body.innerText, title: inside.title,
                scripts: inside.scripts.length, ran: String(event.target.contentWindow.ran),
                wide: [...inside.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1)
                  .map((e) => e.tagName + "." + (e.getAttribute("class") || "")).slice(0, 5)};
  document.body.innerHTML = "";
  const answer = document.createElement("pre");
  answer.id = "seen";
  answer.textContent = encodeURIComponent(JSON.stringify(seen));
  document.body.append(answer);
};
</script>"""


class Server:
    """Serves the page and the probe; remembers what was asked for."""
    def __init__(self, page, width):
        files = {"/page.html": page, "/probe.html": (PROBE % width).encode()}
        self.asked = asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                body = files.get(self.path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *arguments):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.http.shutdown()
        self.http.server_close()

    def url(self, name):
        return f"http://127.0.0.1:{self.http.server_port}/{name}"


class Browser:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def run(self, *arguments):
        flags = ["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                 "--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--hide-scrollbars",
                 f"--user-data-dir={self.folder / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")
        return subprocess.run([PROGRAM, *flags, *arguments], capture_output=True, timeout=180, check=True,
                              env={**os.environ, "HOME": str(self.folder)})

    def look(self, page, width):
        """What it shows of the page at that width, with "console" and "asked", the addresses that were asked for."""
        with Server(page.read_bytes(), width) as server:
            done = self.run("--window-size=1400,1000", "--virtual-time-budget=10000", "--dump-dom", server.url("probe.html"))
            found = re.search(r'<pre id="seen">([^<]+)</pre>', done.stdout.decode())
            assert found, done.stderr.decode()[-2000:]
            seen = json.loads(urllib.parse.unquote(found[1]))
            seen["asked"] = [path for path in server.asked if path != "/favicon.ico"]  # that is for the probe
            seen["console"] = [line for line in done.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line
                               and "favicon" not in line]
            return seen

    def print(self, page):
        """The bytes of the PDF."""
        out = self.folder / "page.pdf"
        self.run("--no-pdf-header-footer", f"--print-to-pdf={out}", page.as_uri())
        return out.read_bytes()
