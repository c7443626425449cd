import CLinux
import Netlink
import NetworkState

/// What a link has below `net/ipv4/conf/LINK`, which the kernel tells with the link and takes with it as well
/// (`inet_fill_link_af` and `inet_set_link_af` in net/ipv4/devinet.c): three in one request cost less than to open one file.
struct LinkSettings: Hashable {
    /// By their numbers, from one on.
    private var values: [Int32] = []

    init() {}

    /// From `IFLA_INET_CONF`.
    init(reading payload: RawSpan) throws(NetlinkError) {
        let size = MemoryLayout<Int32>.size
        for offset in stride(from: 0, to: payload.byteCount / size * size, by: size) {
            values.append(try payload.extracting(droppingFirst: offset).integer())
        }
    }

    /// The value of the setting called `key`, which is one of this link's; nil if it is not told here.
    func value(of key: String) -> String? {
        guard let number = Self.number(of: key), number <= values.count else { return nil }
        return String(values[number - 1])
    }

    /// Those that plans have.
    private static let numbers = [
        "forwarding": IPV4_DEVCONF_FORWARDING, "promote_secondaries": IPV4_DEVCONF_PROMOTE_SECONDARIES,
        "proxy_arp": IPV4_DEVCONF_PROXY_ARP, "rp_filter": IPV4_DEVCONF_RP_FILTER,
    ]

    private static func number(of key: String) -> Int? {
        guard key.hasPrefix(Sysctl.settings(of: "", .v4)), let slash = key.lastIndex(of: "/") else { return nil }
        return numbers[String(key[key.index(after: slash)...])]
    }

    /// `sysctl` as a number and a value, if that is what it is.
    static func numbered(_ sysctl: Sysctl) -> (number: Int, value: Int32)? {
        guard let number = number(of: sysctl.key), let value = Int32(sysctl.value) else { return nil }
        return (number, value)
    }
}

extension LinkCodec {
    /// `sysctl -w net/ipv4/conf/NAME/SETTING=VALUE`, of several at once.
    static func setting(_ settings: [(number: Int, value: Int32)], of name: LinkName) -> Message {
        var request = Message(type: RTM_SETLINK, family: ifinfomsg())
        request.put(IFLA_IFNAME, name.text)
        request.nest(IFLA_AF_SPEC) { families in
            families.nest(Int(AF_INET)) { family in
                family.nest(IFLA_INET_CONF) { values in
                    for (number, value) in settings { values.put(number, value) }
                }
            }
        }
        return request
    }
}
