import { nothingMore } from "./nothing-more.ts";

/**
 * `socket`: everything that is sent arrives. Where the application connects, four reads bring bytes, then the other side has
 * closed. Where it serves, three connections come in, each with a request of a browser, and after them `accept` times out, so
 * that a server's loop ends; a bound datagram socket gets three datagrams, a question for a name on port 53. The errors say that
 * they are the stand-in's own. A request is read with the C code of a stream, so that reading it takes what it takes on a board.
 */
const socket = `
import io

AF_INET = 2
AF_INET6 = 10
SOCK_STREAM = 1
SOCK_DGRAM = 2
SOCK_RAW = 3
SOL_SOCKET = 4095
SO_REUSEADDR = 4
SO_BROADCAST = 32
SO_KEEPALIVE = 8
IPPROTO_IP = 0
IPPROTO_TCP = 6
IPPROTO_UDP = 17
IP_ADD_MEMBERSHIP = 1024
TCP_NODELAY = 1

_PEER = ("192.168.4.2", 50000)
_HEAD = b"HTTP/1.0 200 OK\\r\\n\\r\\n"
_REQUEST = b"GET / HTTP/1.1\\r\\nHost: board\\r\\n\\r\\n"
_DATAGRAM = b"status"
# A DNS query, as a phone sends it: 0x1a2b, recursion desired, one question: example.com, A, IN.
_QUERY = b"\\x1a\\x2b\\x01\\0\\0\\x01\\0\\0\\0\\0\\0\\0\\x07example\\x03com\\0\\0\\x01\\0\\x01"


def _timeout():
    raise OSError(110, "${nothingMore}")


class socket(io.IOBase):
    def __init__(self, af=2, type=1, proto=0):
        self._type = type
        self._reads = 4
        self._lines = io.BytesIO(_HEAD)
        self._calls = 3
        self._datagram = None

    def connect(self, address):
        pass

    setblocking = connect
    settimeout = connect

    def bind(self, address):
        if self._type == 2:
            self._datagram = io.BytesIO(_QUERY if address[1] == 53 else _DATAGRAM)

    def setsockopt(self, level, option, value=None):
        pass

    def listen(self, backlog=2):
        pass

    def accept(self):
        if not self._calls:
            _timeout()
        self._calls -= 1
        return _Client(), _PEER

    def _read(self):
        if self._reads:
            self._reads -= 1
            return True
        return False

    def _next(self):
        if not self._calls:
            _timeout()
        self._calls -= 1
        self._datagram.seek(0)
        return self._datagram

    def recv(self, n, flags=0):
        if self._datagram is not None:
            return self._next().read(n)
        return bytes(n) if self._read() else b""

    def recvfrom(self, n, flags=0):
        return self.recv(n), _PEER

    def recv_into(self, buf, n=None, flags=0):
        if self._datagram is not None:
            return self._next().readinto(buf)
        return (len(buf) if n is None else n) if self._read() else 0

    def readinto(self, buf, n=None):
        return (len(buf) if n is None else n) if self._read() else 0

    def read(self, n=-1):
        return bytes(n if n >= 0 else 256) if self._read() else b""

    def readline(self):
        return self._lines.readline()

    def send(self, data, flags=0):
        return len(data)

    def write(self, data, n=None, m=None):
        return len(data)

    def sendall(self, data, flags=0):
        pass

    def sendto(self, data, address):
        return len(data)

    def makefile(self, mode="rb", buffering=0):
        return self

    def fileno(self):
        return 3

    def ioctl(self, request, arg):
        return arg & 5 if request == 3 else 0

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, type, value, traceback):
        pass


# The other side of a connection that came in: it asks once, and then waits for the answer to end.
class _Client(socket):
    def __init__(self):
        super().__init__()
        self._lines = io.BytesIO(_REQUEST)

    def recv(self, n, flags=0):
        return self._lines.read(n)

    def recv_into(self, buf, n=None, flags=0):
        return self._lines.readinto(buf) if n is None else self._lines.readinto(buf, n)

    def readinto(self, buf, n=None):
        return self._lines.readinto(buf) if n is None else self._lines.readinto(buf, n)

    def read(self, n=-1):
        return self._lines.read(n)


def getaddrinfo(host, port, af=0, type=0, proto=0, flags=0):
    return [(2, 1, 0, "", ("192.168.4.2", port))]
`;

const ssl = `
CERT_NONE = 0
CERT_OPTIONAL = 1
CERT_REQUIRED = 2
PROTOCOL_TLS_CLIENT = 0
PROTOCOL_TLS_SERVER = 1
MBEDTLS_VERSION = "stand-in"


class SSLContext:
    def __init__(self, protocol):
        self.verify_mode = 2
        self.check_hostname = True

    def wrap_socket(self, sock, server_side=False, do_handshake_on_connect=True, server_hostname=None, client_id=None):
        return sock

    def load_cert_chain(self, certfile, keyfile=None):
        pass

    def load_verify_locations(self, cafile=None, cadata=None):
        pass

    def get_ciphers(self):
        return []

    def set_ciphers(self, ciphers):
        pass


def wrap_socket(sock, **kw):
    return sock


def create_default_context():
    return SSLContext(0)
`;

const requests = `
class Response:
    def __init__(self):
        self.status_code = 200
        self.reason = b"OK"
        self.headers = {"Content-Type": "application/json"}
        self.encoding = "utf-8"
        self._cached = None

    @property
    def content(self):
        if self._cached is None:
            self._cached = b"".join((b'{"ok":', b" true}"))
        return self._cached

    @property
    def text(self):
        return str(self.content, self.encoding)

    def json(self):
        import json

        return json.loads(self.content)

    def close(self):
        self._cached = None

    def __enter__(self):
        return self

    def __exit__(self, type, value, traceback):
        pass


def request(method, url, data=None, json=None, headers=None, stream=None, auth=None, timeout=None, parse_headers=True):
    if json is not None:
        import json as _json

        data = _json.dumps(json)
    return Response()


def head(url, **kw):
    return request("HEAD", url, **kw)


def get(url, **kw):
    return request("GET", url, **kw)


def post(url, **kw):
    return request("POST", url, **kw)


def put(url, **kw):
    return request("PUT", url, **kw)


def patch(url, **kw):
    return request("PATCH", url, **kw)


def delete(url, **kw):
    return request("DELETE", url, **kw)
`;

const mqtt = `
class MQTTException(Exception):
    pass


class MQTTClient:
    def __init__(self, client_id, server, port=0, user=None, password=None, keepalive=0, ssl=None, ssl_params={}):
        self.client_id = client_id
        self.server = server
        self.port = port
        self.cb = None
        self.sock = None

    def set_callback(self, f):
        self.cb = f

    def set_last_will(self, topic, msg, retain=False, qos=0):
        pass

    def connect(self, clean_session=True, timeout=None):
        return 0

    def disconnect(self):
        pass

    def ping(self):
        pass

    # The packet's head is made anew for each message.
    def publish(self, topic, msg, retain=False, qos=0):
        head = bytearray(b"\\x30\\0\\0\\0")
        len(topic) + len(msg)

    def subscribe(self, topic, qos=0):
        head = bytearray(b"\\x82\\0\\0\\0")

    def wait_msg(self):
        pass

    check_msg = wait_msg
`;

const robustMqtt = `
from umqtt.simple import MQTTException, MQTTClient as _Simple


class MQTTClient(_Simple):
    DELAY = 2
    DEBUG = False

    def reconnect(self):
        return 0
`;

/** By path in the folder of the stand-ins. */
export const socketStandIns = {
  "socket.py": socket,
  "usocket.py": "from socket import *\n",
  "ssl.py": ssl,
  "ussl.py": "from ssl import *\n",
  "tls.py": "from ssl import *\n",
  "requests.py": requests,
  "urequests.py": "from requests import *\n",
  "umqtt/simple.py": mqtt,
  "umqtt/robust.py": robustMqtt,
} as const;
