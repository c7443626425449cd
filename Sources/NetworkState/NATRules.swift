/// What a host does with the addresses of packets that come from its containers, or are for them.
package struct NATRules: Hashable, Sendable {
    /// A bridge behind which nobody outside can look, as Docker's.
    package struct Bridge: Hashable, Sendable {
        package let name: LinkName
        package let subnets: [IPPrefix]
        /// Whether what leaves its subnets by another link takes the host's address.
        package let masquerades: Bool

        package init(name: LinkName, subnets: [IPPrefix], masquerades: Bool) {
            self.name = name
            self.subnets = subnets
            self.masquerades = masquerades
        }
    }

    package struct Publication: Hashable, Sendable {
        package let port: PublishedPort
        package let address: IPAddress

        package init(_ port: PublishedPort, to address: IPAddress) {
            self.port = port
            self.address = address
        }
    }

    /// Who is in one of these takes the host's address towards whoever is in none of them.
    package var pools: [IPPrefix] = []
    package var bridge: Bridge?
    package var published: [Publication] = []

    package init() {}

    /// The table with these rules; nil if there is none.
    package func table(named name: String) -> NATTable? {
        let chains = [
            chain("prerouting", priority: -100, destinationRules),
            chain("output", priority: -100, destinationRules),
            chain("postrouting", priority: 100, hairpinRules + departureRules + egressRules),
        ].compactMap(\.self)
        guard !chains.isEmpty else { return nil }
        return NATTable(name: name, text: "table inet \(name) {\n\(chains.joined(separator: "\n"))}\n")
    }

    /// The lines of a table that are the same in each.
    static let frame = Set(
        [("prerouting", -100), ("output", -100), ("postrouting", 100)].flatMap { name, priority in
            [opening(name), hook(name, priority)]
        })

    private static func opening(_ name: String) -> String { "chain \(name) {" }

    private static func hook(_ name: String, _ priority: Int) -> String {
        "type nat hook \(name) priority \(priority); policy accept;"
    }

    /// A chain is called what its hook is. Nil where it would be empty.
    private func chain(_ name: String, priority: Int, _ rules: [String]) -> String? {
        if rules.isEmpty { return nil }
        let lines = [Self.hook(name, priority)] + rules
        return "\t\(Self.opening(name))\n" + lines.map { "\t\t\($0)\n" }.joined() + "\t}\n"
    }

    /// What is for a published port of the host, whichever of its addresses it was sent to; save loopback's, from
    /// where there is no way out (`ip_route_output_key_hash_rcu` in net/ipv4/route.c lets its source address nowhere).
    private var destinationRules: [String] {
        published.sorted { ($0.address.family.rawValue, $0.port) < ($1.address.family.rawValue, $1.port) }.map {
            let family = $0.address.family
            let loopback = family == .v4 ? "127.0.0.0/8" : "::1"
            let host = family == .v4 ? "\($0.address)" : "[\($0.address)]"
            return "\(family.nftWord) daddr != \(loopback) fib daddr type local \($0.port.transport.rawValue) dport "
                + "\($0.port.hostPort) dnat \(family.nftWord) to \(host):\($0.port.containerPort)"
        }
    }

    /// A container that uses its own host's published port: without the host's address as its source, whoever answers
    /// would answer it directly, from an address that it never wrote to; and itself it would not answer at all.
    private var hairpinRules: [String] {
        let families = Set(published.map(\.address.family))
        return bridgeRules { families.contains($0.family) ? "oifname \"\($1)\" ct status dnat masquerade" : nil }
    }

    private var departureRules: [String] {
        guard let bridge, bridge.masquerades else { return [] }
        return bridgeRules { _, name in "oifname != \"\(name)\" masquerade" }
    }

    private func bridgeRules(_ rule: (IPPrefix, LinkName) -> String?) -> [String] {
        guard let bridge else { return [] }
        return bridge.subnets.map(\.network).sorted().compactMap { subnet in
            rule(subnet, bridge.name).map { "\(subnet.family.nftWord) saddr \(Self.text([subnet])) \($0)" }
        }
    }

    private var egressRules: [String] {
        [IPAddress.Family.v4, .v6].compactMap { family in
            let own = pools.filter { $0.family == family }
            // From a pool of everything, nothing is outside.
            guard !own.isEmpty, !AddressRange.covering(own).contains(where: { $0.prefix?.length == 0 }) else {
                return nil
            }
            let text = Self.text(own)
            return "\(family.nftWord) saddr \(text) \(family.nftWord) daddr != \(text) masquerade"
        }
    }

    /// `10.0.0.0/8`, or of several `{ 10.0.0.0/8, 192.168.0.0/16 }`.
    private static func text(_ prefixes: [IPPrefix]) -> String {
        let ranges = AddressRange.covering(prefixes).map(\.description)
        return ranges.count == 1 ? ranges[0] : "{ \(ranges.joined(separator: ", ")) }"
    }
}

extension IPAddress.Family {
    /// As nftables calls it.
    fileprivate var nftWord: String { self == .v4 ? "ip" : "ip6" }
}
