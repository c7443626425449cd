package import NetworkState

/// A link as a packet comes by it: an object, because walks ask millions of times, and a link has many parts.
package final class ForwardingLink: Sendable {
    package let link: Link
    package let settings: LinkSettings
    let isUp: Bool
    /// In bytes; a new link's where nothing is said (`ether_setup` in net/ethernet/eth.c).
    package let mtu: Int
    /// Whether neighbours are found there by link-layer addresses.
    let hasNeighbours: Bool

    init(_ link: Link, _ settings: LinkSettings) {
        self.link = link
        self.settings = settings
        isUp = link.isUp ?? false
        mtu = Int(link.mtu ?? (link.kind == .loopback ? 65_536 : 1_500))
        hasNeighbours =
            switch link.kind {
            case .loopback, .ipip, .tun: false
            case .bridge, .veth, .vxlan, .other, nil: true
            }
    }

    package var name: LinkName { link.name }
    package var vxlan: Link.VXLAN? { if case .vxlan(let vxlan) = link.kind { vxlan } else { nil } }
}

/// What the settings of a link, together with those for all links, come to (`IN_DEV_*` in include/linux/inetdevice.h).
package struct LinkSettings: Hashable, Sendable {
    /// What comes in by it may go on; IPv4 only. IPv6 asks for the whole namespace.
    package var forwards = false
    /// The larger of the link's own and that of all: 1 for strict, 2 for loose.
    package var reversePathFilter = 0
    package var proxiesARP = false
    package var proxiesPrivateVLAN = false
    package var mediumID = 0
    package var acceptsLocalSources = false
    package var disablesIPv6 = false
    package var ignoresLinkDownRoutes = false
    /// Answers for others are held back for up to so many hundredths of a second (`neigh_parms` in include/net/neighbour.h).
    package var proxyDelay = 80
}

/// The settings of a namespace, read once.
struct SettingsReader {
    /// By links and names.
    private var values: [Substring: [Substring: String]] = [:]
    private var valuesV6: [Substring: [Substring: String]] = [:]
    private var proxyDelays: [Substring: Int] = [:]
    private(set) var forwards: Bool?
    private(set) var forwardsIPv6: Bool?

    init(_ sysctls: Table<Sysctl>) {
        for sysctl in sysctls.unordered {
            guard let (link, name) = sysctl.linkAndName else { continue }
            let isV6 = sysctl.key.utf8.starts(with: "net/ipv6/".utf8)
            if !isV6, name == "proxy_delay" { proxyDelays[link] = Int(sysctl.value) }
            guard sysctl.key.utf8.dropFirst("net/ipv4/".utf8.count).starts(with: "conf/".utf8) else { continue }
            if isV6 {
                valuesV6[link, default: [:]][name] = sysctl.value
            } else {
                values[link, default: [:]][name] = sysctl.value
            }
        }
        forwards = sysctls[Sysctl(Sysctl.forwarding, "").identity].map { $0.value != "0" }
        forwardsIPv6 = sysctls[Sysctl(Sysctl.forwarding(.v6), "").identity].map { $0.value != "0" }
    }

    /// A link that nothing is said of has what new links get.
    private func own(_ name: Substring, of link: LinkName, _ family: IPAddress.Family = .v4) -> Int {
        let values = family == .v4 ? values : valuesV6
        return (values[link.text[...]]?[name] ?? values["default"]?[name]).flatMap { Int($0) } ?? 0
    }

    private func all(_ name: Substring, _ family: IPAddress.Family = .v4) -> Int {
        (family == .v4 ? values : valuesV6)["all"]?[name].flatMap { Int($0) } ?? 0
    }

    func settings(of link: LinkName) -> LinkSettings {
        var settings = LinkSettings()
        let said = values[link.text[...]]?["forwarding"] ?? values["default"]?["forwarding"]
        settings.forwards = said.map { $0 != "0" } ?? forwards ?? false
        settings.reversePathFilter = max(all("rp_filter"), own("rp_filter", of: link))
        settings.proxiesARP = all("proxy_arp") != 0 || own("proxy_arp", of: link) != 0
        settings.proxiesPrivateVLAN = all("proxy_arp_pvlan") != 0 || own("proxy_arp_pvlan", of: link) != 0
        settings.proxyDelay = proxyDelays[link.text[...]] ?? proxyDelays["default"] ?? settings.proxyDelay
        settings.mediumID = own("medium_id", of: link)
        settings.acceptsLocalSources = all("accept_local") != 0 || own("accept_local", of: link) != 0
        settings.disablesIPv6 = all("disable_ipv6", .v6) != 0 || own("disable_ipv6", of: link, .v6) != 0
        settings.ignoresLinkDownRoutes =
            all("ignore_routes_with_linkdown") != 0 || own("ignore_routes_with_linkdown", of: link) != 0
        return settings
    }

    /// The settings that a walk may depend on, as far as they are a link's.
    static func keys(of link: LinkName) -> [String] {
        let names = [
            "forwarding", "rp_filter", "proxy_arp", "proxy_arp_pvlan", "medium_id", "accept_local",
            "ignore_routes_with_linkdown",
        ]
        return names.map { "\(Sysctl.settings(of: link.text, .v4))/\($0)" }
            + ["\(Sysctl.settings(of: link.text, .v6))/disable_ipv6"]
    }
}

extension NamespaceState {
    /// Every setting that the forwarding of packets depends on: what has to be asked of a kernel for a ``ForwardingNode``.
    package static func forwardingSettings(of links: some Sequence<LinkName>) -> [String] {
        let common = [LinkName(known: "all"), LinkName(known: "default")]
        return IPAddress.Family.allCases.map(Sysctl.forwarding) + (common + links).flatMap(SettingsReader.keys)
    }
}
