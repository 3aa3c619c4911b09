# receive.py FOLDER: webhooks, as a member's own system would take them. Prints its port. A good event is a line of
# FOLDER/events, anything else one of FOLDER/wrong. FOLDER/refuse answers 500, FOLDER/slow waits before it answers.
import hashlib, hmac, http.server, json, os, sys, time

folder = sys.argv[1]


def there(name):
    return os.path.exists(os.path.join(folder, name))


def write(name, line):
    with open(os.path.join(folder, name), "a") as f:
        f.write(line + "\n")


# What docs/TRADING.md tells a receiver to do.
def is_true(secret, header, body):
    parts = dict(part.split("=", 1) for part in header.split(","))
    signed = parts["t"].encode() + b"." + body
    mac = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(mac, parts["v1"]) and abs(time.time() - int(parts["t"])) < 300


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        secret = open(os.path.join(folder, "secret" + self.path.replace("/", "."))).read().strip()
        if there("slow"):
            time.sleep(1)
        if there("refuse"):
            return self.answer(500)
        if self.path == "/moved":
            return self.answer(302)
        event = json.loads(body)
        good = is_true(secret, self.headers["Coledger-Signature"], body)
        good = good and self.headers["Coledger-Delivery"] == event["id"]
        good = good and not is_true(secret + "x", self.headers["Coledger-Signature"], body)
        good = good and not is_true(secret, self.headers["Coledger-Signature"], body + b" ")
        write("events" if good else "wrong", "%s %s %s %s" % (
            self.path, event["kind"], event["subject"], event["id"]))
        write("bodies", body.decode())
        self.answer(200)

    def answer(self, status):
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/hook")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
server.serve_forever()
