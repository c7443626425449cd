/// A kernel setting of a namespace: `sysctl net/ipv4/ip_forward`.
package struct Sysctl: Entry {
    /// The path below `/proc/sys`: `net/ipv4/conf/veth1/proxy_arp`. Slashes, because link names may hold dots.
    package var key: String
    package var value: String

    package init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }

    /// Whether a host is a router. Writing it writes that of every link and of links to come as well
    /// (`inet_forward_change` in net/ipv4/devinet.c, `addrconf_fixup_forwarding` in net/ipv6/addrconf.c).
    package static func forwarding(_ family: IPAddress.Family) -> String {
        family == .v4 ? forwarding : "net/ipv6/conf/all/forwarding"
    }

    /// The same of one link, or of links to come as `default`.
    package static func forwarding(of link: String, _ family: IPAddress.Family = .v4) -> String {
        "\(settings(of: link, family))/forwarding"
    }

    /// Whether a host is a router of IPv4.
    package static let forwarding = "net/ipv4/ip_forward"

    /// Where one link's settings are.
    package static func settings(of link: String, _ family: IPAddress.Family) -> String {
        "net/\(family == .v4 ? "ipv4" : "ipv6")/conf/\(link)"
    }

    /// The host's forwarding switch, if writing that writes this one too.
    package var sweeper: String? {
        guard key.hasSuffix("/forwarding") else { return nil }
        let family = IPAddress.Family.allCases.first { key.hasPrefix(Self.settings(of: "", $0)) }
        return family.map(Self.forwarding).flatMap { $0 == key ? nil : $0 }
    }

    package var identity: String { key }

    package var attributes: [Attribute] { [Attribute("=", value)] }

    /// The link it belongs to: `net/FAMILY/conf/LINK/…` or `net/FAMILY/neigh/LINK/…`. It comes and goes with that.
    package var device: LinkName? { deviceRange.flatMap { LinkName(key[$0]) } }

    /// Where it has its value from when its link is made: the same setting of `default`.
    package var origin: String? { key(ofLink: "default") }

    /// The same setting of another link; nil if it belongs to none.
    package func key(ofLink name: String) -> String? {
        deviceRange.map { "\(key[..<$0.lowerBound])\(name)\(key[$0.upperBound...])" }
    }

    /// Where the link's name stands. By bytes, for plans ask it of each setting, and of most more than once.
    private var deviceRange: Range<String.Index>? {
        let path = key.utf8
        var slashes = InlineArray<4, String.Index>(repeating: path.startIndex)
        var count = 0
        for index in path.indices where path[index] == UInt8(ascii: "/") {
            if count == 4 { return nil }
            slashes[count] = index
            count += 1
        }
        guard count == 4 else { return nil }
        let table = key[path.index(after: slashes[1])..<slashes[2]]
        let range = path.index(after: slashes[2])..<slashes[3]
        guard table == "conf" || table == "neigh", !range.isEmpty, key[range] != "all", key[range] != "default" else {
            return nil
        }
        return range
    }

    package var jsonMembers: KeyValuePairs<String, JSON?> { ["key": .string(key), "value": .string(value)] }

    package init?(json: JSON) {
        guard let key = json["key"]?.string, let value = json["value"]?.string else { return nil }
        self.init(key, value)
    }
}
