/** `network`: connected at once, always in reach. */
const network = `
STA_IF = 0
AP_IF = 1
STAT_IDLE = 0
STAT_CONNECTING = 1
STAT_WRONG_PASSWORD = 202
STAT_NO_AP_FOUND = 201
STAT_CONNECT_FAIL = -1
STAT_GOT_IP = 1010
AUTH_OPEN = 0
AUTH_WEP = 1
AUTH_WPA_PSK = 2
AUTH_WPA2_PSK = 3
AUTH_WPA_WPA2_PSK = 4
MODE_11B = 1
MODE_11G = 2
MODE_11N = 4
PHY_LAN8720 = 1
PHY_LAN8710 = 0


class WLAN:
    IF_STA = 0
    IF_AP = 1
    PM_NONE = 0
    PM_PERFORMANCE = 1
    PM_POWERSAVE = 2
    SEC_OPEN = 0

    def __init__(self, interface=0, *args, **kw):
        self._on = False

    def active(self, on=None):
        if on is None:
            return self._on
        self._on = bool(on)

    def connect(self, *args, **kw):
        self._on = True

    def disconnect(self):
        pass

    def isconnected(self):
        return True

    def status(self, what=None):
        return 1010 if what is None else -61

    def ifconfig(self, config=None):
        if config is None:
            return str(b"192.168.4.20", "ascii"), str(b"255.255.255.0", "ascii"), str(b"192.168.4.1", "ascii"), str(b"192.168.4.1", "ascii")

    def ipconfig(self, what=None, **kw):
        if what:
            return self.ifconfig()[:2]

    def config(self, what=None, **kw):
        if what == "mac":
            return bytes((2, 0, 0, 0x12, 0x34, 0x56))
        if what in ("essid", "ssid", "hostname", "dhcp_hostname"):
            return "board"
        if what:
            return 0

    def scan(self):
        return [(b"network", bytes(6), 6, -61, 3, False)]


class LAN(WLAN):
    pass


class PPP(WLAN):
    pass


WIZNET5K = LAN


def hostname(name=None):
    return "board" if name is None else None


def country(code=None):
    return "XX" if code is None else None


def phy_mode(mode=None):
    return 3 if mode is None else None


def ipconfig(what=None, **kw):
    pass
`;

const bluetooth = `
FLAG_BROADCAST = 1
FLAG_READ = 2
FLAG_WRITE_NO_RESPONSE = 4
FLAG_WRITE = 8
FLAG_NOTIFY = 16
FLAG_INDICATE = 32


class UUID:
    def __init__(self, value):
        self._v = value

    def __bytes__(self):
        return bytes(2)

    def __eq__(self, other):
        return isinstance(other, UUID) and self._v == other._v

    def __hash__(self):
        return hash(self._v)


class BLE:
    def __init__(self):
        self._on = False

    def active(self, on=None):
        if on is not None:
            self._on = bool(on)
        return self._on

    def config(self, what=None, **kw):
        if what == "mac":
            return 0, bytes(6)
        if what:
            return 0

    def irq(self, handler, trigger=0):
        pass

    def gap_advertise(self, interval_us, adv_data=None, *, resp_data=None, connectable=True):
        pass

    def gap_scan(self, duration_ms, interval_us=0, window_us=0, active=False):
        pass

    def gap_connect(self, addr_type, addr=None, scan_duration_ms=2000, min_us=0, max_us=0):
        pass

    def gap_disconnect(self, conn):
        return False

    def gatts_register_services(self, services):
        n = 0
        all = []
        for service in services:
            handles = []
            for one in service[1]:
                n += 1
                handles.append(n)
                n += len(one[2]) if len(one) > 2 else 0
            all.append(tuple(handles))
        return tuple(all)

    def gatts_read(self, handle):
        return bytes(20)

    def gatts_write(self, handle, data, send_update=False):
        return len(data)

    def gatts_notify(self, conn, handle, data=None):
        pass

    gatts_indicate = gatts_notify

    def gatts_set_buffer(self, handle, size, append=False):
        pass

    def gattc_discover_services(self, conn, uuid=None):
        pass

    def gattc_discover_characteristics(self, conn, start, end, uuid=None):
        pass

    gattc_discover_descriptors = gattc_discover_characteristics

    def gattc_read(self, conn, handle):
        pass

    def gattc_write(self, conn, handle, data, mode=0):
        pass

    def gattc_exchange_mtu(self, conn):
        pass
`;

/** By path in the folder of the stand-ins. */
export const wirelessStandIns = {
  "network.py": network,
  "bluetooth.py": bluetooth,
  "ubluetooth.py": "from bluetooth import *\n",
} as const;
