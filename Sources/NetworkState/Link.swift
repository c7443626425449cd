/// A network device: `ip link`. A declaration leaves open whatever is nil.
package struct Link: Entry {
    /// One end's view of a veth pair's other end.
    package struct Peer: Hashable, Sendable {
        package let netns: Netns
        package let name: LinkName

        package init(netns: Netns, name: LinkName) {
            self.netns = netns
            self.name = name
        }
    }

    package enum Kind: Hashable, Sendable {
        case loopback
        case bridge
        /// `peer` is nil where the other end lies in a namespace that was not looked at.
        case veth(peer: Peer?)
        case vxlan(VXLAN)
        /// IPv4 in IPv4 (RFC 2003), to whatever host a route's gateway is.
        case ipip
        /// A program's end of a network layer: `mode tun` of ip-tuntap(8).
        case tun
        /// Any other, by the kernel's word (`IFLA_INFO_KIND`); a physical device has an empty one.
        case other(String)

        /// The word after `type`.
        package var word: String {
            switch self {
            case .loopback: "loopback"
            case .bridge: "bridge"
            case .veth: "veth"
            case .vxlan: "vxlan"
            case .ipip: "ipip"
            case .tun: "tun"
            case .other(let word): word
            }
        }
    }

    /// Whether a link is a bridge's port.
    package enum Membership: Hashable, Sendable {
        case none
        case port(of: LinkName)
    }

    /// How a link makes its IPv6 link-local address: `IN6_ADDR_GEN_MODE_*` in linux/if_link.h.
    package enum AddrGenMode: UInt8, Hashable, Sendable {
        case eui64 = 0
        case none = 1
        case stableSecret = 2
        case random = 3

        package var word: String {
            switch self {
            case .eui64: "eui64"
            case .none: "none"
            case .stableSecret: "stable_secret"
            case .random: "random"
            }
        }
    }

    package var name: LinkName
    package var kind: Kind?
    package var mtu: UInt32?
    package var address: MACAddress?
    package var membership: Membership?
    /// Empty for none.
    package var alias: String?
    package var addrGenMode: AddrGenMode?
    package var isUp: Bool?

    package init(
        name: LinkName,
        kind: Kind? = nil,
        mtu: UInt32? = nil,
        address: MACAddress? = nil,
        membership: Membership? = nil,
        alias: String? = nil,
        addrGenMode: AddrGenMode? = nil,
        isUp: Bool? = nil
    ) {
        self.name = name
        self.kind = kind
        self.mtu = mtu
        self.address = address
        self.membership = membership
        self.alias = alias
        self.addrGenMode = addrGenMode
        self.isUp = isUp
    }

    package var identity: LinkName { name }

    /// The bridge it is a port of.
    package var controller: LinkName? {
        if case .port(let controller) = membership { controller } else { nil }
    }

    /// The link that a tunnel sends over.
    package var parent: LinkName? {
        if case .vxlan(let vxlan) = kind { vxlan.parent } else { nil }
    }

    /// The links that must be there for it to exist: its bridge, and what a tunnel sends over.
    package var lowerLinks: [LinkName] { [controller, parent].compactMap(\.self) }

    /// The other end of a veth pair, where it is known.
    package var peer: Peer? {
        if case .veth(let peer) = kind { peer } else { nil }
    }

    /// Whether this is the end from which a veth pair is made and removed: the one that sorts first, a host's before
    /// its container's. The other end comes and goes with it. Every other link is made by itself.
    package func isMadeByItself(in netns: Netns) -> Bool {
        guard let peer else { return true }
        return (netns, name) < (peer.netns, peer.name)
    }

    /// The devices that some kernels put into every new namespace (`fb_tunnels_only_for_init_net` in
    /// Documentation/admin-guide/sysctl/net.rst).
    private static let fallbackNames: Set<String> = [
        "tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0",
    ]

    /// Whether it comes with a namespace, so that it is everyone's to set up and nobody's to remove.
    package var isMadeByKernel: Bool { kind == .loopback || Self.fallbackNames.contains(name.text) }

    /// The MTU to create it with.
    ///
    /// A bridge follows its ports' MTU until it is given another than it has (`br_change_mtu` in
    /// net/bridge/br_device.c), so it starts one off and gets its own afterwards.
    package var initialMTU: UInt32? {
        kind == .bridge ? mtu.map { $0 ^ 1 } : mtu
    }

    package func isSatisfied(by observed: Link) -> Bool {
        isReachable(from: observed)
            && agrees(mtu, observed.mtu)
            && agrees(address, observed.address)
            && agrees(membership, observed.membership)
            && agrees(alias, observed.alias ?? "")
            && agrees(addrGenMode, observed.addrGenMode)
            && agrees(isUp, observed.isUp)
    }

    /// A link's kind, and where its other end lies, are settled at its creation.
    package func isReachable(from observed: Link) -> Bool {
        agrees(kind, observed.kind)
    }

    private func agrees<Value: Equatable>(_ declared: Value?, _ observed: Value?) -> Bool {
        declared == nil || declared == observed
    }
}
