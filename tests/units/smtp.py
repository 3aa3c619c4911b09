# smtp.py FOLDER: a mail server on port 25 of this machine that takes every mail into a file of FOLDER.
import os, socketserver, sys

folder = sys.argv[1]


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == "DATA":
                self.say("354 go on")
                self.take()
            self.say("221 bye" if word == "QUIT" else "250 ok")
            if word == "QUIT":
                break

    def take(self):
        name = os.path.join(folder, "%d" % len(os.listdir(folder)))
        with open(name, "wb") as mail:
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                mail.write(line)
        os.rename(name, name + ".mail")


socketserver.TCPServer.allow_reuse_address = True
socketserver.TCPServer(("127.0.0.1", 25), Session).serve_forever()
